"""What an evaluation comes to, in ids: the words are in the catalogue of a language."""

from dataclasses import dataclass

from api.domain.findings import Reason
from api.domain.items import RiskFlag
from api.domain.scores import ScoreResult
from api.domain.vocabulary import Urgency

UNDETERMINED = "undetermined"

RANKS: dict[str, float] = {
    Urgency.EMERGENCY: 3,
    Urgency.SAME_DAY: 2,
    Urgency.SEE_DOCTOR_SOON: 1,
    UNDETERMINED: 0.5,
    Urgency.SELF_CARE: 0,
}
"""Undetermined lies between self-care and the next level: it reassures nobody."""


@dataclass(frozen=True, slots=True)
class RaisedFlag:
    """`presumed`: raised only because a missing answer was taken as dangerous."""

    flag: RiskFlag
    presumed: bool
    because: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class OpenFlag:
    """A flag that some answer could still raise; `needs` has what to ask for it."""

    flag: RiskFlag
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question, and the highest level that its answer could bring about."""

    question: str
    could_reach: str


@dataclass(frozen=True, slots=True)
class Withheld:
    """An item not to offer, and the flags that withhold it."""

    id: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Offered:
    """Which items may be offered now, and which may not."""

    suitable: tuple[str, ...]
    withheld: tuple[Withheld, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What answers amount to; flags are most urgent first.

    `act_within_hours` is None where nobody need be contacted. `could_reach` is the
    highest level that an open flag could still bring about, never below `level`.
    """

    level: str
    act_within_hours: int | None
    route: str
    could_reach: str
    settled: bool
    flags: tuple[RaisedFlag, ...]
    open_flags: tuple[OpenFlag, ...]
    next_questions: tuple[OpenQuestion, ...]
    unresolved: tuple[OpenQuestion, ...]
    scores: tuple[ScoreResult, ...]
    warnings: tuple[str, ...]
    protocols: Offered
    tips: tuple[str, ...]
