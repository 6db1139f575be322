"""Makes a key for an app: `python -m api.make_key NAME`.

Prints the key, which is for the app alone, and what to add to NIGHTCRAMP_API_KEYS, from
which nobody can tell the key. Nothing is written anywhere.
"""

import secrets
import sys

from api.config import API_KEY
from api.web.limits import fingerprint


def main(arguments: list[str]) -> int:
    """1, with a word on how to name an app, when `arguments` do not name one."""
    key = secrets.token_urlsafe(32)
    setting = f"{arguments[0] if len(arguments) == 1 else ''}:{fingerprint(key)}"
    if not API_KEY.fullmatch(setting):
        print("Name the app: a-z, 0-9 and hyphens, such as sleep-app.", file=sys.stderr)
        return 1
    print(f"For the app, in X-API-Key: {key}")
    print(f"For NIGHTCRAMP_API_KEYS:   {setting}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
