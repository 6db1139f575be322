"""What raises each flag of the content, and what comes near: see flags.yaml."""

from pathlib import Path

import pytest

from api.domain.answers import check_answers
from api.domain.outcome import RANKS
from api.loader.strict_yaml import read_document

FLAGS = read_document(Path(__file__).with_name("flags.yaml")).data
CASES = [
    pytest.param(flag, kind, answers, id=f"{flag}-{kind}-{'-'.join(answers)}")
    for flag, said in FLAGS.items()
    for kind in ("raised_by", "presumed_by", "open_by", "not_by")
    for answers in said.get(kind, [])
]
"""The answer of a bare name is None: a yes."""


def test_every_flag_has_its_urgency_and_cases_on_both_sides(content):
    urgencies = {flag.id: flag.urgency for flag in content.risk_flags.values()}
    assert {id: said["urgency"] for id, said in FLAGS.items()} == urgencies
    assert all(said["raised_by"] and said["not_by"] for said in FLAGS.values())


@pytest.mark.parametrize(("flag", "kind", "answers"), CASES)
def test_a_flag_is_raised_by_what_should_raise_it(evaluator, flag, kind, answers):
    named = {id: answer or "yes" for id, answer in answers.items()}
    check_answers(named, evaluator.questionnaire.questions)
    found = evaluator.evaluate(evaluator.questionnaire.filled(named))
    assert _kind(flag, found) == kind
    if kind in ("raised_by", "presumed_by"):
        assert RANKS[found.level] >= RANKS[FLAGS[flag]["urgency"]]


def _kind(flag, found):
    for raised in found.flags:
        if raised.flag.id == flag:
            return "presumed_by" if raised.presumed else "raised_by"
    still_open = any(open_flag.flag.id == flag for open_flag in found.open_flags)
    return "open_by" if still_open else "not_by"
