"""Content many times as large: `python -m tests.benchmarks.large_content FOLDER`.

Copies causes, relief protocols, prevention tips and sources, with their translations,
under numbered ids; what a copy refers to is the original. The rules, flags and
questions stay as many as they are: they are what a person is asked.
"""

import argparse
import re
import shutil
from pathlib import Path

from api.config import CONTENT

TIMES = 100
MULTIPLIED = ("causes", "relief-protocols", "prevention-tips", "sources")
ID = re.compile(r"^(\{?id: )[^,\s]+", re.MULTILINE)


def main() -> None:
    """Write the content into a folder that is not there yet."""
    parser = argparse.ArgumentParser(prog="large_content", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("times", type=int, nargs="?", default=TIMES)
    options = parser.parse_args()
    write(options.folder, options.times)


def write(folder: Path, times: int = TIMES) -> None:
    """The content with `times` as many items, valid, in the new folder `folder`.

    Its release is that of the original content, so the service will call it a draft.
    """
    shutil.copytree(CONTENT, folder)
    translations = (folder / "translations").iterdir()
    for place in (folder, *sorted(translations)):
        for kind in MULTIPLIED:
            for path in sorted((place / kind).glob("*.yaml")):
                _copy(path, times)


def _copy(path: Path, times: int) -> None:
    text = path.read_text(encoding="utf-8")
    for number in range(2, times + 1):
        id = f"{path.stem}-{number:03}"
        copy = ID.sub(rf"\g<1>{id}", text, count=1)  # a translation has no id to change
        path.with_name(f"{id}.yaml").write_text(copy, encoding="utf-8")


if __name__ == "__main__":
    main()
