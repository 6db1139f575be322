"""Breaking changes of the API: `python -m api.compatibility [old new | --release]`.

Holds the committed contract against the last released one, or `new` against `old`.
Prints every break and exits with 1 if there is one and the major version is the same.
With --release, the committed contract becomes the last released one.
"""

import argparse
import sys
from pathlib import Path

from api.compatibility import releases
from api.compatibility.description import Unreadable


def main(arguments: list[str] | None = None) -> int:
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.new is None and options.old is not None:
        parser.error("name both descriptions, or neither")
    try:
        if options.release:
            path = releases.record(releases.DESCRIPTION, releases.RELEASES)
            print(f"clients rely on {path}")
            return 0
        problems = _problems(options.old, options.new)
    except (releases.Refused, Unreadable) as refusal:
        problems = str(refusal).splitlines()
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problems" if problems else "nothing is broken")
    return 1 if problems else 0


def _problems(old: Path | None, new: Path | None) -> list[str]:
    if old and new:
        return releases.breaks(releases.read(old), releases.read(new))
    current = releases.read(releases.DESCRIPTION)
    return releases.objections(current, releases.released(releases.RELEASES))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="compatibility", description=__doc__)
    parser.add_argument("old", type=Path, nargs="?")
    parser.add_argument("new", type=Path, nargs="?")
    parser.add_argument("--release", action="store_true")
    return parser


if __name__ == "__main__":
    sys.exit(main())
