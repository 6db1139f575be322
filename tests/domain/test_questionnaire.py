"""What applies, what is asked next, and what an unasked question counts as."""

from types import SimpleNamespace

import pytest

from api.domain.answers import NOT_KNOWN
from api.domain.conditions import AllOf, Comparison, FactReference
from api.domain.findings import compile_facts
from api.domain.questionnaire import Questionnaire
from tests.domain.examples import choice, fact, group, number, question, yes

FACTS = compile_facts((fact("limps", yes("limp")),))
CHILD = Comparison("age", "below", 16)
QUESTIONNAIRE = Questionnaire(
    [
        group(question("ill"), number("age", negative=50), stage=1),
        group(question("limp", ask_if=CHILD), question("extra", optional=True)),
        group(
            choice("site", "none", "calf", ask_if=yes("ill")),
            number("size", negative=7, ask_if=yes("ill")),
            question("both", ask_if=AllOf((yes("ill"), CHILD))),
            question("worse", ask_if=FactReference("limps")),
            stage=2,
        ),
        group(question("last"), stage=4),
    ],
    FACTS,
)
DEPENDENT = ("limp", "site", "size", "both", "worse")


@pytest.mark.parametrize(
    ("answers", "settled"),
    [
        ({}, {}),
        ({"age": NOT_KNOWN, "ill": NOT_KNOWN}, {}),
        ({"age": 15}, {}),
        ({"age": 16}, {"limp": "no", "both": "no", "worse": "no"}),
        ({"ill": "yes"}, {}),
        ({"ill": "no"}, {"site": "none", "size": 7, "both": "no"}),
        ({"limp": "no"}, {"worse": "no"}),
        # Sent all the same: used as it is, also when it is unknown.
        ({"age": 16, "limp": "yes"}, {"both": "no"}),
        ({"age": 16, "limp": NOT_KNOWN}, {"both": "no"}),
        ({"ill": "no", "site": "calf", "size": 9}, {"both": "no"}),
    ],
    ids=str,
)
def test_what_does_not_apply_counts_as_its_harmless_answer(answers, settled):
    state = QUESTIONNAIRE.state(answers)
    known = {id: value for id, value in answers.items() if value != NOT_KNOWN}
    assert state.values == known | settled
    assert state.open == QUESTIONNAIRE.questions.keys() - state.values.keys()


def test_a_state_has_forgotten_what_facts_came_to_while_it_was_settled():
    assert QUESTIONNAIRE.state({"age": 16}).facts == {}


@pytest.mark.parametrize(
    ("answers", "applying"),
    [
        # Not asked before what decides it.
        ({}, ()),
        ({"age": 15}, ("limp",)),
        ({"age": 16}, ()),
        ({"ill": "yes"}, ("site", "size")),
        ({"ill": "no"}, ()),
        ({"ill": "yes", "age": 15}, ("limp", "site", "size", "both")),
        ({"ill": "yes", "age": 16}, ("site", "size")),
        ({"age": 15, "limp": "yes"}, ("limp", "worse")),
        # Whoever does not know what decides it is asked.
        ({"age": NOT_KNOWN}, ("limp",)),
        ({"ill": NOT_KNOWN}, ("site", "size")),
        ({"ill": NOT_KNOWN, "age": 15}, ("limp", "site", "size", "both")),
        ({"ill": NOT_KNOWN, "age": 16}, ("site", "size")),
        ({"limp": NOT_KNOWN}, ("worse",)),
    ],
    ids=str,
)
def test_a_question_applies_once_what_decides_it_was_asked(answers, applying):
    state = QUESTIONNAIRE.state(answers)
    found = {id for id in DEPENDENT if QUESTIONNAIRE.applies(id, answers, state)}
    assert found == set(applying)
    assert QUESTIONNAIRE.applies("ill", answers, state)


def test_gates_are_the_questions_of_the_first_two_stages_without_the_optional():
    assert QUESTIONNAIRE.gates == ("ill", "age", "site", "size", "both", "worse")


def test_filling_answers_everything_harmlessly_but_what_is_optional():
    filled = QUESTIONNAIRE.filled({"ill": "yes", "age": NOT_KNOWN, "extra": "yes"})
    assert filled == {
        "ill": "yes",
        "age": NOT_KNOWN,
        "extra": "yes",
        "limp": "no",
        "site": "none",
        "size": 7,
        "both": "no",
        "worse": "no",
        "last": "no",
    }
    assert "extra" not in QUESTIONNAIRE.filled({})


@pytest.mark.parametrize(("rest", "count"), [("negative", 8), ("absent", 1)])
def test_a_vignette_says_what_the_rest_of_its_answers_are(rest, count):
    vignette = SimpleNamespace(answers={"ill": "yes"}, rest=rest)
    completed = QUESTIONNAIRE.completed(vignette)
    assert (len(completed), completed["ill"]) == (count, "yes")


def test_questions_are_put_in_asking_order_without_the_optional():
    assert QUESTIONNAIRE.in_order({"last", "extra", "site", "ill"}) == [
        "ill",
        "site",
        "last",
    ]
    assert [QUESTIONNAIRE.place(id) for id in ("ill", "age", "last")] == [0, 1, 8]


def test_questions_asked_on_the_same_condition_share_it(evaluator):
    trees = evaluator.questionnaire._dependent
    assert len({asking.condition for asking, _ in trees}) == len(trees)
    assert sum(len(negatives) for _, negatives in trees) == sum(
        1 for q in evaluator.questionnaire.questions.values() if q.ask_if
    )


CHILD_SIGNS = {
    "limp_or_wont_walk",
    "joint_swelling_or_redness",
    "always_same_leg",
    "present_in_morning_or_day",
    "off_sport",
}
WALKING = {"ecq_at_rest", "ecq_uphill", "ecq_level", "ecq_relief", "calf", "thigh"} | {
    "buttock",
    "hamstring",
    "shin",
    "foot",
    "joint",
    "elsewhere",
}
MEDICINES = ("diuretic", "statin", "long_acting_beta_agonist", "oestrogen") + (
    "raloxifene",
    "naproxen",
    "teriparatide",
    "iv_iron",
    "calcium_channel_blocker",
    "ppi",
    "other_new",
)


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ({}, set()),
        ({"age_years": 16}, set()),
        ({"age_years": 15.9}, CHILD_SIGNS),
        ({"swelling": "both_legs"}, set()),
        ({"swelling": "one_calf"}, {"calf_difference_cm"}),
        ({"swelling": "one_whole_leg"}, {"calf_difference_cm"}),
        ({"ecq_pain_walking": "yes"}, WALKING),
        ({"ecq_pain_walking": NOT_KNOWN}, WALKING),
        ({"quinine": "yes"}, {"medicine_new_or_changed", "bruising_or_bleeding"}),
        *(({medicine: "yes"}, {"medicine_new_or_changed"}) for medicine in MEDICINES),
    ],
    ids=lambda value: str(sorted(value)),
)
def test_the_content_asks_some_questions_of_some_people(evaluator, answers, asked):
    questionnaire = evaluator.questionnaire
    dependent = {q.id for q in questionnaire.questions.values() if q.ask_if}
    others = questionnaire.questions.keys() - dependent
    given = {id: questionnaire.questions[id].negative for id in others} | answers
    state = questionnaire.state(given)
    assert asked == {id for id in dependent if questionnaire.applies(id, given, state)}
