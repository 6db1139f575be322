"""The rule language: conditions over a person's answers, as small frozen objects.

Forms, as in the content and in the published rule set:
`{question, is|in|above|at_least|below|at_most}`, `{at_least: N, of: [...]}`,
`{fact}`, `{all: [...]}`, `{any: [...]}`, `{not: ...}`; each may carry `if_unknown`,
which replaces an unknown result of that node only.
"""

from collections.abc import Iterator
from dataclasses import dataclass

Scalar = str | int | float

COMPARISONS = ("is", "in", "above", "at_least", "below", "at_most")
"""How an answer may be compared. `above` and `below` are strict, the others include
their bound."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One answer held against one value (a tuple of values for `in`)."""

    question: str
    comparison: str
    value: Scalar | tuple[str, ...]
    if_unknown: bool | None = None


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least `count` of these yes/no questions are answered yes."""

    count: int
    questions: tuple[str, ...]
    if_unknown: bool | None = None


@dataclass(frozen=True, slots=True)
class FactReference:
    """A named condition of the rule set."""

    fact: str
    if_unknown: bool | None = None


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple["Condition", ...]
    if_unknown: bool | None = None


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple["Condition", ...]
    if_unknown: bool | None = None


@dataclass(frozen=True, slots=True)
class Not:
    part: "Condition"
    if_unknown: bool | None = None


Condition = Comparison | AtLeast | FactReference | AllOf | AnyOf | Not


def nodes(condition: Condition) -> Iterator[Condition]:
    """`condition` and every condition inside it; facts are not followed."""
    yield condition
    if isinstance(condition, AllOf | AnyOf):
        for part in condition.parts:
            yield from nodes(part)
    elif isinstance(condition, Not):
        yield from nodes(condition.part)


def questions_in(condition: Condition) -> Iterator[str]:
    """The questions that `condition` itself reads; those of its facts are not."""
    for node in nodes(condition):
        if isinstance(node, Comparison):
            yield node.question
        elif isinstance(node, AtLeast):
            yield from node.questions


def facts_in(condition: Condition) -> Iterator[str]:
    """The facts that `condition` itself uses."""
    return (node.fact for node in nodes(condition) if isinstance(node, FactReference))
