"""The questions of a release, compiled: what applies, and in which order to ask."""

from collections.abc import Iterable

from api.domain.answers import Answer, Answers, State, state_of
from api.domain.conditions import Condition
from api.domain.findings import Compiled, Facts, compile_condition, missing
from api.domain.rules import QuestionGroup
from api.domain.truth import FALSE, TRUE, UNKNOWN
from api.domain.vignettes import Vignette

GATING_STAGES = (1, 2)
"""Asked in full before anything is said: danger gates; clot, infection, injury."""


class Questionnaire:
    """Questions with their conditions for asking, in asking order."""

    def __init__(self, groups: Iterable[QuestionGroup], facts: Facts):
        groups = tuple(groups)
        self.questions = {q.id: q for group in groups for q in group.questions}
        self.gates = tuple(
            question.id
            for group in groups
            if group.stage in GATING_STAGES
            for question in group.questions
            if not question.optional
        )
        self._places = {id: place for place, id in enumerate(self.questions)}
        self._ids = frozenset(self.questions)
        self._asking = self._conditions_for_asking(facts)
        self._dependent = self._dependent_questions()
        self._harmless = {
            question.id: question.negative
            for question in self.questions.values()
            if not question.optional
        }

    def _conditions_for_asking(self, facts: Facts) -> dict[str, Compiled]:
        """By question; questions with the same `ask_if` share one compiled tree."""
        shared: dict[Condition, Compiled] = {}
        for question in self.questions.values():
            if question.ask_if is not None and question.ask_if not in shared:
                shared[question.ask_if] = compile_condition(question.ask_if, facts)
        return {
            question.id: shared[question.ask_if]
            for question in self.questions.values()
            if question.ask_if is not None
        }

    def _dependent_questions(self) -> list[tuple[Compiled, dict[str, Answer]]]:
        """Each condition for asking, with the negatives of the questions it decides."""
        negatives: dict[Compiled, dict[str, Answer]] = {}
        for id, asking in self._asking.items():
            negatives.setdefault(asking, {})[id] = self.questions[id].negative
        return list(negatives.items())

    def state(self, answers: Answers) -> State:
        """The answers as conditions read them, with what does not apply settled."""
        state = state_of(answers, self._ids)
        for asking, negatives in self._dependent:
            if asking.judge(state) is FALSE:
                settled = {id: v for id, v in negatives.items() if id not in answers}
                state.values.update(settled)
                state.open.difference_update(settled)
        # What facts came to before that may have changed with it.
        state.facts.clear()
        return state

    def filled(self, answers: Answers) -> Answers:
        """`answers`, with a harmless one for everything that was not asked."""
        return {**self._harmless, **answers}

    def completed(self, vignette: Vignette) -> Answers:
        """The answers of a vignette, the rest as it says."""
        negative = vignette.rest == "negative"
        return self.filled(vignette.answers) if negative else vignette.answers

    def applies(self, id: str, answers: Answers, state: State) -> bool:
        """Whether to ask `id` now, not before what decides that was asked."""
        asking = self._asking.get(id)
        if asking is None:
            return True
        found = asking.judge(state)
        return found is TRUE or (
            found is UNKNOWN and missing(asking, state) <= answers.keys()
        )

    def in_order(self, ids: Iterable[str]) -> list[str]:
        """`ids` in asking order, without the optional ones, which nobody misses."""
        needed = (id for id in ids if not self.questions[id].optional)
        return sorted(needed, key=self._places.__getitem__)

    def place(self, id: str) -> int:
        """Where `id` stands in asking order, from 0."""
        return self._places[id]
