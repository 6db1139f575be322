import pytest
from marshmallow import ValidationError

from api.domain.conditions import (
    AllOf,
    AnyOf,
    AtLeast,
    Comparison,
    FactReference,
    Not,
)
from schemas.conditions import ConditionField, read_condition, write_condition

WARM = {"question": "warm", "is": "yes"}
IS_WARM = Comparison("warm", "is", "yes")
HURTS = {"fact": "hurts"}
IS_HURTING = FactReference("hurts")

FORMS = [
    (WARM, IS_WARM),
    (
        {"question": "swelling", "in": ["one_calf", "both_legs"]},
        Comparison("swelling", "in", ("one_calf", "both_legs")),
    ),
    ({"question": "age", "above": 60}, Comparison("age", "above", 60)),
    ({"question": "age", "at_least": 16}, Comparison("age", "at_least", 16)),
    ({"question": "age", "below": 0.5}, Comparison("age", "below", 0.5)),
    ({"question": "age", "at_most": -1}, Comparison("age", "at_most", -1)),
    ({"at_least": 2, "of": ["warm", "red"]}, AtLeast(2, ("warm", "red"))),
    (HURTS, IS_HURTING),
    ({"all": [WARM, HURTS]}, AllOf((IS_WARM, IS_HURTING))),
    ({"any": [WARM]}, AnyOf((IS_WARM,))),
    ({"not": WARM}, Not(IS_WARM)),
    (
        {"any": [{"all": [WARM, {"not": {"any": [HURTS, WARM]}}]}, HURTS]},
        AnyOf((AllOf((IS_WARM, Not(AnyOf((IS_HURTING, IS_WARM))))), IS_HURTING)),
    ),
    (
        {"all": [WARM | {"if_unknown": True}, HURTS], "if_unknown": False},
        AllOf((Comparison("warm", "is", "yes", True), IS_HURTING), False),
    ),
    ({"at_least": 1, "of": ["a"], "if_unknown": True}, AtLeast(1, ("a",), True)),
    ({"fact": "hurts", "if_unknown": False}, FactReference("hurts", False)),
    ({"any": [WARM], "if_unknown": True}, AnyOf((IS_WARM,), True)),
    ({"not": WARM, "if_unknown": False}, Not(IS_WARM, False)),
]


@pytest.mark.parametrize(("data", "condition"), FORMS)
def test_every_form_is_read_and_written_back(data, condition):
    assert read_condition(data) == condition
    assert write_condition(condition) == data


MATHS = "is, in, above, at_least, below, at_most"
BESIDE = [f"needs one of {MATHS} beside question"]


def no_condition(keys: str) -> list[str]:
    return [
        f"is not a condition: {keys}; use question with one of {MATHS},"
        " or fact, all, any, not, at_least with of"
    ]


@pytest.mark.parametrize(
    ("data", "messages"),
    [
        ("warm", ["a condition is a mapping"]),
        (None, ["a condition is a mapping"]),
        ([WARM], ["a condition is a mapping"]),
        ({}, no_condition("empty")),
        ({"if_unknown": True}, no_condition("if_unknown")),
        ({"sometimes": "yes"}, no_condition("sometimes")),
        ({"question": "warm"}, no_condition("question")),
        ({"is": "yes"}, no_condition("is")),
        ({"at_least": 2}, no_condition("at_least")),
        ({"of": ["warm"]}, no_condition("of")),
        ({"all": [WARM], "any": [WARM]}, no_condition("all, any")),
        ({"fact": "hurts", "is": "yes"}, no_condition("fact, is")),
        ({"question": "warm", "was": "yes"}, BESIDE),
        ({"question": "age", "above": 1, "below": 9}, BESIDE),
        ({"question": "age", "at_least": 1, "of": ["warm"]}, BESIDE),
        ({"question": "warm", "is": True}, {"is": ["must be yes, no or a choice"]}),
        ({"question": "warm", "is": 1}, {"is": ["must be yes, no or a choice"]}),
        ({"question": "warm", "is": None}, {"is": ["must be yes, no or a choice"]}),
        (
            {"question": "swelling", "in": []},
            {"in": ["must be a list of choices, not empty"]},
        ),
        (
            {"question": "swelling", "in": "one_calf"},
            {"in": ["must be a list of choices, not empty"]},
        ),
        (
            {"question": "swelling", "in": [["one_calf"]]},
            {"in": ["must be a list of choices, not empty"]},
        ),
        ({"question": "age", "above": "60"}, {"above": ["must be a number"]}),
        ({"question": "age", "below": True}, {"below": ["must be a number"]}),
        ({"question": "age", "at_least": None}, {"at_least": ["must be a number"]}),
        ({"question": "age", "at_most": [1]}, {"at_most": ["must be a number"]}),
        ({"question": ["warm"], "is": "yes"}, {"question": ["must be an id"]}),
        ({"fact": ["hurts"]}, {"fact": ["must be an id"]}),
        ({"fact": None}, {"fact": ["must be an id"]}),
        ({"at_least": 0, "of": ["a"]}, {"at_least": ["must be 1 to 1"]}),
        ({"at_least": 3, "of": ["a", "b"]}, {"at_least": ["must be 1 to 2"]}),
        ({"at_least": "1", "of": ["a"]}, {"at_least": ["must be a whole number"]}),
        ({"at_least": True, "of": ["a"]}, {"at_least": ["must be a whole number"]}),
        ({"at_least": 1.0, "of": ["a"]}, {"at_least": ["must be a whole number"]}),
        (
            {"at_least": 1, "of": []},
            {"of": ["must be a list of question ids, not empty"]},
        ),
        (
            {"at_least": 1, "of": "warm"},
            {"of": ["must be a list of question ids, not empty"]},
        ),
        (
            {"at_least": 1, "of": [["warm"]]},
            {"of": ["must be a list of question ids, not empty"]},
        ),
        ({"at_least": 1, "of": ["a", "a"]}, {"of": ["must not repeat a question"]}),
        ({"all": []}, {"all": ["must be a list of conditions, not empty"]}),
        ({"any": WARM}, {"any": ["must be a list of conditions, not empty"]}),
        ({"not": [WARM]}, {"not": ["a condition is a mapping"]}),
        (WARM | {"if_unknown": "yes"}, {"if_unknown": ["must be true or false"]}),
        (HURTS | {"if_unknown": None}, {"if_unknown": ["must be true or false"]}),
    ],
)
def test_what_is_no_condition_is_refused(data, messages):
    with pytest.raises(ValidationError) as caught:
        read_condition(data)
    assert caught.value.messages == messages


def test_every_wrong_part_is_told_with_its_place():
    data = {"all": [{"any": [WARM, {"fact": 1}]}, HURTS, {"not": "warm"}]}
    with pytest.raises(ValidationError) as caught:
        read_condition(data)
    assert caught.value.messages == {
        "all": {
            0: {"any": {1: {"fact": ["must be an id"]}}},
            2: {"not": ["a condition is a mapping"]},
        }
    }


def test_a_field_reads_and_writes_conditions():
    field = ConditionField()
    assert field.deserialize(WARM) == IS_WARM
    assert field.serialize("when", {"when": IS_WARM}) == WARM
    assert field.serialize("when", {"when": None}) is None


def test_a_field_needs_its_condition_unless_told_otherwise():
    assert ConditionField().required
    assert not ConditionField(required=False).required
