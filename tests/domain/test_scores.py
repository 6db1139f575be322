"""Scores: a range of points, or a pattern, and whom they are not for."""

import pytest

from api.domain.answers import NOT_KNOWN, state_of
from api.domain.conditions import AllOf, Comparison, FactReference
from api.domain.findings import compile_facts
from api.domain.rules import Score, ScoreBand, ScoreClass, ScoreItem
from api.domain.scores import Scorer
from api.domain.truth import FALSE, TRUE, UNKNOWN
from tests.domain.examples import fact, yes

T, F, U = TRUE, FALSE, UNKNOWN
QUESTIONS = ("a", "b", "c", "age")
WORDS = {"title": "A score", "note": "", "sources": (), "cautions": ()}


def item(points, when):
    return ScoreItem(id="an-item", points=points, text="", when=when)


def band(id, minimum, maximum):
    return ScoreBand(id=id, text="", minimum=minimum, maximum=maximum)


def part(id, when):
    return ScoreClass(id=id, text="", when=when)


SUM = Score(
    id="sum",
    **WORDS,
    items=(item(1, yes("a")), item(2, yes("b")), item(4, FactReference("c"))),
    bands=(band("low", 0, 1), band("middle", 2, 4), band("high", 5, 7)),
    not_for=FactReference("child"),
)
PATTERN = Score(
    id="pattern",
    **WORDS,
    positive=FactReference("a_and_b"),
    classes=(part("mild", yes("a")), part("severe", AllOf((yes("a"), yes("c"))))),
    grades=(part("first", yes("b")),),
    not_for=FactReference("toddler"),
)
PLAIN = Score(id="plain", **WORDS, positive=yes("a"))
FACTS = compile_facts(
    (
        fact("c", yes("c")),
        fact("a_and_b", AllOf((yes("a"), yes("b")))),
        fact("child", Comparison("age", "below", 18)),
        fact("toddler", Comparison("age", "below", 3)),
    )
)
# Sums are read before patterns, wherever they stand.
SCORER = Scorer((PATTERN, SUM, PLAIN), FACTS)


def read(**answers):
    return SCORER.score(state_of(answers, QUESTIONS))


@pytest.mark.parametrize(
    ("answers", "points", "bands"),
    [
        ({}, (0, 7), ["low", "middle", "high"]),
        ({"a": "no", "b": "no", "c": "no"}, (0, 0), ["low"]),
        ({"a": "yes", "b": "no", "c": "no"}, (1, 1), ["low"]),
        ({"a": "no", "b": "yes", "c": "no"}, (2, 2), ["middle"]),
        ({"a": "no", "b": "no", "c": "yes"}, (4, 4), ["middle"]),
        ({"a": "yes", "b": "no", "c": "yes"}, (5, 5), ["high"]),
        ({"a": "yes", "b": "yes", "c": "yes"}, (7, 7), ["high"]),
        ({"a": NOT_KNOWN, "b": "no", "c": "no"}, (0, 1), ["low"]),
        ({"a": "no", "b": NOT_KNOWN, "c": "no"}, (0, 2), ["low", "middle"]),
        ({"a": "yes", "c": "yes"}, (5, 7), ["high"]),
        ({"a": NOT_KNOWN, "b": "no", "c": "yes"}, (4, 5), ["middle", "high"]),
    ],
    ids=str,
)
def test_a_sum_is_a_range_while_items_are_not_known(answers, points, bands):
    found = read(**answers)[0]
    assert found.score is SUM
    assert (found.minimum, found.maximum) == points
    assert [band.id for band in found.bands] == bands
    assert (found.positive, found.classes) == (None, ())


@pytest.mark.parametrize(
    ("answers", "positive", "classes"),
    [
        ({}, U, ()),
        ({"a": "no"}, F, ()),
        ({"a": "yes"}, U, ("mild",)),
        ({"a": "yes", "b": "yes"}, T, ("mild", "first")),
        ({"a": "yes", "b": "yes", "c": "yes"}, T, ("mild", "severe", "first")),
        ({"a": "yes", "b": "no", "c": NOT_KNOWN}, F, ("mild",)),
    ],
    ids=str,
)
def test_a_pattern_is_read_with_the_classes_that_hold(answers, positive, classes):
    found = read(**answers)[1]
    assert found.score is PATTERN
    assert (found.positive, found.classes) == (positive, classes)
    assert (found.minimum, found.maximum, found.bands) == (None, None, ())


