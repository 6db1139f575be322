"""Worked cases: a person, the answers, and what the rules must make of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from api.domain.answers import Answer
from api.domain.vocabulary import Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """`flags` are exactly those raised; no `could_reach`: it is the level itself."""

    level: Urgency
    flags: tuple[str, ...]
    settled: bool
    could_reach: Urgency | None = None
    wells_points: tuple[int, int] | None = None
    unresolved: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Vignette:
    """`rest` says what the questions without an answer are: negative, or not asked."""

    id: str
    narrative: str
    why: str
    basis: str
    sources: tuple[str, ...]
    answers: Mapping[str, Answer]
    rest: str
    expected: Expectation
    assumptions: tuple[str, ...] = ()
