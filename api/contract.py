"""Writes the contract: `python -m api.contract [file]`, openapi/v1.json by default."""

import sys
from pathlib import Path

from api.app import create_app
from api.config import Config
from api.web.openapi import describe, serialize

DESCRIPTION_FILE = Path(__file__).resolve().parent.parent / "openapi" / "v1.json"


def contract() -> str:
    """The description with default settings, as it is committed."""
    return serialize(describe(create_app(config=Config())))


def main() -> None:
    """Write the description to the file that is named, or to the committed one."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else DESCRIPTION_FILE
    target.write_text(contract(), encoding="utf-8")
    print(f"wrote {target}")


if __name__ == "__main__":
    main()
