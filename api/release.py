"""Makes a release of the content: `python -m api.release`.

A release records its version, the fingerprint of every item in every language, and
what changed since the last one, in the words of releases/next.yaml. It is refused
when the content check fails, or when a change has nobody's reason.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import yaml

from api.app import create_app
from api.config import CONTENT, Config
from api.domain.library import Library
from api.domain.releases import (
    Grade,
    Happened,
    ItemChange,
    Manifest,
    Release,
    version_key,
)
from api.loader import ContentError, check_content, load_library
from api.loader.content_set import TRANSLATIONS, digest
from api.loader.kinds import NEXT_RELEASE

PUBLIC_URL = "http://nightcramp.invalid"
"""Items are fingerprinted under one address, wherever they will be served."""

FINGERPRINT_DIGITS = 16
"""Of a sha256: enough to tell an item from its own other versions."""

MANIFESTS_KEPT = 12
"""A year of monthly releases; who has been away for longer takes the whole bundle."""


class Refused(Exception):
    """Why there is no release, with every reason."""

    def __init__(self, problems: list[str]):
        self.problems = problems
        super().__init__("\n".join(problems))


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        made = release(options.folder, options.on)
    except (Refused, ContentError) as error:
        print(error, file=sys.stderr)
        print("nothing was released", file=sys.stderr)
        return 1
    print(f"{options.folder}/releases/{made}.yaml")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="release", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=CONTENT)
    parser.add_argument(
        "--on",
        type=date.fromisoformat,
        default=datetime.now(UTC).date(),
        metavar="YYYY-MM-DD",
        help="the day of the release; today when not given",
    )
    return parser


def release(root: Path, on: date) -> str:
    """Record the content under `root` as a release of the day `on`: its version.

    Raises ContentError or Refused; nothing is written then.
    """
    content = check_content(root)
    if content.problems or content.outdated:
        raise ContentError([*content.problems, *content.outdated])
    library = load_library(root, PUBLIC_URL)
    last = library.catalogue(library.original).releases[0]
    version = _next_version(last, on)
    manifest = manifest_of(library)
    changed = dict(_changed(last.manifest or {}, manifest))
    if not changed and not library.release.is_draft:
        raise Refused([f"nothing has changed since {last.version}"])
    if NEXT_RELEASE not in content.originals:
        named = "".join(f"\n  {c.change} {item}" for item, c in changed.items())
        raise Refused([f"write {NEXT_RELEASE}.yaml: why did these change?{named}"])
    notes = content.originals[NEXT_RELEASE].data
    changes = _explained(notes["changes"], changed, manifest, on)
    ruleset_version = last.ruleset_version
    if "risk-rules" in changed:
        ruleset_version = version
        renewed = replace(library.release, ruleset_version=version)
        manifest = manifest_of(replace(library, release=renewed))
    _write(
        root / "releases" / f"{version}.yaml",
        {
            "id": version,
            "released_on": on,
            "ruleset_version": ruleset_version,
            "content": digest(root),
            "summary": notes["summary"],
            "changes": changes,
            "manifest": manifest,
        },
    )
    (root / f"{NEXT_RELEASE}.yaml").unlink()
    for language in content.translations:
        place = root / TRANSLATIONS / language / "releases"
        (place / "next.yaml").rename(place / f"{version}.yaml")
    _forget_old_manifests(root)
    return version


def manifest_of(library: Library) -> Manifest:
    """The fingerprint of every item by item and language, in the order of a bundle."""
    client = create_app(library, Config(public_url=PUBLIC_URL)).test_client()
    manifest: dict[str, dict[str, str]] = {}
    for language in library.languages:
        bundle = client.get("/v1/bundle", query_string={"lang": language}).get_json()
        for entry in bundle["manifest"]:
            item = entry["href"].removeprefix(f"{PUBLIC_URL}/v1/")
            prints = manifest.setdefault(item, {})
            prints[language] = entry["sha256"][:FINGERPRINT_DIGITS]
    return manifest


def _next_version(last: Release, on: date) -> str:
    """YYYY.MM.N, N counting the releases of a month from 0."""
    year, month, number = version_key(last.version)
    if on < last.released_on or (on.year, on.month) < (year, month):
        raise Refused([f"{on} is before the last release, {last.version}"])
    again = number + 1 if (on.year, on.month) == (year, month) else 0
    return f"{on:%Y.%m}.{again}"


def _changed(old: Manifest, new: Manifest) -> Iterator[tuple[str, ItemChange]]:
    """What happened to each item that is not the same in both."""
    for item in [*new, *(item for item in old if item not in new)]:
        before, after = old.get(item, {}), new.get(item, {})
        languages = sorted(
            key for key in {*before, *after} if before.get(key) != after.get(key)
        )
        if languages:
            happened = Happened.CHANGED
            if not before:
                happened = Happened.ADDED
            elif not after:
                happened = Happened.WITHDRAWN
            yield (
                item,
                ItemChange(item=item, change=happened, languages=tuple(languages)),
            )


def _explained(
    notes: list[dict], changed: Mapping[str, ItemChange], manifest: Manifest, on: date
) -> list[dict]:
    """The notes with what happened to each item; Refused unless they fit together."""
    named = [entry for note in notes for entry in note.get("items", ())]
    rest = [item for item in changed if item not in {e["item"] for e in named}]
    problems = [
        *_misnamed(named, changed),
        *_unreplaced(named, manifest),
        *_late(notes, on),
    ]
    unnamed = [note["id"] for note in notes if "items" not in note]
    if len(unnamed) > 1:
        problems.append(f"{', '.join(unnamed)}: only one note can be without items")
    if rest and not unnamed:
        problems += [
            f"{changed[item].change} {item}: no note says why" for item in rest
        ]
    problems += [
        f"withdrawn {item}: must be named in a note"
        for item in rest
        if changed[item].change is Happened.WITHDRAWN
    ]
    if problems:
        raise Refused(problems)
    return [
        {
            **{
                key: note[key]
                for key in ("id", "grade", "reason", "act_by")
                if key in note
            },
            "items": [
                _record(changed[entry["item"]], entry.get("replaced_by"))
                for entry in note.get("items", [{"item": item} for item in rest])
            ],
        }
        for note in notes
    ]


def _misnamed(named: list[dict], changed: Mapping[str, ItemChange]) -> Iterator[str]:
    """What is wrong with the items that the notes name."""
    for item, times in Counter(entry["item"] for entry in named).items():
        if times > 1:
            yield f"{item}: stands in {times} places"
        if item not in changed:
            yield f"{item}: has not changed"
    for entry in named:
        change = changed.get(entry["item"])
        if (
            "replaced_by" in entry
            and change
            and change.change is not Happened.WITHDRAWN
        ):
            yield f"{entry['item']}: is still there, and cannot be replaced"


def _unreplaced(named: list[dict], manifest: Manifest) -> Iterator[str]:
    """Replacements that will not be there: no chain of them can then end nowhere."""
    for entry in named:
        replacement = entry.get("replaced_by")
        if replacement and (replacement not in manifest or "/" not in replacement):
            yield f"{entry['item']}: there is no {replacement!r} to replace it"


def _late(notes: list[dict], on: date) -> Iterator[str]:
    for note in notes:
        if note["grade"] == Grade.SAFETY and date.fromisoformat(note["act_by"]) < on:
            yield f"{note['id']}: act_by {note['act_by']} is before the release"


def _record(change: ItemChange, replaced_by: str | None) -> dict:
    record: dict = {"item": change.item, "change": str(change.change)}
    if change.change is not Happened.WITHDRAWN:
        record["languages"] = list(change.languages)
    if replaced_by is not None:
        record["replaced_by"] = replaced_by
    return record


def _forget_old_manifests(root: Path) -> None:
    """Of old releases only their changes are kept: these make the tombstones."""
    found = sorted(
        (root / "releases").glob("*.yaml"), key=lambda p: version_key(p.stem)
    )
    for path in found[:-MANIFESTS_KEPT]:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        if data.pop("manifest", None):
            _write(path, data)


def _write(path: Path, data: Mapping) -> None:
    """Small mappings stand on one line each, so that a diff shows one item a line."""
    text = yaml.safe_dump(
        data, sort_keys=False, allow_unicode=True, width=100, default_flow_style=None
    )
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
