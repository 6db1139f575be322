"""Everything the service knows, in memory: by language, by kind, by id."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Protocol, TypeVar

from api.domain.evidence import Claim
from api.domain.items import (
    Cause,
    Code,
    Illustration,
    Item,
    PreventionTip,
    Publication,
    ReliefProtocol,
    RiskFlag,
    Source,
)
from api.domain.releases import Release, Tombstone
from api.domain.rules import RuleSet
from api.domain.texts import Messages, Service, Term, Vocabulary
from api.domain.vignettes import Vignette

Published = Item | Source
PublishedT = TypeVar("PublishedT", bound=Published)


class UnknownId(LookupError):
    """No item of this kind has this id."""

    def __init__(self, kind: str, id: str):
        self.kind, self.id = kind, id
        super().__init__(f"no {kind} {id!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The whole content in one language. Mappings keep the order of the ids.

    `publication` is that of the rule set, its questions and its flags together;
    `releases` are newest first, `tombstones` by the address of the item below /v1.
    """

    language: str
    publication: Publication
    causes: Mapping[str, Cause]
    relief_protocols: Mapping[str, ReliefProtocol]
    prevention_tips: Mapping[str, PreventionTip]
    risk_flags: Mapping[str, RiskFlag]
    sources: Mapping[str, Source]
    illustrations: Mapping[str, Illustration]
    claims: Mapping[str, Claim]
    vignettes: Mapping[str, Vignette]
    rules: RuleSet
    service: Service
    vocabularies: tuple[Vocabulary, ...]
    messages: Messages
    topic_codes: tuple[Code, ...]
    releases: tuple[Release, ...]
    tombstones: Mapping[str, Tombstone]

    def of_kind(self, kind: str) -> Mapping:
        """The items of a kind by id; `kind` is one of `KINDS`."""
        return getattr(self, kind.replace("-", "_"))

    def terms(self, vocabulary: str) -> dict[str, Term]:
        """The words for the codes of a vocabulary, by code."""
        found = next(v for v in self.vocabularies if v.id == vocabulary)
        return {term.id: term for term in found.terms}

    @property
    def items(self) -> Iterator[Published]:
        """Every published item, sources last."""
        return chain(
            self.causes.values(),
            self.relief_protocols.values(),
            self.prevention_tips.values(),
            self.risk_flags.values(),
            self.sources.values(),
        )


class SearchIndex(Protocol):
    """Full-text search over a library."""

    def find(self, language: str, phrase: str, type: str | None) -> list[Published]:
        """Items that match `phrase` in `language`, best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """All catalogues; the first language is the original. `public_url` has no slash.

    `release` is that of the content at hand: a draft when it has changed since.
    """

    catalogues: Mapping[str, Catalogue]
    release: Release
    public_url: str

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self.catalogues)

    @property
    def original(self) -> str:
        return self.languages[0]

    def catalogue(self, language: str) -> Catalogue:
        """The content in `language`, which must be one of `languages`."""
        return self.catalogues[language]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Part of a selection; `number` and `pages` count from 1."""

    items: tuple[Published, ...]
    total: int
    number: int
    pages: int


def find(items: Mapping[str, PublishedT], kind: str, id: str) -> PublishedT:
    """The item with this id; UnknownId when there is none."""
    try:
        return items[id]
    except KeyError:
        raise UnknownId(kind, id) from None


def select(items: Iterable[PublishedT], wanted: Mapping[str, str]) -> list[PublishedT]:
    """The items that have every wanted value among their facets."""
    return [
        item
        for item in items
        if all(value in item.facets[facet] for facet, value in wanted.items())
    ]


def page_of(items: list, number: int, size: int) -> Page:
    """Page `number` of `items`, `size` a page; empty past the end."""
    start = (number - 1) * size
    return Page(
        items=tuple(items[start : start + size]),
        total=len(items),
        number=number,
        pages=pages_of(len(items), size),
    )


def pages_of(total: int, size: int) -> int:
    """How many pages `total` items make; an empty list has one."""
    return max(1, -(-total // size))
