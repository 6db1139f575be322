from copy import deepcopy

import pytest

from schemas.causes import CauseFile
from schemas.risk_questions import QuestionGroupFile
from schemas.translation import (
    fingerprint,
    flatten,
    references_in,
    text_paths,
    translated,
    value_at,
)

CAUSE = {
    "id": "cold",
    "title": "Cold",
    "summary": "A cold room.",
    "keywords": ["chill", "frost"],
    "explanation": ["First.", "Second."],
    "what_to_do": "Keep warm.",
    "populations": ["everyone"],
    "evidence": {
        "verdict": "mixed",
        "certainty": "low",
        "why": "Few trials.",
        "claims": ["cold-rooms"],
        "sources": ["a-study", "a-review"],
    },
    "related": {
        "causes": [],
        "relief_protocols": [],
        "prevention_tips": ["keep-warm"],
        "risk_flags": [],
    },
    "review": {"reviewed_on": "2026-01-01", "review_due": "2027-01-01"},
}
GROUP = {
    "id": "legs",
    "stage": 1,
    "order": 5,
    "stem": "Your legs",
    "who_knows": "You can see it.",
    "questions": [
        {
            "id": "swelling",
            "type": "choice",
            "text": "Is there swelling?",
            "why": "It may be a clot.",
            "choices": [
                {"value": "none", "label": "None"},
                {"value": "one_calf", "label": "One calf"},
            ],
            "negative": "none",
        },
        {
            "id": "calf_cm",
            "type": "number",
            "text": "By how much?",
            "why": "It counts.",
            "unit": "cm",
            "unit_label": "centimetres",
            "minimum": 0,
            "maximum": 30,
            "negative": 0,
            "ask_if": {
                "all": [
                    {"question": "swelling", "is": "one_calf"},
                    {"at_least": 1, "of": ["warm", "red"]},
                    {"not": {"fact": "healthy"}},
                ]
            },
        },
    ],
}
RUSSIAN_GROUP = {
    "stem": "Ваши ноги",
    "who_knows": "Это видно вам.",
    "questions": {
        "swelling": {
            "text": "Есть отёк?",
            "why": "Это может быть тромб.",
            "choices": {"none": {"label": "Нет"}, "one_calf": {"label": "Одна икра"}},
        },
        "calf_cm": {
            "text": "На сколько?",
            "why": "Это важно.",
            "unit_label": "сантиметров",
        },
    },
}


def paths_of(schema, data) -> dict:
    return {named: path for named, (path, _) in text_paths(schema, data).items()}


def test_the_examples_are_valid():
    assert CauseFile().validate(CAUSE) == {}
    assert QuestionGroupFile().validate(GROUP) == {}


def test_texts_are_found_by_key_and_keywords_count_as_one():
    assert set(paths_of(CauseFile(), CAUSE)) == {
        ("title",),
        ("summary",),
        ("keywords",),
        ("explanation", 0),
        ("explanation", 1),
        ("what_to_do",),
        ("evidence", "why"),
    }


def test_texts_in_lists_of_objects_are_found_by_id():
    assert paths_of(QuestionGroupFile(), GROUP) == {
        ("stem",): ("stem",),
        ("who_knows",): ("who_knows",),
        ("questions", "swelling", "text"): ("questions", 0, "text"),
        ("questions", "swelling", "why"): ("questions", 0, "why"),
        ("questions", "swelling", "choices", "none", "label"): (
            *("questions", 0, "choices", 0, "label"),
        ),
        ("questions", "swelling", "choices", "one_calf", "label"): (
            *("questions", 0, "choices", 1, "label"),
        ),
        ("questions", "calf_cm", "text"): ("questions", 1, "text"),
        ("questions", "calf_cm", "why"): ("questions", 1, "why"),
        ("questions", "calf_cm", "unit_label"): ("questions", 1, "unit_label"),
    }


def test_an_absent_text_has_no_path():
    assert ("people_say",) not in text_paths(CauseFile(), CAUSE)
    data = CAUSE | {"people_say": "It is the cold."}
    assert ("people_say",) in text_paths(CauseFile(), data)


@pytest.mark.parametrize(
    ("data", "flat"),
    [
        ({}, {}),
        ({"a": "1"}, {("a",): "1"}),
        ({"a": {"b": {"c": None}}}, {("a", "b", "c"): None}),
        ({"a": ["x", "y"]}, {("a", 0): "x", ("a", 1): "y"}),
        ({"a": [{"b": "x"}]}, {("a", 0, "b"): "x"}),
        ({"keywords": ["x", "y"]}, {("keywords",): ["x", "y"]}),
        ({"keywords": []}, {("keywords",): []}),
        ({"a": {"keywords": ["x"]}}, {("a", "keywords"): ["x"]}),
        ({"a": [], "b": {}}, {}),
    ],
)
def test_a_translation_is_flattened(data, flat):
    assert flatten(data) == flat


