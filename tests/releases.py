"""A history of releases, made of a copy of the content as editors make it.

The copy starts with releases of its own: BASE, just made, and a year of older ones.
"""

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml
from flask.testing import FlaskClient

from api.app import create_app
from api.config import CONTENT, Config
from api.domain.library import Library
from api.loader import load_library
from api.loader.content_set import digest
from api.loader.kinds import NEXT_RELEASE, schema_for
from api.release import PUBLIC_URL, main, manifest_of
from schemas.translation import fingerprint, text_paths

URL = "https://api.example"
OLD = [f"2020.{month:02}.0" for month in range(1, 13)]
BASE, FIRST, SECOND = "2026.11.9", "2026.11.10", "2026.12.0"
BASE_DAY, FIRST_DAY, SECOND_DAY = "2026-11-20", "2026-11-24", "2026-12-01"
BASE_RULES = "2026.11.3"

LONG_GONE, GONE_LATER = "causes/long-gone", "causes/gone-later"
STANDING = "prevention-tips/magnesium"
"""The first of these was replaced by the next, and that by the last."""
WITHDRAWN = "prevention-tips/calcium-channel-blockers"
REPLACEMENT = "prevention-tips/vitamin-b-complex"
LOST = "relief-protocols/cramp-in-a-seat"
WITHDRAWN_NEXT = "prevention-tips/red-light-blood-oxygen"
FLAG = "risk-flags/cramp-over-10-minutes"
ADDED = "causes/alcohol-at-night"

FIRST_NOTES = {
    "id": "next",
    "summary": "Ten minutes are twelve now.",
    "changes": [
        {
            "id": "longer-cramps",
            "grade": "safety",
            "reason": "A cramp of < 12 minutes & no <more> was called too long.",
            "act_by": FIRST_DAY,
            "items": [{"item": FLAG}, {"item": "risk-rules"}],
        },
        {
            "id": "fewer-tips",
            "grade": "guidance",
            "reason": "Nobody should try these.",
            "items": [{"item": WITHDRAWN, "replaced_by": REPLACEMENT}, {"item": LOST}],
        },
        {"id": "wording", "grade": "editorial", "reason": "Clearer words."},
    ],
}
SECOND_NOTES = {
    "id": "next",
    "summary": "One more is gone.",
    "changes": [
        {
            "id": "less-light",
            "grade": "guidance",
            "reason": "No trial shows that it helps.",
            "items": [{"item": WITHDRAWN_NEXT, "replaced_by": STANDING}],
        },
        {"id": "titles", "grade": "editorial", "reason": "Shorter titles."},
    ],
}


@dataclass(frozen=True)
class State:
    """The content of a folder, and a client of the service over it."""

    folder: Path
    library: Library
    client: FlaskClient

    def bundle(self, language: str, **query: str) -> dict:
        query = {**query, "lang": language}
        answer = self.client.get("/v1/bundle", query_string=query)
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    def record(self, version: str) -> dict:
        """The file of a release."""
        return read(self.folder / f"releases/{version}.yaml")


@dataclass(frozen=True)
class History:
    """`ready` is all that becomes FIRST, with its notes; `draft` is SECOND, edited."""

    base: State
    ready: Path
    first: State
    second: State
    draft: State

    @property
    def released(self) -> dict[str, State]:
        return {BASE: self.base, FIRST: self.first, SECOND: self.second}


def make_history(place: Path) -> History:
    base = shutil.copytree(CONTENT, place / "base")
    _begin(base)
    ready = shutil.copytree(base, place / "ready")
    _edit(ready)
    first = shutil.copytree(ready, place / "first")
    assert main([str(first), "--on", FIRST_DAY]) == 0
    second = shutil.copytree(first, place / "second")
    _edit_again(second)
    assert main([str(second), "--on", SECOND_DAY]) == 0
    draft = shutil.copytree(second, place / "draft")
    rewrite(draft / "causes/alcohol.yaml", "title: Alcohol", "title: Beer and wine")
    return History(
        base=state_of(base),
        ready=ready,
        first=state_of(first),
        second=state_of(second),
        draft=state_of(draft),
    )


def state_of(folder: Path) -> State:
    library = load_library(folder, URL)
    return State(folder, library, create_app(library, Config()).test_client())


