"""The conformance vectors cover the rules, and are what the evaluator says."""

import itertools
from collections import Counter

import pytest

from api.domain.answers import NOT_KNOWN, check_answers
from api.domain.conditions import AllOf, AnyOf, AtLeast, Comparison, FactReference, Not
from api.domain.evaluation import Evaluator
from api.domain.vectors import RANDOM_INTERVIEWS, _Cases, sample, vectors
from tests.domain import examples
from tests.domain.examples import choice, fact, group, number, rule_set

A, B, C = examples.yes("a"), examples.yes("b"), examples.yes("c")
RULES = rule_set(
    group(
        examples.question("a"),
        examples.question("b"),
        examples.question("c"),
        choice("site", "none", "calf", "foot"),
        number("age", minimum=1, maximum=20, negative=10),
    ),
    facts=(fact("either", AnyOf((A, B))),),
)
FLAGS = (
    examples.flag(id="old", urgency="same_day", when=Comparison("age", "at_least", 12)),
    examples.flag(
        id="ill", urgency="see_doctor_soon", when=AllOf((FactReference("either"), C))
    ),
)


def yes(*ids):
    return dict.fromkeys(ids, "yes")


def cases(rules=RULES, flags=FLAGS):
    return _Cases(Evaluator(rules, flags), rules, flags, ())


@pytest.fixture(scope="module")
def real_cases(evaluator, content):
    flags = tuple(content.risk_flags.values())
    return _Cases(evaluator, content.rules, flags, tuple(content.vignettes.values()))


@pytest.fixture(scope="module")
def real_vectors(evaluator, content):
    flags, vignettes = content.risk_flags.values(), content.vignettes.values()
    return vectors(evaluator, content.rules, flags, vignettes)


@pytest.mark.parametrize(
    ("condition", "witnesses"),
    [
        (A, [{"a": "yes"}]),
        (Comparison("age", "at_least", 12), [{"age": 12}]),
        (Comparison("age", "at_most", 12), [{"age": 12}]),
        (Comparison("age", "above", 12), [{"age": 13}]),
        (Comparison("age", "below", 12), [{"age": 11}]),
        (
            Comparison("site", "in", ("calf", "foot")),
            [{"site": "calf"}, {"site": "foot"}],
        ),
        (AtLeast(1, ("a", "b")), [yes("a"), yes("b")]),
        (AtLeast(2, ("a", "b", "c")), [yes("a", "b"), yes("b", "c")]),
        (AtLeast(3, ("a", "b", "c")), [yes("a", "b", "c")]),
        (FactReference("either"), [yes("a"), yes("b")]),
        (AnyOf((A, AllOf((B, C)))), [yes("a"), yes("b", "c")]),
        (AllOf((A, B)), [yes("a", "b")]),
        (AllOf((AnyOf((A, B)), C)), [yes("a", "c"), yes("b", "c")]),
        (AllOf((A, Not(B))), [yes("a")]),
    ],
    ids=str,
)
def test_a_condition_has_a_witness_for_each_branch(condition, witnesses):
    assert list(cases().witnesses(condition)) == witnesses


def test_every_witness_raises_its_flag(real_cases, evaluator, content):
    for flag in content.risk_flags.values():
        for answers in real_cases.witnesses(flag.when) if flag.when else ():
            whole = evaluator.questionnaire.filled(answers)
            for given in (answers, whole):
                found = {raised.flag.id for raised in evaluator.evaluate(given).flags}
                assert flag.id in found, (flag.id, answers)


def test_every_check_has_a_witness_that_fails_it(real_cases, evaluator, content):
    for check in content.rules.checks:
        for answers in real_cases.witnesses(check.when):
            assert check.id in evaluator.evaluate(answers).warnings


def test_a_small_rule_set_has_these_vectors():
    found = vectors(Evaluator(RULES, FLAGS), RULES, FLAGS, ())
    ids = [v.id for v in found if not v.id.startswith("interview-")]
    assert ids == [
        "nothing-asked",
        "all-negative",
        "flag-old-alone",
        "flag-old-1",
        "flag-old-1-unknown-age",
        "flag-ill-alone",
        "flag-ill-1",
        "flag-ill-1-unknown-a",
        "flag-ill-1-unknown-c",
        "flag-ill-2",
        "flag-ill-2-unknown-b",
        "flag-ill-2-unknown-c",
        "fact-either-alone",
        "fact-either-1",
        "fact-either-1-unknown-a",
        "fact-either-2",
        "fact-either-2-unknown-b",
        *(
            f"bound-age-{age}{alone}"
            for age in (1, 11, 11.5, 12, 12.5, 13, 20)
            for alone in ("-alone", "")
            # These were there before, as the branch of a flag.
            if age != 12
        ),
        "unknown-a-alone",
        "unknown-b-alone",
        "unknown-c-alone",
        "unknown-c",
        "unknown-site-alone",
        "unknown-site",
        "unknown-age-alone",
    ]


