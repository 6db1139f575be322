"""Conformance vectors: answers, and exactly what an evaluator must make of them.

They are derived from the rules, so that a changed rule changes them: every vignette,
every branch of every flag and check, alone and within a whole interview; the bounds of
every number; every question unknown; every presumption; and random partial interviews.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, zip_longest

from api.domain.answers import NOT_KNOWN, Answer, Answers
from api.domain.conditions import (
    AllOf,
    AnyOf,
    AtLeast,
    Comparison,
    Condition,
    FactReference,
    nodes,
)
from api.domain.evaluation import Evaluator
from api.domain.items import RiskFlag
from api.domain.outcome import Evaluation
from api.domain.rules import Question, RuleSet
from api.domain.vignettes import Vignette

RANDOM_INTERVIEWS = 300
SEED = 2026

DENSITIES = (0.1, 0.5, 0.9, 0.97)
"""How much of a random interview has been answered."""


@dataclass(frozen=True, slots=True)
class Vector:
    """`id` says where it comes from, and is stable while the rules are."""

    id: str
    answers: Answers
    evaluation: Evaluation


def vectors(
    evaluator: Evaluator,
    rules: RuleSet,
    flags: Iterable[RiskFlag],
    vignettes: Iterable[Vignette],
) -> list[Vector]:
    """Every vector of this rule set, each set of answers once."""
    found: dict[tuple, Vector] = {}
    cases = _Cases(evaluator, rules, tuple(flags), tuple(vignettes))
    for id, answers in cases:
        key = tuple(sorted(answers.items(), key=lambda pair: pair[0]))
        if key not in found:
            found[key] = Vector(id, answers, evaluator.evaluate(answers))
    return list(found.values())


def sample(found: Iterable[Vector], each: int) -> list[Vector]:
    """`each` vectors of every level, settled and not, spread over all of that kind."""
    kinds: dict[tuple[str, bool], list[Vector]] = {}
    for vector in found:
        result = vector.evaluation
        kinds.setdefault((result.level, result.settled), []).append(vector)
    return [vector for kind in kinds.values() for vector in _spread(kind, each)]


def _spread(kind: list[Vector], count: int) -> Iterator[Vector]:
    count = min(count, len(kind))
    return (kind[number * len(kind) // count] for number in range(count))


class _Cases:
    """Answers worth trying, with an id for each."""

    def __init__(
        self,
        evaluator: Evaluator,
        rules: RuleSet,
        flags: tuple[RiskFlag, ...],
        vignettes: tuple[Vignette, ...],
    ):
        self.questionnaire = evaluator.questionnaire
        self.questions = self.questionnaire.questions
        self.facts = {fact.id: fact.when for fact in rules.facts}
        self.conditions = {
            **{f"flag-{flag.id}": flag.when for flag in flags if flag.when},
            **{f"check-{check.id}": check.when for check in rules.checks},
            **{f"fact-{fact.id}": fact.when for fact in rules.facts},
        }
        self.vignettes = vignettes

    def __iter__(self) -> Iterator[tuple[str, Answers]]:
        yield "nothing-asked", {}
        yield "all-negative", self.questionnaire.filled({})
        yield from self._vignettes()
        yield from self._branches()
        yield from self._bounds()
        yield from self._unknowns()
        yield from self._interviews()

    def _vignettes(self) -> Iterator[tuple[str, Answers]]:
        for vignette in self.vignettes:
            yield f"vignette-{vignette.id}", self.questionnaire.completed(vignette)

    def _branches(self) -> Iterator[tuple[str, Answers]]:
        """Each way a condition can hold, in an interview and with a part unknown.

        The first is also tried alone, with nothing else asked.
        """
        for name, condition in self.conditions.items():
            for number, answers in enumerate(self.witnesses(condition), 1):
                if number == 1:
                    yield f"{name}-alone", answers
                yield f"{name}-{number}", self.questionnaire.filled(answers)
                for id in answers:
                    unknown = {**answers, id: NOT_KNOWN}
                    yield (
                        f"{name}-{number}-unknown-{id}",
                        self.questionnaire.filled(unknown),
                    )

    def _bounds(self) -> Iterator[tuple[str, Answers]]:
        """Both sides of every number that a rule compares with, and the extremes."""
        for question in self.questions.values():
            if question.type == "number":
                for value in sorted(self._numbers(question)):
                    answers = {question.id: value}
                    yield f"bound-{question.id}-{value}-alone", answers
                    filled = self.questionnaire.filled(answers)
                    yield f"bound-{question.id}-{value}", filled

    def _numbers(self, question: Question) -> set[float]:
        lowest, highest = question.minimum or 0, question.maximum or 0
        bounds = {
            node.value
            for condition in self._all_conditions()
            for node in nodes(condition)
            if isinstance(node, Comparison) and node.question == question.id
        }
        near = {bound + step for bound in bounds for step in (-1, -0.5, 0, 0.5, 1)}  # type: ignore[operator]
        return {lowest, highest} | {n for n in near if lowest <= n <= highest}

    def _all_conditions(self) -> Iterator[Condition]:
        asking = (question.ask_if for question in self.questions.values())
        yield from chain(self.conditions.values(), filter(None, asking))

    def _unknowns(self) -> Iterator[tuple[str, Answers]]:
        for id in self.questions:
            yield f"unknown-{id}-alone", {id: NOT_KNOWN}
            yield f"unknown-{id}", self.questionnaire.filled({id: NOT_KNOWN})

    def _interviews(self) -> Iterator[tuple[str, Answers]]:
        source = random.Random(SEED)
        for number in range(1, RANDOM_INTERVIEWS + 1):
            yield f"interview-{number}", self.interview(source)

    def interview(self, source: random.Random) -> Answers:
        """Some answers, most of them harmless, in random order."""
        density, harm = source.choice(DENSITIES), source.choice((0.02, 0.1, 0.4))
        asked = [id for id in self.questions if source.random() < density]
        source.shuffle(asked)
        return {id: self._any_answer(self.questions[id], harm, source) for id in asked}

    def _any_answer(
        self, question: Question, harm: float, source: random.Random
    ) -> Answer:
        if source.random() < 0.04:
            return NOT_KNOWN
        if source.random() > harm:
            return question.negative
        if question.type == "number":
            return source.choice(sorted(self._numbers(question)))
        if question.type == "choice":
            return source.choice(question.choices).value
        return source.choice(("yes", "no"))

    def witnesses(self, condition: Condition) -> Iterator[Answers]:
        """Answers under which `condition` holds, at least one for each branch of it."""
        match condition:
            case Comparison():
                yield from self._holding(condition)
            case AtLeast(count, questions):
                for start in range(len(questions) - count + 1):
                    yield dict.fromkeys(questions[start : start + count], "yes")
            case FactReference(fact):
                yield from self.witnesses(self.facts[fact])
            case AnyOf(parts):
                for part in parts:
                    yield from self.witnesses(part)
            case AllOf(parts):
                yield from self._together([list(self.witnesses(p)) for p in parts])
            case _:
                # What is denied does not hold as long as nothing is answered for it.
                yield {}

    def _together(self, branches: list[list[Answers]]) -> Iterator[Answers]:
        """Each branch of each part at least once, beside a branch of every other."""
        for row in zip_longest(*branches):
            merged: dict[str, Answer] = {}
            for branch, answers in zip(branches, row, strict=True):
                merged |= answers if answers is not None else branch[0]
            yield merged

    def _holding(self, comparison: Comparison) -> Iterator[Answers]:
        question, value = comparison.question, comparison.value
        if isinstance(value, tuple):
            yield from ({question: choice} for choice in value)
        elif comparison.comparison in ("above", "below"):
            step = 1 if comparison.comparison == "above" else -1
            yield {question: value + step}  # type: ignore[operator]
        else:
            yield {question: value}