def read(path: Path) -> dict:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def write(path: Path, data: Mapping) -> None:
    text = yaml.safe_dump(data, sort_keys=False, allow_unicode=True)
    path.write_text(text, encoding="utf-8")


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {path}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def write_notes(folder: Path, notes: dict) -> None:
    """What the next release is to say, in both languages."""
    _write_both(folder, NEXT_RELEASE, notes)


def retitle(folder: Path, item: str, old: str, new: str) -> None:
    """Change the English title, and say that the translation still fits."""
    rewrite(folder / f"{item}.yaml", f"title: {old}\n", f"title: {new}\n")
    path = russian(folder) / f"{item}.yaml"
    stamp = f"translates: '{_fingerprint(item, read(folder / f'{item}.yaml'))}'"
    text = path.read_text(encoding="utf-8")
    stamped = re.sub("^translates: .*$", stamp, text, count=1, flags=re.MULTILINE)
    path.write_text(stamped, encoding="utf-8")


def withdraw(folder: Path, item: str) -> None:
    for half in (folder, russian(folder)):
        (half / f"{item}.yaml").unlink()


def russian(folder: Path) -> Path:
    return folder / "translations/ru"


def _write_both(folder: Path, name: str, data: dict) -> None:
    write(folder / f"{name}.yaml", data)
    translation = {
        "translates": _fingerprint(name, data),
        "summary": f"По-русски: {data['summary']}",
        "changes": {
            change["id"]: {"reason": f"По-русски: {change['reason']}"}
            for change in data["changes"]
        },
    }
    write(russian(folder) / f"{name}.yaml", translation)


def _fingerprint(name: str, data: dict) -> str:
    return fingerprint(data, text_paths(schema_for(name), data))


def _begin(folder: Path) -> None:
    for releases in (folder / "releases", russian(folder) / "releases"):
        shutil.rmtree(releases)
        releases.mkdir()
    other = {"item": "risk-rules", "change": "changed", "languages": ["en"]}
    gone = {
        OLD[0]: {"item": LONG_GONE, "change": "withdrawn", "replaced_by": GONE_LATER},
        OLD[1]: {"item": GONE_LATER, "change": "withdrawn", "replaced_by": STANDING},
    }
    for version in OLD:
        day = f"{version[:-2].replace('.', '-')}-28"
        _release_by_hand(folder, version, day, gone.get(version, other))
    _release_by_hand(folder, BASE, BASE_DAY, other)
    manifest = manifest_of(load_library(folder, PUBLIC_URL))
    path = folder / f"releases/{BASE}.yaml"
    write(path, {**read(path), "content": digest(folder), "manifest": manifest})


def _release_by_hand(folder: Path, version: str, day: str, item: dict) -> None:
    change = {"id": "change", "grade": "guidance", "reason": "A reason."}
    record = {
        "id": version,
        "released_on": date.fromisoformat(day),
        "ruleset_version": BASE_RULES,
        "content": "0" * 63 + "a",
        "summary": "A summary.",
        "changes": [{**change, "items": [item]}],
        "manifest": {"causes/alcohol": {"en": "a" * 16, "ru": "b" * 16}},
    }
    _write_both(folder, f"releases/{version}", record)


def _edit(folder: Path) -> None:
    """Add, change (the original, a translation, a rule) and withdraw."""
    for half in (folder, russian(folder)):
        shutil.copyfile(half / "causes/alcohol.yaml", half / f"{ADDED}.yaml")
    withdraw(folder, WITHDRAWN)
    withdraw(folder, LOST)
    rewrite(folder / f"{ADDED}.yaml", "id: alcohol\n", "id: alcohol-at-night\n")
    retitle(folder, "causes/alcohol", "Alcohol", "Alcohol, also beer")
    rewrite(russian(folder) / "causes/cold-surroundings.yaml", "title: ", "title: О ")
    rewrite(folder / f"{FLAG}.yaml", "above: 10}", "above: 12}")
    rewrite(folder / "causes/other-medicines.yaml", ", calcium-channel-blockers]", "]")
    write_notes(folder, FIRST_NOTES)


def _edit_again(folder: Path) -> None:
    withdraw(folder, WITHDRAWN_NEXT)
    rewrite(
        folder / "prevention-tips/health-cabin.yaml",
        "    - red-light-blood-oxygen\n",
        "",
    )
    retitle(folder, "causes/alcohol", "Alcohol, also beer", "Alcohol")
    write_notes(folder, SECOND_NOTES)
