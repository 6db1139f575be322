"""The rule set: questions, levels, facts, scores and the policies that bind them."""

from collections.abc import Mapping
from dataclasses import dataclass

from api.domain.conditions import Condition

YES_NO = ("yes", "no")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question. `negative` is the harmless answer, used where it does not apply."""

    id: str
    type: str
    text: str
    why: str
    unit: str | None = None
    unit_label: str | None = None
    minimum: int | None = None
    maximum: int | None = None
    choices: tuple[Choice, ...] = ()
    negative: str | int | float = "no"
    ask_if: Condition | None = None
    optional: bool = False

    def accepts(self, answer: object) -> bool:
        """Whether `answer` is one that this question takes, beside unknown."""
        if self.type == "number":
            return self.covers(answer)
        return answer in self.values

    @property
    def values(self) -> tuple[str, ...]:
        """The known answers of a question that does not ask for a number."""
        return tuple(choice.value for choice in self.choices) or YES_NO

    def covers(self, number: object) -> bool:
        """Whether `number` is one, and within the bounds, both included."""
        if not isinstance(number, int | float) or isinstance(number, bool):
            return False
        lowest, highest = self.minimum, self.maximum
        return (
            lowest is not None and highest is not None and lowest <= number <= highest
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionGroup:
    """Questions asked together. Stage 1 has the danger gates, 4 the conditional.

    `who_knows` says who could find out what was answered as unknown.
    """

    id: str
    stage: int
    order: int
    stem: str
    who_knows: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgencyLevel:
    """`rank` is None for `undetermined`, which lies between self_care and the next."""

    id: str
    title: str
    summary: str
    safety_net: str
    rank: int | None = None
    floor_if_unknown: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A code of a vocabulary and its words."""

    id: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A named condition that several rules share."""

    id: str
    text: str
    when: Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreItem:
    id: str
    points: int
    text: str
    when: Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreBand:
    id: str
    text: str
    minimum: int
    maximum: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreClass:
    id: str
    text: str
    when: Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """Sensitivity and specificity in percent, as one source measured them."""

    id: str
    setting: str
    sensitivity_percent: float
    specificity_percent: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """What a pattern means in words; `open` while it is not known."""

    positive: str
    negative: str
    open: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A published clinical score: a sum of `items`, or a pattern with `classes`.

    `not_for` holds for people whom the score was not made for; `unsuited` says so.
    """

    id: str
    title: str
    note: str
    sources: tuple[str, ...]
    cautions: tuple[str, ...]
    items: tuple[ScoreItem, ...] = ()
    bands: tuple[ScoreBand, ...] = ()
    not_for: Condition | None = None
    unsuited: str | None = None
    positive: Condition | None = None
    readings: Readings | None = None
    classes: tuple[ScoreClass, ...] = ()
    grades: tuple[ScoreClass, ...] = ()
    for_clinicians: str | None = None
    accuracy: tuple[Accuracy, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsistencyCheck:
    """Answers that contradict each other: warn, and use `set` in their place."""

    id: str
    when: Condition
    message: str
    set: Mapping[str, str | int | float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcedWithholding:
    """Actions withheld for a reason that a source names; the rest is judgement."""

    id: str
    actions: tuple[str, ...]
    flags: tuple[str, ...]
    why: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfCareActions:
    """The vocabulary of self-care actions, and the rule that withholds them."""

    rule: str
    actions: tuple[Label, ...]
    sourced: tuple[SourcedWithholding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceList:
    question: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoFlagAlone:
    """Answers that by design raise nothing on their own."""

    rule: str
    questions: tuple[str, ...]
    choices: tuple[ChoiceList, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownConflict:
    """Where sources disagree, and what we do."""

    id: str
    topic: str
    detail: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policies:
    """How unknown and absent answers are handled, step by step."""

    answers: tuple[Passage, ...]
    logic: str
    steps: tuple[Passage, ...]
    safety_net_must_say: tuple[str, ...]
    no_flag_alone: NoFlagAlone
    known_conflicts: tuple[KnownConflict, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """Everything an evaluation needs beside the flags, in one language."""

    levels: tuple[UrgencyLevel, ...]
    routes: tuple[Label, ...]
    groups: tuple[QuestionGroup, ...]
    facts: tuple[Fact, ...]
    scores: tuple[Score, ...]
    checks: tuple[ConsistencyCheck, ...]
    self_care: SelfCareActions
    policies: Policies

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions in asking order."""
        return tuple(q for group in self.groups for q in group.questions)
