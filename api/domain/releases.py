"""Releases of the content: what each one changed, and what became of withdrawn items.

An item is named by its address below /v1: `causes/alcohol`. The rule set, questions
included, is one item: `risk-rules`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

Manifest = Mapping[str, Mapping[str, str]]
"""The fingerprint of every item, by item and language, in the order of a bundle."""

DRAFT = "-draft"
"""Ends the version of content that has changed since its release."""


class Grade(StrEnum):
    """How much a change matters to who has shown the old text to people."""

    EDITORIAL = "editorial"
    GUIDANCE = "guidance"
    SAFETY = "safety"


class Happened(StrEnum):
    """What a release did to an item."""

    ADDED = "added"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChange:
    """`languages`: those whose text changed; `replaced_by` only of withdrawn items."""

    item: str
    change: Happened
    languages: tuple[str, ...] = ()
    replaced_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One reason, and all items it changed; of safety, the date to act by."""

    id: str
    grade: Grade
    reason: str
    items: tuple[ItemChange, ...] = ()
    act_by: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """The content at one version (YYYY.MM.N), and the version of its rule set.

    `content` is the digest of the files it was made from. `manifest` is dropped from
    old releases: from then on nobody can be told what has changed since.
    """

    version: str
    released_on: date
    ruleset_version: str
    content: str
    summary: str
    changes: tuple[Change, ...] = ()
    manifest: Manifest | None = None

    @property
    def released_at(self) -> datetime:
        """A time of that day, later for each release of the month: two may share it."""
        *_, number = version_key(self.version)
        return datetime.combine(self.released_on, time(), UTC) + timedelta(
            seconds=number
        )

    @property
    def is_draft(self) -> bool:
        return self.version.endswith(DRAFT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """What stands where an item was; `replaced_by` is an item that is there today."""

    item: str
    withdrawn_in: str
    withdrawn_on: date
    reason: str
    replaced_by: str | None


class NoSuchVersion(LookupError):
    """No release has this version."""

    def __init__(self, version: str):
        self.version = version
        super().__init__(f"no release {version!r}")


class VersionTooOld(LookupError):
    """There was such a release, but what has changed since it is no longer kept."""

    def __init__(self, version: str):
        self.version = version
        super().__init__(f"release {version!r} is too old")


def version_key(version: str) -> tuple[int, ...]:
    """Sorts versions by time: 2026.11.10 comes after 2026.11.9."""
    return tuple(int(part) for part in version.removesuffix(DRAFT).split("."))


def manifest_of(releases: Iterable[Release], version: str) -> Manifest:
    """The manifest of the release with `version`; NoSuchVersion or VersionTooOld."""
    found = next((r for r in releases if r.version == version), None)
    if found is None:
        raise NoSuchVersion(version)
    if found.manifest is None:
        raise VersionTooOld(version)
    return found.manifest


def changed_between(old: Manifest, new: Manifest, language: str) -> frozenset[str]:
    """Items of `new` that are not in `old`, or were others there, in `language`."""
    return frozenset(
        item
        for item, prints in new.items()
        if old.get(item, {}).get(language) != prints.get(language)
    )


def tombstones(releases: Iterable[Release]) -> dict[str, Tombstone]:
    """Every withdrawn item by its name, first withdrawn first.

    A replacement that was withdrawn later is followed to what replaced it.
    """
    withdrawn = {
        entry.item: (release, change, entry.replaced_by)
        for release in sorted(releases, key=lambda r: version_key(r.version))
        for change in release.changes
        for entry in change.items
        if entry.change is Happened.WITHDRAWN
    }

    def standing(item: str | None) -> str | None:
        while item in withdrawn:
            item = withdrawn[item][2]
        return item

    return {
        item: Tombstone(
            item=item,
            withdrawn_in=release.version,
            withdrawn_on=release.released_on,
            reason=change.reason,
            replaced_by=standing(replaced_by),
        )
        for item, (release, change, replaced_by) in withdrawn.items()
    }
