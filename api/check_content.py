"""Checks content/ without a server: `python -m api.check_content [folder]`.

Prints every problem and every outdated translation as `path:line: message`. Exits with
1 when there is one; with --allow-outdated, outdated translations are only listed.
"""

import argparse
import sys
from pathlib import Path

from api.config import CONTENT
from api.loader import check_content


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    content = check_content(options.folder)
    for problem in sorted([*content.problems, *content.outdated]):
        print(problem)
    print(
        f"{len(content.names)} files, {len(content.translations)} translations:"
        f" {len(content.problems)} problems, {len(content.outdated)} outdated"
    )
    failed = content.problems or (content.outdated and not options.allow_outdated)
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="check-content", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=CONTENT)
    parser.add_argument("--allow-outdated", action="store_true")
    return parser


if __name__ == "__main__":
    sys.exit(main())
