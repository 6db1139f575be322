"""The released descriptions, and what stands between the committed one and a release.

The newest release is what clients rely on. A version says what has happened since: the
same contract may keep it, an addition needs a new minor, a break a new major.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from api.compatibility.findings import listed
from api.compatibility.operations import compare
from api.compatibility.wordless import contract_of

FOLDER = Path(__file__).resolve().parents[2] / "openapi"
DESCRIPTION = FOLDER / "v1.json"
RELEASES = FOLDER / "releases"

Version = tuple[int, ...]
BUMP = "raise API_VERSION in api/web/version.py, then `make openapi`"


class Refused(ValueError):
    """Why a description cannot be recorded, one reason a line."""


def read(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def version_of(description: dict) -> Version:
    """Major, minor and patch, as numbers that can be compared."""
    return tuple(map(int, description["info"]["version"].split(".")))


def released(folder: Path) -> dict[Version, dict]:
    """Every released description by version; each file has its version for a name."""
    found = {}
    for path in folder.glob("*.json"):
        description = read(path)
        if path.stem != description["info"]["version"]:
            raise Refused(f"{path}: has the version {description['info']['version']}")
        found[version_of(description)] = description
    return dict(sorted(found.items()))


def objections(current: dict, releases: Mapping[Version, dict]) -> list[str]:
    """Everything that is wrong with `current` as what follows the last release."""
    if not releases:
        return ["openapi/releases/ is empty: record the first with `make release-api`"]
    last = releases[max(releases)]
    return [*_of_version(current, last), *breaks(last, current)]


def _of_version(current: dict, last: dict) -> Iterator[str]:
    ours, theirs = version_of(current), version_of(last)
    name = last["info"]["version"]
    if ours < theirs:
        yield f"the version is lower than {name}, the last released one: {BUMP}"
    elif ours[:2] == theirs[:2] and contract_of(current) != contract_of(last):
        yield f"the contract is not that of {name}; this needs a new minor: {BUMP}"


def breaks(old: dict, new: dict) -> list[str]:
    """The breaks from `old` to `new` in words; a new major may break what it will."""
    if version_of(new)[0] > version_of(old)[0]:
        return []
    return list(listed(compare(old, new)))


def record(source: Path, folder: Path) -> Path:
    """Keep `source` as what is released under its version; Refused if it must not be.

    What is released stays as it is: where only words or examples have changed since,
    there is nothing to record.
    """
    current, releases = read(source), released(folder)
    if releases and (problems := objections(current, releases)):
        raise Refused("\n".join(problems))
    path = folder / f"{current['info']['version']}.json"
    if not path.exists():
        folder.mkdir(exist_ok=True)
        path.write_bytes(source.read_bytes())
    return path
