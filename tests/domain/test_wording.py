"""Conditions in words."""

from types import SimpleNamespace

import pytest

from api.domain.conditions import AllOf, AnyOf, AtLeast, Comparison, FactReference, Not
from api.domain.texts import Messages
from api.domain.wording import Wording, Words
from tests.domain.examples import choice, fact, group, number, question, rule_set, yes

TEMPLATES = {
    "rule-is": "{question} = {answer}",
    "rule-above": "{question} > {answer}",
    "rule-below": "{question} < {answer}",
    "rule-number-at-least": "{question} >= {answer}",
    "rule-at-most": "{question} <= {answer}",
    "rule-at-least": "{count} of {total}",
    "rule-all": "All",
    "rule-any": "Any",
    "rule-not": "Not",
    "rule-presume-true": "else so",
    "rule-presume-false": "else not",
    "answer-yes": "Yes",
    "answer-no": "No",
}
RULES = rule_set(
    group(
        question("ill", text="Ill?"),
        question("sore", text="Sore?"),
        choice("site", "none", "calf", "foot", text="Where?"),
        number("age", text="How old?", unit_label="years"),
    ),
    facts=(fact("ill_or_sore", AnyOf((yes("ill"), yes("sore")))),),
)
WORDING = Wording(
    SimpleNamespace(rules=RULES, messages=Messages(problems={}, templates=TEMPLATES))
)
ILL = Words("Ill? = Yes")
SORE = Words("Sore? = Yes")


@pytest.mark.parametrize(
    ("condition", "line"),
    [
        (yes("ill"), "Ill? = Yes"),
        (Comparison("ill", "is", "no"), "Ill? = No"),
        (Comparison("site", "is", "calf"), "Where? = Calf"),
        (Comparison("site", "in", ("calf", "foot")), "Where? = Calf / Foot"),
        (Comparison("age", "is", 3), "How old? = 3 years"),
        (Comparison("age", "above", 10), "How old? > 10 years"),
        (Comparison("age", "at_least", 10), "How old? >= 10 years"),
        (Comparison("age", "below", 2.5), "How old? < 2.5 years"),
        (Comparison("age", "at_most", 0), "How old? <= 0 years"),
        (AtLeast(1, ("ill", "sore")), "1 of 2"),
        (FactReference("ill_or_sore"), "ill_or_sore"),
        (AllOf((yes("ill"),)), "All"),
        (AnyOf((yes("ill"),)), "Any"),
        (Not(yes("ill")), "Not"),
    ],
    ids=str,
)
def test_a_condition_is_a_line(condition, line):
    assert WORDING.line(condition) == line
    assert WORDING.words(condition).text == line


@pytest.mark.parametrize(
    ("condition", "parts"),
    [
        (yes("ill"), ()),
        (AtLeast(1, ("sore", "ill")), (SORE, ILL)),
        (AllOf((yes("ill"), yes("sore"))), (ILL, SORE)),
        (AnyOf((yes("sore"), yes("ill"))), (SORE, ILL)),
        (Not(yes("sore")), (SORE,)),
        (FactReference("ill_or_sore"), (Words("Any", parts=(ILL, SORE)),)),
        (AllOf((Not(yes("ill")),)), (Words("Not", parts=(ILL,)),)),
    ],
    ids=str,
)
def test_a_condition_has_the_words_of_its_parts_and_of_its_fact(condition, parts):
    assert WORDING.words(condition).parts == parts


@pytest.mark.parametrize(
    ("if_unknown", "presumption"),
    [(None, None), (True, "else so"), (False, "else not")],
)
def test_a_presumption_is_said(if_unknown, presumption):
    assert WORDING.words(yes("ill", if_unknown)).presumption == presumption
    whole = WORDING.words(Not(yes("ill", if_unknown)))
    assert (whole.presumption, whole.parts[0].presumption) == (None, presumption)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_rule_has_words(library, language):
    catalogue = library.catalogue(language)
    wording = Wording(catalogue)
    flags = [flag.when for flag in catalogue.risk_flags.values() if flag.when]
    for condition in (*flags, *(check.when for check in catalogue.rules.checks)):
        assert_said(wording.words(condition))


def assert_said(words):
    assert words.text
    assert "{" not in words.text
    for part in words.parts:
        assert_said(part)
