"""How well a statement is supported, and by what."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What the evidence says of a statement, strongest support first."""

    SUPPORTED = "supported"
    MIXED = "mixed"
    CONTESTED = "contested"
    UNSUPPORTED = "unsupported"
    COMMERCIAL_CLAIM = "commercial-claim"


class Certainty(StrEnum):
    """How sure we are of the verdict, surest first."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"
    VERY_LOW = "very-low"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The verdict on an item; `claims` are the ids it rests on, the lead first."""

    verdict: Verdict
    certainty: Certainty
    why: str
    claims: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One statement that people or papers make, and what the evidence says of it."""

    id: str
    text: str
    origin: str
    verdict: Verdict
    certainty: Certainty
    why: str
    populations: tuple[str, ...]
    sources: tuple[str, ...]


def is_stronger(evidence: Evidence, claim: Claim) -> bool:
    """Whether `evidence` says more than `claim`, in verdict or in certainty, allows."""
    verdicts, certainties = list(Verdict), list(Certainty)
    return verdicts.index(evidence.verdict) < verdicts.index(
        claim.verdict
    ) or certainties.index(evidence.certainty) < certainties.index(claim.certainty)
