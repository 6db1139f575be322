"""GET /v1/risk-rules/vectors: what any evaluator of these rules must come to."""

import json
import random

import pytest

from schemas.vectors import brief

PATH = "/v1/risk-rules/vectors"
SAMPLE = 100
LEVELS = {"emergency", "same_day", "see_doctor_soon", "self_care", "undetermined"}


@pytest.fixture(scope="module")
def answer(client):
    return client.get(PATH).get_json()


@pytest.fixture(scope="module")
def vectors(answer):
    return answer["vectors"]


def same_shape(expected, found):
    """`found` with the keys of `expected` only, at every depth."""
    if isinstance(expected, dict):
        return {key: same_shape(part, found[key]) for key, part in expected.items()}
    if isinstance(expected, list):
        return [same_shape(*pair) for pair in zip(expected, found, strict=True)]
    return found


def test_there_are_enough_and_each_has_a_name(answer, vectors):
    assert answer["total"] == len(vectors) >= 1000
    assert len({vector["id"] for vector in vectors}) == len(vectors)


def test_no_answers_stand_twice(vectors):
    answers = {json.dumps(vector["answers"], sort_keys=True) for vector in vectors}
    assert len(answers) == len(vectors)


def test_they_belong_to_a_rule_set(answer, client, library):
    rules = client.get("/v1/risk-rules").get_json()
    assert answer["ruleset_version"] == library.release.ruleset_version
    assert answer["ruleset_version"] == rules["ruleset_version"]
    assert answer["links"]["rules"] == rules["links"]["self"]
    assert rules["links"]["vectors"] == answer["links"]["self"]


def test_they_are_the_same_in_every_language(client):
    english, russian = (client.get(f"{PATH}?lang={tag}").data for tag in ("en", "ru"))
    assert english == russian


def test_every_flag_is_raised_and_every_other_one_left_open(vectors, library):
    flags = library.catalogue("en").risk_flags.values()
    raised = {flag["id"] for v in vectors for flag in v["result"]["flags"]}
    still_open = {flag["id"] for v in vectors for flag in v["result"]["open_flags"]}
    assert raised == {flag.id for flag in flags}
    assert still_open == {flag.id for flag in flags if not flag.computed}


def test_every_level_is_come_to(vectors):
    assert {v["result"]["urgency"]["level"] for v in vectors} == LEVELS
    could = {v["result"]["urgency"]["could_reach"] for v in vectors}
    assert could == LEVELS - {"undetermined"}


def test_everything_that_a_result_can_tell_is_told(vectors, library):
    results = [vector["result"] for vector in vectors]
    rules = library.catalogue("en").rules
    asked = {question.id for question in rules.questions}
    warned = {id for result in results for id in result["warnings"]}
    assert warned == {check.id for check in rules.checks}
    assert {result["urgency"]["settled"] for result in results} == {True, False}
    assert {f["presumed"] for r in results for f in r["flags"]} == {True, False}
    assert {q["id"] for r in results for q in r["unresolved"]} == asked
    assert all(any(result[key] for result in results) for key in results[0])


def test_every_question_is_answered_and_left_out(vectors, library):
    asked = {question.id for question in library.catalogue("en").rules.questions}
    assert {id for vector in vectors for id in vector["answers"]} == asked
    for id in asked:
        assert any(id not in vector["answers"] for vector in vectors), id


def test_every_vignette_is_among_them(vectors, library):
    vignettes = library.catalogue("en").vignettes
    assert {f"vignette-{id}" for id in vignettes} <= {v["id"] for v in vectors}


def test_each_is_what_the_evaluator_of_the_app_comes_to(vectors, app):
    evaluator = app.extensions["evaluator"]
    for vector in vectors:
        found = brief(evaluator.evaluate(vector["answers"]))
        assert json.loads(json.dumps(found)) == vector["result"], vector["id"]


def test_each_is_what_the_endpoint_answers(vectors, client):
    """A sample, another one with each rule set."""
    for vector in random.Random(len(vectors)).sample(vectors, SAMPLE):
        body = {"answers": vector["answers"]}
        found = client.post("/v1/risk-evaluations", json=body).get_json()
        found["warnings"] = [warning["id"] for warning in found["warnings"]]
        assert same_shape(vector["result"], found) == vector["result"], vector["id"]
