"""Conditions in the words of one language, for people who check the rules."""

from collections.abc import Iterator
from dataclasses import dataclass

from api.domain.conditions import (
    AllOf,
    AnyOf,
    AtLeast,
    Comparison,
    Condition,
    FactReference,
    Not,
)
from api.domain.library import Catalogue
from api.domain.rules import Question
from api.domain.texts import Message

RELATIONS = {
    "is": "rule-is",
    "in": "rule-is",
    "above": "rule-above",
    "at_least": "rule-number-at-least",
    "below": "rule-below",
    "at_most": "rule-at-most",
}
"""The message for each comparison."""


@dataclass(frozen=True, slots=True)
class Words:
    """A statement, what is taken for granted while it is unknown, and its parts."""

    text: str
    presumption: str | None = None
    parts: tuple["Words", ...] = ()


class Wording:
    """Puts conditions into the words of `catalogue`."""

    def __init__(self, catalogue: Catalogue):
        rules = catalogue.rules
        self._messages = catalogue.messages
        self._questions = {question.id: question for question in rules.questions}
        self._facts = {fact.id: fact for fact in rules.facts}

    def words(self, condition: Condition) -> Words:
        """`condition` in words, with its parts and those of the facts it uses."""
        presumption = None
        if condition.if_unknown is not None:
            presumption = self._say(f"rule-presume-{str(condition.if_unknown).lower()}")
        return Words(self.line(condition), presumption, tuple(self._parts(condition)))

    def line(self, condition: Condition) -> str:
        """What `condition` itself says, without its parts."""
        match condition:
            case Comparison(question, comparison, value):
                return self._comparison(self._questions[question], comparison, value)
            case AtLeast(count, questions):
                return self._say("rule-at-least", count=count, total=len(questions))
            case FactReference(fact):
                return self._facts[fact].text
            case AllOf():
                return self._say("rule-all")
            case AnyOf():
                return self._say("rule-any")
            case Not():
                return self._say("rule-not")

    def _parts(self, condition: Condition) -> Iterator[Words]:
        match condition:
            case AtLeast(_, questions):
                yield from (self.words(Comparison(q, "is", "yes")) for q in questions)
            case FactReference(fact):
                yield self.words(self._facts[fact].when)
            case AllOf(parts) | AnyOf(parts):
                yield from (self.words(part) for part in parts)
            case Not(part):
                yield self.words(part)

    def _comparison(self, question: Question, comparison: str, value: object) -> str:
        values = value if isinstance(value, tuple) else (value,)
        labels = {choice.value: choice.label for choice in question.choices}
        labels |= {answer: self._say(f"answer-{answer}") for answer in ("yes", "no")}
        shown = " / ".join(labels.get(str(v), f"{v}") for v in values)
        if question.type == "number":
            shown = f"{shown} {question.unit_label}"
        return self._say(RELATIONS[comparison], question=question.text, answer=shown)

    def _say(self, id: str, **values: object) -> str:
        return Message(id, **values).within(self._messages)
