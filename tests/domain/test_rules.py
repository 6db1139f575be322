"""Which answers a question takes."""

import pytest

from api.domain.rules import Choice, Question

COMMON = {"id": "a_question", "text": "Is it?", "why": "It matters."}
QUESTIONS = {
    "yes_no": Question(**COMMON, type="yes_no"),
    "choice": Question(
        **COMMON,
        type="choice",
        choices=(Choice(value="calf", label="Calf"), Choice(value="no", label="None")),
        negative="no",
    ),
    "number": Question(**COMMON, type="number", minimum=1, maximum=120, negative=40),
    "unbounded": Question(**COMMON, type="number"),
}


@pytest.mark.parametrize(
    ("question", "answer", "accepted"),
    [
        ("yes_no", "yes", True),
        ("yes_no", "no", True),
        ("yes_no", "unknown", False),
        ("yes_no", "Yes", False),
        ("yes_no", "", False),
        ("yes_no", True, False),
        ("yes_no", 1, False),
        ("yes_no", None, False),
        ("yes_no", ["yes"], False),
        ("choice", "calf", True),
        ("choice", "no", True),
        ("choice", "yes", False),
        ("choice", "Calf", False),
        ("choice", True, False),
        ("choice", None, False),
        ("choice", ["calf"], False),
        ("choice", {"calf": 1}, False),
        ("number", 1, True),
        ("number", 120, True),
        ("number", 1.5, True),
        ("number", 0, False),
        ("number", 120.1, False),
        ("number", float("nan"), False),
        ("number", float("inf"), False),
        ("number", "40", False),
        ("number", True, False),
        ("number", None, False),
        ("number", [40], False),
        ("unbounded", 40, False),
    ],
)
def test_a_question_accepts_answers_of_its_own_type(question, answer, accepted):
    assert QUESTIONS[question].accepts(answer) is accepted


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_question_accepts_its_own_harmless_answer(library, language):
    questions = library.catalogue(language).rules.questions
    refused = [q.id for q in questions if not q.accepts(q.negative)]
    assert len(questions) > 100
    assert refused == []


def test_questions_are_in_asking_order(library):
    rules = library.catalogue("en").rules
    assert rules.questions[0] is rules.groups[0].questions[0]
    assert rules.questions[-1] is rules.groups[-1].questions[-1]
    assert len({q.id for q in rules.questions}) == len(rules.questions)