def test_a_complete_translation_has_exactly_the_paths_of_the_texts():
    paths = text_paths(QuestionGroupFile(), GROUP)
    assert flatten(RUSSIAN_GROUP).keys() == paths.keys()


def test_translating_replaces_the_texts_and_nothing_else():
    before = deepcopy(GROUP)
    paths = text_paths(QuestionGroupFile(), GROUP)
    russian = translated(GROUP, paths, flatten(RUSSIAN_GROUP))
    assert before == GROUP
    first, second = russian["questions"]
    assert russian["stem"] == "Ваши ноги"
    assert [choice["label"] for choice in first["choices"]] == ["Нет", "Одна икра"]
    assert second["unit_label"] == "сантиметров"
    english = {named: value_at(GROUP, path) for named, (path, _) in paths.items()}
    assert translated(russian, paths, english) == GROUP


def changed(data: dict, path: tuple, value) -> dict:
    """A copy of `data` with `value` at `path`."""
    copy = deepcopy(data)
    value_at(copy, path[:-1])[path[-1]] = value
    return copy


def stamp(schema, data) -> str:
    return fingerprint(data, text_paths(schema, data))


EVERY_TEXT = [
    (schema, data, path)
    for schema, data in ((CauseFile(), CAUSE), (QuestionGroupFile(), GROUP))
    for path in paths_of(schema, data).values()
]


@pytest.mark.parametrize(("schema", "data", "path"), EVERY_TEXT)
def test_a_changed_text_changes_the_fingerprint(schema, data, path):
    other = ["other"] if path == ("keywords",) else value_at(data, path) + "!"
    assert stamp(schema, changed(data, path, other)) != stamp(schema, data)


@pytest.mark.parametrize(
    ("schema", "data", "path", "value"),
    [
        (CauseFile(), CAUSE, ("populations",), ["pregnancy", "children"]),
        (CauseFile(), CAUSE, ("evidence", "verdict"), "unsupported"),
        (CauseFile(), CAUSE, ("evidence", "certainty"), "high"),
        (CauseFile(), CAUSE, ("evidence", "claims"), ["another"]),
        (CauseFile(), CAUSE, ("evidence", "sources"), []),
        (CauseFile(), CAUSE, ("related", "causes"), ["age"]),
        (CauseFile(), CAUSE, ("review", "review_due"), "2028-01-01"),
        (QuestionGroupFile(), GROUP, ("stage",), 3),
        (QuestionGroupFile(), GROUP, ("order",), 6),
        (QuestionGroupFile(), GROUP, ("questions", 0, "negative"), "one_calf"),
        (QuestionGroupFile(), GROUP, ("questions", 1, "maximum"), 40),
        (QuestionGroupFile(), GROUP, ("questions", 1, "unit"), "years"),
        (QuestionGroupFile(), GROUP, ("questions", 1, "ask_if"), {"fact": "x"}),
        (QuestionGroupFile(), GROUP, ("questions",), GROUP["questions"][::-1]),
    ],
)
def test_a_changed_fact_or_order_keeps_the_fingerprint(schema, data, path, value):
    other = changed(data, path, value)
    assert other != data
    assert stamp(schema, other) == stamp(schema, data)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("explanation",), ["Second.", "First."]),
        (("explanation",), ["First."]),
        (("keywords",), ["frost", "chill"]),
        (("people_say",), "It is the cold."),
    ],
)
def test_texts_that_move_come_or_go_change_the_fingerprint(path, value):
    other = changed(CAUSE, path, value)
    assert stamp(CauseFile(), other) != stamp(CauseFile(), CAUSE)


def test_a_fingerprint_is_twelve_hexadecimal_digits():
    assert len(stamp(CauseFile(), CAUSE)) == 12
    assert int(stamp(CauseFile(), CAUSE), 16)


def test_references_are_found_with_their_place_and_kind():
    assert set(references_in(CauseFile(), CAUSE)) == {
        (("evidence", "claims", 0), "claims", "cold-rooms"),
        (("evidence", "sources", 0), "sources", "a-study"),
        (("evidence", "sources", 1), "sources", "a-review"),
        (("related", "prevention_tips", 0), "prevention-tips", "keep-warm"),
    }


def test_references_of_a_condition_stand_where_it_does():
    where = ("questions", 1, "ask_if")
    assert list(references_in(QuestionGroupFile(), GROUP)) == [
        (where, "risk-questions", "swelling"),
        (where, "risk-questions", "warm"),
        (where, "risk-questions", "red"),
        (where, "facts", "healthy"),
    ]
