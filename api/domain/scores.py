"""Published clinical scores over the answers, as ranges while answers are missing."""

from collections.abc import Iterable
from dataclasses import dataclass

from api.domain.answers import State
from api.domain.findings import Facts, Judge, compile_condition
from api.domain.rules import Score, ScoreBand
from api.domain.truth import FALSE, TRUE, Truth, negation


@dataclass(frozen=True, slots=True)
class ScoreResult:
    """A sum has `minimum` and `maximum` points; a pattern has `positive` and classes.

    `bands` are the readings that the sum may still come to. `applies` is FALSE where
    the score was not made for this person, UNKNOWN while that is not known.
    """

    score: Score
    applies: Truth
    minimum: int | None = None
    maximum: int | None = None
    bands: tuple[ScoreBand, ...] = ()
    positive: Truth | None = None
    classes: tuple[str, ...] = ()


class Scorer:
    """The scores of a rule set, compiled."""

    def __init__(self, scores: Iterable[Score], facts: Facts):
        self._sums = [_Sum(score, facts) for score in scores if score.items]
        self._patterns = [_Pattern(score, facts) for score in scores if score.positive]

    def score(self, state: State) -> tuple[ScoreResult, ...]:
        sums = tuple(score.read(state) for score in self._sums)
        return sums + tuple(score.read(state) for score in self._patterns)


class _Sum:
    def __init__(self, score: Score, facts: Facts):
        self.score = score
        self.items = [
            (item.points, compile_condition(item.when, facts).judge)
            for item in score.items
        ]
        self.unsuited = _compiled_or_none(score, facts)

    def read(self, state: State) -> ScoreResult:
        """Items that are not known count 0 in the minimum and 1 in the maximum."""
        minimum = maximum = 0
        for points, judge in self.items:
            found = judge(state)
            minimum += points if found is TRUE else 0
            maximum += points if found is not FALSE else 0
        bands = tuple(
            band
            for band in self.score.bands
            if band.minimum <= maximum and minimum <= band.maximum
        )
        return ScoreResult(
            self.score, _applies(self.unsuited, state), minimum, maximum, bands
        )


class _Pattern:
    def __init__(self, score: Score, facts: Facts):
        assert score.positive is not None
        self.score = score
        self.positive = compile_condition(score.positive, facts).judge
        self.classes = [
            (part.id, compile_condition(part.when, facts).judge)
            for part in (*score.classes, *score.grades)
        ]
        self.unsuited = _compiled_or_none(score, facts)

    def read(self, state: State) -> ScoreResult:
        found = tuple(id for id, judge in self.classes if judge(state) is TRUE)
        return ScoreResult(
            self.score,
            _applies(self.unsuited, state),
            positive=self.positive(state),
            classes=found,
        )


def _compiled_or_none(score: Score, facts: Facts) -> Judge | None:
    return compile_condition(score.not_for, facts).judge if score.not_for else None


def _applies(unsuited: Judge | None, state: State) -> Truth:
    return TRUE if unsuited is None else negation(unsuited(state))
