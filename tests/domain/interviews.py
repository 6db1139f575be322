"""Random interviews over the real questionnaire, for Hypothesis."""

from collections.abc import Iterable, Iterator

from hypothesis import strategies as st

from api.domain.answers import NOT_KNOWN, Answer, Answers
from api.domain.conditions import Comparison, Condition, nodes
from api.domain.evaluation import Evaluator
from api.domain.items import RiskFlag
from api.domain.outcome import Evaluation
from api.domain.rules import Question, RuleSet


class Interviews:
    """Partial interviews, and completions of them."""

    def __init__(self, evaluator: Evaluator, rules: RuleSet, flags: Iterable[RiskFlag]):
        self.evaluator = evaluator
        self.questionnaire = evaluator.questionnaire
        self.questions = self.questionnaire.questions
        self._checks = {check.id: check for check in rules.checks}
        conditions = [
            *(flag.when for flag in flags if flag.when),
            *(fact.when for fact in rules.facts),
            *(check.when for check in rules.checks),
            *(q.ask_if for q in self.questions.values() if q.ask_if),
        ]
        self.candidates = {
            id: list(_candidates(question, conditions))
            for id, question in self.questions.items()
        }

    def telling(self) -> st.SearchStrategy[dict[str, Answer]]:
        """A few answers of any kind: harmful, unknown, or at and near the bounds."""
        pairs = [
            (id, answer)
            for id, answers in self.candidates.items()
            for answer in (*answers, NOT_KNOWN)
        ]
        return st.lists(st.sampled_from(pairs), max_size=16).map(dict)

    def harmless(self) -> st.SearchStrategy[dict[str, Answer]]:
        """Nothing, everything, any half, or the beginning of an interview."""
        ids, everything = list(self.questions), (1 << len(self.questions)) - 1
        masks = st.one_of(
            st.just(0),
            st.just(everything),
            st.integers(0, everything),
            st.integers(0, len(ids)).map(lambda count: (1 << count) - 1),
        )
        return masks.map(
            lambda mask: {
                id: self.questions[id].negative
                for place, id in enumerate(ids)
                if mask >> place & 1
            }
        )

    def partial(self) -> st.SearchStrategy[Answers]:
        """Any part of an interview, as it is gone by: see `agreed`."""
        return st.builds(
            lambda harmless, telling: self.agreed(harmless | telling),
            self.harmless(),
            self.telling(),
        )

    def agreed(self, answers: Answers) -> Answers:
        """`answers`, with what a failed consistency check replaces replaced.

        An answer that contradicts another counts as unknown (or as its `set` says): the
        person was heard, but the answer is not gone by, so it may still come out either
        way. Only what is gone by is compared with a completion.
        """
        for id in self.evaluator.evaluate(answers).warnings:
            replaced = self._checks[id].set or {}
            answers = {**answers, **{k: replaced[k] for k in replaced if k in answers}}
        return answers

    def completed(self, partial: Answers, telling: Answers) -> Answers:
        """`partial` until nothing that applies is absent, preferring `telling`.

        Unknown answers to what applies may get known. What does not apply stays as it
        is: nobody finds out the difference between calves that are not swollen.
        """
        answers = dict(partial)
        while added := self._to_add(answers, telling):
            answers |= added
        return answers

    def _to_add(self, answers: Answers, telling: Answers) -> Answers:
        """For every question that can be answered now; {} at the end."""
        state = self.questionnaire.state(answers)
        negatives = {id: q.negative for id, q in self.questions.items()}
        return {
            id: telling.get(id, answers.get(id, negatives[id]))
            for id in self.questions
            if self.questionnaire.applies(id, answers, state)
            and (id not in answers or _gets_known(id, answers, telling))
        }

    def raising(self, flag: str, partial: Answers) -> Answers | None:
        """A completion of `partial` that raises `flag`, or None when there is none.

        Tries every answer that a rule can tell apart, the first question that the flag
        lacks first, and gives up where it can no longer be raised.
        """
        found = self.evaluator.evaluate(partial)
        lacking = _lacking(flag, found)
        if lacking is None:
            return None
        if not lacking:
            return self.completed(partial, {})
        id = self.questionnaire.in_order(lacking)[0]
        if partial.get(id, NOT_KNOWN) != NOT_KNOWN:
            return None  # answered, but contradicted: see `agreed`
        tries = (
            self.raising(flag, {**partial, id: answer})
            for answer in reversed(self.candidates[id])
        )
        return next((answers for answers in tries if answers is not None), None)


def _gets_known(id: str, answers: Answers, telling: Answers) -> bool:
    return answers[id] == NOT_KNOWN and telling.get(id, NOT_KNOWN) != NOT_KNOWN


def _lacking(flag: str, found: Evaluation) -> list[str] | None:
    """What is not known of a flag, [] when it is raised for sure, None if never."""
    for open_flag in found.open_flags:
        if open_flag.flag.id == flag:
            return list(open_flag.needs)
    for raised in found.flags:
        if raised.flag.id == flag:
            return [reason.question for reason in raised.because if reason.presumed]
    return None


def _candidates(
    question: Question, conditions: Iterable[Condition]
) -> Iterator[Answer]:
    """Every answer that a rule can tell from the others, the harmless one first."""
    yield question.negative
    if question.type == "number":
        yield from sorted(_numbers(question, conditions))
    else:
        values = [choice.value for choice in question.choices] or ["no", "yes"]
        yield from (value for value in values if value != question.negative)


def _numbers(question: Question, conditions: Iterable[Condition]) -> set[float]:
    bounds = {question.minimum, question.maximum} | {
        node.value
        for condition in conditions
        for node in nodes(condition)
        if isinstance(node, Comparison) and node.question == question.id
    }
    near = {bound + step for bound in bounds for step in (-1, -0.5, 0, 0.5, 1)}
    return {value for value in near if question.covers(value)}
