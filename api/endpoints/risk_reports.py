"""An evaluation in the words of one language.

Questions and flags are put into words once, when the app starts: an answer repeats
many of them, and dumping them each time would cost more than the evaluation.
"""

from collections.abc import Iterable, Mapping

from api.domain.answers import Answers
from api.domain.findings import Reason
from api.domain.library import Catalogue
from api.domain.outcome import Evaluation, OpenFlag, OpenQuestion, RaisedFlag, Withheld
from api.domain.scores import ScoreResult
from api.domain.truth import FALSE, TRUE, Truth
from schemas.risk_questions import QuestionResponse

RESULTS = {TRUE: "positive", FALSE: "negative", Truth.UNKNOWN: "open"}


class RiskReports:
    """Reports in the language of `catalogue`."""

    def __init__(self, catalogue: Catalogue, ruleset_version: str):
        rules = catalogue.rules
        self._levels = {level.id: level for level in rules.levels}
        self._routes = {route.id: route.label for route in rules.routes}
        self._scores = {score.id: score for score in rules.scores}
        self._checks = {check.id: check.message for check in rules.checks}
        self._questions = dict(_questions(catalogue))
        self._unresolved = dict(_unresolved(catalogue))
        self._flags = dict(_flags(catalogue))
        self._closing = {
            "disclaimer": catalogue.service.disclaimer,
            "ruleset_version": ruleset_version,
            "language": catalogue.language,
        }

    def report(self, evaluation: Evaluation, answers: Answers) -> dict:
        """`evaluation` of `answers` as schemas.risk_evaluations describes it."""
        return {
            "urgency": self._urgency(evaluation),
            "flags": [self._raised(flag, answers) for flag in evaluation.flags],
            "open_flags": [_open(flag) for flag in evaluation.open_flags],
            "next_questions": _worded(self._questions, evaluation.next_questions),
            "unresolved": _worded(self._unresolved, evaluation.unresolved),
            "scores": [self._score(score) for score in evaluation.scores],
            "warnings": [
                {"id": id, "message": self._checks[id]} for id in evaluation.warnings
            ],
            "relief_protocols": {
                "suitable": evaluation.protocols.suitable,
                "withheld": [_withheld(item) for item in evaluation.protocols.withheld],
            },
            "prevention_tips": evaluation.tips,
            "safety_net": self._levels[evaluation.level].safety_net,
            **self._closing,
        }

    def _urgency(self, evaluation: Evaluation) -> dict:
        level = self._levels[evaluation.level]
        urgency = {"level": level.id, "title": level.title, "summary": level.summary}
        if evaluation.act_within_hours is not None:
            urgency["act_within"] = duration(evaluation.act_within_hours)
        return {
            **urgency,
            "route": evaluation.route,
            "route_label": self._routes[evaluation.route],
            "could_reach": evaluation.could_reach,
            "settled": evaluation.settled,
        }

    def _raised(self, raised: RaisedFlag, answers: Answers) -> dict:
        flag = self._flags[raised.flag.id]
        because = [_reason(reason, answers) for reason in raised.because]
        return {**flag, "presumed": raised.presumed, "because": because}

    def _score(self, result: ScoreResult) -> dict:
        score = self._scores[result.score.id]
        worded: dict[str, object] = {
            "id": score.id,
            "title": score.title,
            "applies": result.applies.value,
            "classes": result.classes,
            "cautions": score.cautions,
            "note": score.note,
        }
        if result.positive is not None:
            outcome = RESULTS[result.positive]
            worded |= {"result": outcome, "reading": getattr(score.readings, outcome)}
        else:
            words = {band.id: band.text for band in score.bands}
            readings = "; ".join(words[band.id] for band in result.bands)
            worded |= {
                "min": result.minimum,
                "max": result.maximum,
                "reading": readings,
            }
        if result.applies is FALSE:
            worded["reading"] = score.unsuited
        return worded


def duration(hours: int) -> str:
    """`hours` as an ISO 8601 duration, in days where they are whole."""
    if hours == 0:
        return "PT0S"
    days, rest = divmod(hours, 24)
    return f"P{days}D" if rest == 0 else f"PT{hours}H"


def _questions(catalogue: Catalogue) -> Iterable[tuple[str, dict]]:
    schema = QuestionResponse()
    for group in catalogue.rules.groups:
        for question in group.questions:
            place = {"group": group.id, "stem": group.stem}
            yield question.id, {**schema.dump(question), **place}


def _unresolved(catalogue: Catalogue) -> Iterable[tuple[str, dict]]:
    for group in catalogue.rules.groups:
        for question in group.questions:
            words = {"text": question.text, "who_knows": group.who_knows}
            yield question.id, {"id": question.id, **words}


def _flags(catalogue: Catalogue) -> Iterable[tuple[str, dict]]:
    for flag in catalogue.risk_flags.values():
        assert flag.publication is not None
        yield (
            flag.id,
            {
                "id": flag.id,
                "title": flag.title,
                "urgency": flag.urgency,
                "action": flag.action,
                "links": {"self": flag.publication.links.self},
            },
        )


def _worded(words: Mapping[str, dict], questions: Iterable[OpenQuestion]) -> list[dict]:
    return [{**words[q.question], "could_reach": q.could_reach} for q in questions]


def _open(flag: OpenFlag) -> dict:
    return {"id": flag.flag.id, "urgency": flag.flag.urgency, "needs": flag.needs}


def _withheld(item: Withheld) -> dict:
    return {"id": item.id, "because": item.because}


def _reason(reason: Reason, answers: Answers) -> dict:
    """The answer as it was given; an absent one that was presumed has none."""
    worded = {"question": reason.question, "presumed": reason.presumed}
    answer = answers.get(reason.question) if reason.presumed else reason.answer
    return worded if answer is None else {**worded, "answer": answer}
