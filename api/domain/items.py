"""The items that the service publishes, in one language each."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from api.domain.conditions import Condition
from api.domain.evidence import Claim, Evidence
from api.domain.vocabulary import Urgency


class TranslationStatus(StrEnum):
    """`outdated`: the English text has moved on since this translation was made."""

    ORIGINAL = "original"
    CURRENT = "current"
    OUTDATED = "outdated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """Ids of items worth reading next."""

    causes: tuple[str, ...] = ()
    relief_protocols: tuple[str, ...] = ()
    prevention_tips: tuple[str, ...] = ()
    risk_flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """When the text was checked against its sources. No `clinician`: none signed."""

    reviewed_on: date
    review_due: date
    clinician: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A classification code: the condition it names is a subject, never a diagnosis."""

    system: str
    code: str
    display: str
    role: str
    authority: str
    checked: str
    billable: bool | None = None
    uri: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """The credit to show beside an item; `license` is an SPDX id."""

    license: str
    text: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Withhold:
    """What is hidden while a flag is raised, and what also while it is still open.

    Of a flag these are self-care actions; of a protocol, the flags that withhold it.
    """

    raised: tuple[str, ...]
    raised_or_undetermined: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    status: TranslationStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Absolute addresses."""

    self: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What an item gets when it is published: its language, address and credit."""

    language: str
    translation: Translation
    links: Links
    attribution: Attribution
    claims: tuple[Claim, ...] = ()
    codes: tuple[Code, ...] = ()
    withheld_by: Withhold | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What every published item has. `publication` is set by the library."""

    type: ClassVar[str]
    id: str
    title: str
    summary: str
    keywords: tuple[str, ...] = ()
    populations: tuple[str, ...]
    related: Related
    review: Review
    publication: Publication | None = None

    @property
    def facets(self) -> Mapping[str, frozenset[str]]:
        """The filters this item answers to, and its values for each."""
        return {"population": frozenset(self.populations)}

    @property
    def claim_ids(self) -> tuple[str, ...]:
        raise NotImplementedError

    @property
    def prose(self) -> tuple[str, ...]:
        """What search reads beside title, summary and keywords."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class _EvidencedItem(Item):
    evidence: Evidence
    explanation: tuple[str, ...]
    people_say: str | None = None

    @property
    def facets(self) -> Mapping[str, frozenset[str]]:
        shared = super(_EvidencedItem, self).facets
        return {**shared, "verdict": frozenset({self.evidence.verdict})}

    @property
    def claim_ids(self) -> tuple[str, ...]:
        return self.evidence.claims

    @property
    def prose(self) -> tuple[str, ...]:
        return (self.people_say or "", *self.explanation, self.evidence.why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause(_EvidencedItem):
    """Why cramps happen, or are said to."""

    type: ClassVar[str] = "cause"
    what_to_do: str

    @property
    def prose(self) -> tuple[str, ...]:
        return (*super(Cause, self).prose, self.what_to_do)


@dataclass(frozen=True, slots=True, kw_only=True)
class Illustration:
    """A picture of a movement. `href` and `license` are set by the library.

    `file` is what stands at `href`: shown by itself, it has a colour of its own.
    """

    id: str
    alt: str
    svg: str
    href: str = ""
    license: str = ""

    @property
    def file(self) -> bytes:
        style = (
            "<style>:root{color:#1b2733}@media(prefers-color-scheme:dark)"
            "{:root{color:#e9e4da}}</style>"
        )
        credit = f"<!-- Nightcramp, {self.license} -->"
        start = self.svg.index(">") + 1
        return (self.svg[:start] + credit + style + self.svg[start:]).encode()

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.file).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One timed movement: `repeat` rounds of `seconds`, `rest_seconds` between them.

    `illustration` is set by the library, from its id.
    """

    id: str
    seconds: int
    repeat: int
    rest_seconds: int
    side: str
    actions: tuple[str, ...]
    illustration_id: str
    glance: str
    text: str
    speech: str
    illustration: Illustration | None = None

    @property
    def total_seconds(self) -> int:
        return self.repeat * self.seconds + (self.repeat - 1) * self.rest_seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliefProtocol(_EvidencedItem):
    """What to do now, as a timeline that an app can run."""

    type: ClassVar[str] = "relief-protocol"
    when: str
    sites: tuple[str, ...]
    positions: tuple[str, ...]
    steps: tuple[Step, ...]
    stop_if: tuple[str, ...]
    stop_when: tuple[str, ...]
    do_not_if: tuple[str, ...]
    cautions: tuple[str, ...] = ()
    what_to_expect: str

    @property
    def total_seconds(self) -> int:
        return sum(step.total_seconds for step in self.steps)

    @property
    def actions(self) -> tuple[str, ...]:
        named = (action for step in self.steps for action in step.actions)
        return tuple(dict.fromkeys(named))

    @property
    def facets(self) -> Mapping[str, frozenset[str]]:
        return {
            **super(ReliefProtocol, self).facets,
            "when": frozenset({self.when}),
            "site": frozenset(self.sites),
            "position": frozenset(self.positions),
            "action": frozenset(self.actions),
        }

    @property
    def prose(self) -> tuple[str, ...]:
        return (
            *super(ReliefProtocol, self).prose,
            *(step.text for step in self.steps),
            *self.cautions,
            self.what_to_expect,
        )


class Recommendation(StrEnum):
    """What to do with a prevention tip."""

    RECOMMENDED = "recommended"
    MAY_HELP = "may-help"
    ASK_FIRST = "ask-first"
    NO_BENEFIT_SHOWN = "no-benefit-shown"
    AVOID = "avoid"
    COMMERCIAL_CLAIM = "commercial-claim"


@dataclass(frozen=True, slots=True, kw_only=True)
class PreventionTip(_EvidencedItem):
    """What helps, may help, does not help, or is only sold.

    `offer_if` holds for the people whom an evaluation offers it to; None: everyone.
    """

    type: ClassVar[str] = "prevention-tip"
    recommendation: Recommendation
    actions: tuple[str, ...]
    offer_if: Condition | None = None
    how_to: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()

    @property
    def facets(self) -> Mapping[str, frozenset[str]]:
        return {
            **super(PreventionTip, self).facets,
            "recommendation": frozenset({self.recommendation}),
            "action": frozenset(self.actions),
        }

    @property
    def prose(self) -> tuple[str, ...]:
        return (*super(PreventionTip, self).prose, *self.how_to, *self.cautions)


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskFlag(Item):
    """A warning sign: `when` raises it, unless it is `computed` by the evaluation."""

    type: ClassVar[str] = "risk-flag"
    urgency: Urgency
    route: str
    action: str
    rationale: str
    basis: str
    claims: tuple[str, ...]
    sources: tuple[str, ...]
    withhold: Withhold
    when: Condition | None = None
    computed: bool = False
    act_within_hours: int | None = None
    needs_sign_off: str | None = None
    note: str | None = None

    @property
    def facets(self) -> Mapping[str, frozenset[str]]:
        return {
            **super(RiskFlag, self).facets,
            "urgency": frozenset({self.urgency}),
        }

    @property
    def claim_ids(self) -> tuple[str, ...]:
        return self.claims

    @property
    def prose(self) -> tuple[str, ...]:
        return (self.action, self.rationale)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A publication behind a claim; `finding` is our paraphrase, never a quotation."""

    type: ClassVar[str] = "source"
    id: str
    title: str
    publication_name: str
    kind: str
    url: str
    finding: str
    checked: str
    authors: str | None = None
    year: int | None = None
    pmid: str | None = None
    doi: str | None = None
    publication: Publication | None = None

    @property
    def facets(self) -> Mapping[str, frozenset[str]]:
        return {"kind": frozenset({self.kind})}

    @property
    def summary(self) -> str:
        return self.finding

    @property
    def keywords(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.authors, self.pmid, self.doi)))

    @property
    def claim_ids(self) -> tuple[str, ...]:
        return ()

    @property
    def prose(self) -> tuple[str, ...]:
        return (self.publication_name,)


KINDS: Mapping[str, type[Item | Source]] = {
    "causes": Cause,
    "relief-protocols": ReliefProtocol,
    "prevention-tips": PreventionTip,
    "risk-flags": RiskFlag,
    "sources": Source,
}
"""What is published item by item, by the part of the address that names the list."""
