"""Answers to the questionnaire: what may be sent, and what it amounts to.

An answer is "yes", "no", a choice or a number, or "unknown". An absent key means not
asked. A question whose `ask_if` does not hold counts as its negative value, unless it
was answered all the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from api.domain.rules import Question
from api.domain.texts import Message
from api.domain.truth import Truth

Answer = str | int | float
Answers = Mapping[str, Answer]

NOT_KNOWN = "unknown"
"""The answer of someone who was asked and does not know; never a no."""


@dataclass(slots=True)
class State:
    """Answers as conditions read them.

    `values` has what is known, `yes` the questions among it that are answered yes,
    `open` the questions that are absent or answered unknown. `facts` remembers what
    facts came to; `presuming` is off where `if_unknown` is to be disregarded.
    """

    values: dict[str, Answer]
    yes: set[str]
    open: set[str]
    presuming: bool = True
    facts: dict[str, Truth] = field(default_factory=dict)

    def without_presumptions(self) -> "State":
        return State(self.values, self.yes, self.open, presuming=False)


def state_of(answers: Answers, questions: Iterable[str]) -> State:
    """The state of `answers`; every other one of `questions` is open."""
    values = {id: value for id, value in answers.items() if value != NOT_KNOWN}
    yes = {id for id, value in values.items() if value == "yes"}
    return State(values, yes, set(questions) - values.keys())


@dataclass(frozen=True, slots=True)
class AnswerProblem:
    """What is wrong with the answer to `question`; None: with all of them."""

    question: str | None
    message: Message


class InvalidAnswers(ValueError):
    """Answers that cannot be evaluated; `problems` has all that is wrong with them."""

    def __init__(self, problems: list[AnswerProblem]):
        self.problems = problems
        super().__init__(f"{len(problems)} invalid answers")


def check_answers(
    answers: Mapping[str, object], questions: Mapping[str, Question]
) -> None:
    """Raise InvalidAnswers with every problem when there is one."""
    if len(answers) > len(questions):
        message = Message("too-many-keys", count=len(answers), maximum=len(questions))
        raise InvalidAnswers([AnswerProblem(None, message)])
    if problems := problems_with(answers, questions):
        raise InvalidAnswers(problems)


def problems_with(
    answers: Mapping[str, object], questions: Mapping[str, Question]
) -> list[AnswerProblem]:
    """Everything that is wrong with `answers`, in their order; [] when nothing is."""
    found = []
    for id, answer in answers.items():
        question = questions.get(id)
        message = (
            _problem(question, answer) if question else Message("unknown-question")
        )
        if message is not None:
            found.append(AnswerProblem(id, message))
    return found


def _problem(question: Question, answer: object) -> Message | None:
    if answer == NOT_KNOWN or question.accepts(answer):
        return None
    if question.type == "number":
        return Message(
            "not-a-number-in-range",
            minimum=question.minimum,
            maximum=question.maximum,
            unknown=NOT_KNOWN,
        )
    choices = ", ".join([*question.values, NOT_KNOWN])
    return Message("not-an-answer", choices=choices)