def test_every_vignette_question_and_flag_has_its_vectors(real_cases, content):
    ids = [id for id, _ in real_cases]
    assert {f"vignette-{id}" for id in content.vignettes} <= set(ids)
    for question in content.rules.questions:
        assert {f"unknown-{question.id}", f"unknown-{question.id}-alone"} <= set(ids)
    for flag in content.risk_flags.values():
        own = {f"flag-{flag.id}-alone", f"flag-{flag.id}-1"}
        assert own.isdisjoint(ids) if flag.computed else own <= set(ids)
    for check in content.rules.checks:
        assert {f"check-{check.id}-alone", f"check-{check.id}-1"} <= set(ids)
    assert sum(id.startswith("interview-") for id in ids) == RANDOM_INTERVIEWS


def test_a_number_is_tried_at_its_bounds_beside_them_and_at_the_extremes(real_cases):
    ids = {id for id, _ in real_cases}
    for age in (0, 2.5, 3, 15.5, 16, 55, 55.5, 120):
        assert {f"bound-age_years-{age}", f"bound-age_years-{age}-alone"} <= ids


def test_a_number_that_only_decides_whether_to_ask_is_tried_as_well():
    adult = Comparison("age", "at_least", 18)
    asked = group(number("age"), examples.question("drinks", ask_if=adult))
    ids = {id for id, _ in cases(rule_set(asked), ())}
    assert {"bound-age-17", "bound-age-17.5", "bound-age-18"} <= ids


def test_answers_are_valid_and_each_set_of_them_is_there_once(real_vectors, evaluator):
    sets = [frozenset(vector.answers.items()) for vector in real_vectors]
    assert len(set(sets)) == len(sets) > 1000
    assert len({vector.id for vector in real_vectors}) == len(sets)
    for vector in real_vectors:
        check_answers(vector.answers, evaluator.questionnaire.questions)


def test_vectors_are_what_the_evaluator_says_and_the_same_each_time(
    real_vectors, evaluator, content
):
    flags, vignettes = content.risk_flags.values(), content.vignettes.values()
    again = vectors(evaluator, content.rules, flags, vignettes)
    assert again == real_vectors
    assert [list(v.answers) for v in again] == [list(v.answers) for v in real_vectors]
    for vector in real_vectors:
        assert evaluator.evaluate(vector.answers) == vector.evaluation


@pytest.mark.parametrize("each", [1, 3])
def test_a_sample_has_as_many_of_every_result_and_begins_with_the_first(
    real_vectors, each
):
    def result(vector):
        return vector.evaluation.level, vector.evaluation.settled

    chosen = sample(real_vectors, each)
    counts = Counter(map(result, chosen))
    assert counts == dict.fromkeys(map(result, real_vectors), each)
    assert len({vector.id for vector in chosen}) == len(chosen)
    assert chosen[0] == real_vectors[0]


def test_a_sample_of_a_few_has_them_all(real_vectors):
    few = real_vectors[:3]
    assert sorted(v.id for v in sample(few, 9)) == sorted(v.id for v in few)


def test_random_interviews_are_partial_and_of_every_kind(real_cases, evaluator):
    interviews = [answers for id, answers in real_cases if id.startswith("interview-")]
    total = len(evaluator.questionnaire.questions)
    sizes = [len(answers) for answers in interviews]
    levels = {evaluator.evaluate(answers).level for answers in interviews}
    assert min(sizes) < total * 0.2 < total * 0.9 < max(sizes)
    assert any(NOT_KNOWN in answers.values() for answers in interviews)
    assert levels >= {"emergency", "same_day", "see_doctor_soon", "undetermined"}
    asked = set(itertools.chain.from_iterable(interviews))
    assert asked == evaluator.questionnaire.questions.keys()