@pytest.mark.parametrize(
    ("answers", "applies"),
    [
        ({}, (U, U, T)),
        ({"age": NOT_KNOWN}, (U, U, T)),
        ({"age": 2}, (F, F, T)),
        ({"age": 17}, (F, T, T)),
        ({"age": 18}, (T, T, T)),
    ],
    ids=str,
)
def test_a_score_applies_to_those_whom_it_was_made_for(answers, applies):
    found = read(**answers)
    assert [result.score for result in found] == [SUM, PATTERN, PLAIN]
    assert tuple(result.applies for result in found) == applies


@pytest.mark.parametrize(
    ("answers", "points"),
    [
        ({}, 0),
        ({"active_cancer": "yes"}, 1),
        ({"leg_paralysis_or_cast": "yes"}, 1),
        ({"bed_3_days_or_surgery_12_weeks": "yes"}, 1),
        ({"tender_along_deep_vein": "yes"}, 1),
        ({"swelling": "one_whole_leg", "calf_difference_cm": 2.9}, 1),
        ({"swelling": "one_calf", "calf_difference_cm": 2.9}, 0),
        ({"swelling": "one_calf", "calf_difference_cm": 3}, 1),
        ({"pitting_one_leg": "yes"}, 1),
        ({"new_surface_veins": "yes"}, 1),
        ({"previous_dvt": "yes"}, 1),
        # Clot signs and risks, but not of this score.
        ({"previous_pe": "yes", "warm": "yes", "hard_sore_vein": "yes"}, 0),
    ],
    ids=str,
)
def test_the_wells_items_count_one_each(evaluator, answers, points):
    (wells, _) = evaluator.evaluate(evaluator.questionnaire.filled(answers)).scores
    assert (wells.minimum, wells.maximum) == (points, points)


@pytest.mark.parametrize(
    ("answers", "bands", "applies"),
    [
        ({"active_cancer": "yes"}, ["dvt-unlikely"], T),
        ({"active_cancer": "yes", "previous_dvt": "yes"}, ["dvt-likely"], T),
        ({"age_years": 18}, ["dvt-unlikely"], T),
        ({"age_years": 17}, ["dvt-unlikely"], F),
        ({"pregnancy_status": "postpartum_6_weeks"}, ["dvt-unlikely"], T),
        ({"pregnancy_status": "pregnant"}, ["dvt-unlikely"], F),
        ({"pregnancy_status": NOT_KNOWN}, ["dvt-unlikely"], U),
    ],
    ids=str,
)
def test_the_wells_bands_and_whom_they_are_for(evaluator, answers, bands, applies):
    (wells, _) = evaluator.evaluate(evaluator.questionnaire.filled(answers)).scores
    assert ([band.id for band in wells.bands], wells.applies) == (bands, applies)


WALKING = {
    "ecq_pain_walking": "yes",
    "ecq_uphill": "yes",
    "ecq_relief": "gone_10_min_or_less",
}


@pytest.mark.parametrize(
    ("answers", "positive", "classes"),
    [
        ({"calf": "yes"}, T, ("definite", "grade-1")),
        ({"calf": "yes", "thigh": "yes"}, T, ("definite", "grade-1")),
        ({"thigh": "yes"}, T, ("atypical", "grade-1")),
        ({"buttock": "yes", "ecq_level": "yes"}, T, ("atypical", "grade-2")),
        ({"calf": "yes", "ecq_level": NOT_KNOWN}, T, ("definite",)),
        ({"shin": "yes"}, F, ()),
        ({"calf": "yes", "ecq_at_rest": "yes"}, F, ()),
        ({"thigh": "yes", "ecq_at_rest": "yes", "ecq_level": "yes"}, F, ()),
        ({"calf": "yes", "ecq_relief": "more_than_10_min"}, F, ()),
        ({"calf": NOT_KNOWN}, U, ()),
    ],
    ids=str,
)
def test_the_edinburgh_questionnaire(evaluator, answers, positive, classes):
    answers = evaluator.questionnaire.filled(WALKING | answers)
    (_, edinburgh) = evaluator.evaluate(answers).scores
    assert (edinburgh.positive, edinburgh.classes) == (positive, classes)
