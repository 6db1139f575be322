"""What may be sent as an answer, and what it is read as."""

import pytest

from api.domain.answers import (
    InvalidAnswers,
    check_answers,
    problems_with,
    state_of,
)
from tests.domain.examples import choice, number, question

QUESTIONS = {
    "ill": question("ill"),
    "site": choice("site", "none", "calf"),
    "age": number("age", minimum=1, maximum=120),
}
NOT_YES_NO = ("not-an-answer", {"choices": "yes, no, unknown"})
NOT_A_SITE = ("not-an-answer", {"choices": "none, calf, unknown"})
NOT_AN_AGE = (
    "not-a-number-in-range",
    {"minimum": 1, "maximum": 120, "unknown": "unknown"},
)


@pytest.mark.parametrize(
    ("id", "answer"),
    [
        ("ill", "yes"),
        ("ill", "no"),
        ("ill", "unknown"),
        ("site", "none"),
        ("site", "calf"),
        ("site", "unknown"),
        ("age", 1),
        ("age", 120),
        ("age", 1.5),
        ("age", "unknown"),
    ],
)
def test_an_answer_of_its_question_is_no_problem(id, answer):
    assert problems_with({id: answer}, QUESTIONS) == []


@pytest.mark.parametrize(
    ("id", "answer", "problem"),
    [
        ("nope", "yes", ("unknown-question", {})),
        ("nope", "unknown", ("unknown-question", {})),
        ("", "yes", ("unknown-question", {})),
        ("ill", "maybe", NOT_YES_NO),
        ("ill", "Yes", NOT_YES_NO),
        ("ill", True, NOT_YES_NO),
        ("ill", 1, NOT_YES_NO),
        ("ill", None, NOT_YES_NO),
        ("ill", ["yes"], NOT_YES_NO),
        ("ill", {"yes": "yes"}, NOT_YES_NO),
        ("site", "foot", NOT_A_SITE),
        ("site", "yes", NOT_A_SITE),
        ("site", 1, NOT_A_SITE),
        ("site", True, NOT_A_SITE),
        ("site", ["calf"], NOT_A_SITE),
        ("age", 0.9, NOT_AN_AGE),
        ("age", 120.1, NOT_AN_AGE),
        ("age", -1, NOT_AN_AGE),
        ("age", "40", NOT_AN_AGE),
        ("age", "no", NOT_AN_AGE),
        ("age", True, NOT_AN_AGE),
        ("age", None, NOT_AN_AGE),
        ("age", [40], NOT_AN_AGE),
        ("age", float("nan"), NOT_AN_AGE),
        ("age", float("inf"), NOT_AN_AGE),
        ("age", float("-inf"), NOT_AN_AGE),
        ("age", 10**400, NOT_AN_AGE),
    ],
)
def test_any_other_answer_is_a_problem_that_says_what_would_do(id, answer, problem):
    (found,) = problems_with({id: answer}, QUESTIONS)
    assert (found.question, found.message, found.message.values) == (id, *problem)


def test_every_problem_is_found_in_the_order_of_the_answers():
    answers = {"age": 0, "ill": "yes", "nope": "yes", "site": "foot"}
    found = problems_with(answers, QUESTIONS)
    assert [problem.question for problem in found] == ["age", "nope", "site"]


def test_valid_answers_pass_and_invalid_ones_are_told_together():
    check_answers({}, QUESTIONS)
    check_answers({"ill": "no", "site": "calf", "age": 40}, QUESTIONS)
    with pytest.raises(InvalidAnswers, match="2 invalid answers") as caught:
        check_answers({"ill": "maybe", "age": 0, "site": "calf"}, QUESTIONS)
    assert [problem.question for problem in caught.value.problems] == ["ill", "age"]


def test_more_answers_than_questions_are_one_problem_of_them_all():
    answers = dict.fromkeys(["ill", "b", "c", "d"], "yes")
    with pytest.raises(InvalidAnswers) as caught:
        check_answers(answers, QUESTIONS)
    (problem,) = caught.value.problems
    assert (problem.question, problem.message) == (None, "too-many-keys")
    assert problem.message.values == {"count": 4, "maximum": 3}


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_problem_has_words(library, language):
    messages = library.catalogue(language).messages
    answers = {"age": 0, "nope": "yes", "site": "foot"}
    for problem in problems_with(answers, QUESTIONS):
        assert problem.message.within(messages)


@pytest.mark.parametrize(
    ("answers", "values", "yes", "open"),
    [
        ({}, {}, set(), {"ill", "site", "age"}),
        ({"ill": "unknown"}, {}, set(), {"ill", "site", "age"}),
        ({"ill": "yes"}, {"ill": "yes"}, {"ill"}, {"site", "age"}),
        ({"ill": "no"}, {"ill": "no"}, set(), {"site", "age"}),
        ({"age": 0, "site": "none"}, {"age": 0, "site": "none"}, set(), {"ill"}),
    ],
)
def test_what_is_absent_or_unknown_is_open(answers, values, yes, open):
    state = state_of(answers, QUESTIONS)
    assert (state.values, state.yes, state.open) == (values, yes, open)
    assert state.presuming


def test_a_state_without_presumptions_has_the_same_answers_and_forgets_its_facts():
    state = state_of({"ill": "yes"}, QUESTIONS)
    state.facts["known"] = None
    bare = state.without_presumptions()
    assert (bare.values, bare.yes, bare.open) == (state.values, state.yes, state.open)
    assert (bare.presuming, bare.facts) == (False, {})
