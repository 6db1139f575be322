"""/v1/contract-kit: what there is, checks with stable ids, and vectors to try."""

import json
import re

import pytest
import werkzeug

from api.domain.items import KINDS
from tests.endpoints.lists import everything, ids
from tests.releases import LOST, WITHDRAWN
from tests.test_contract import CONTRACT

PATH = "/v1/contract-kit"
LEVELS = {"emergency", "same_day", "see_doctor_soon", "self_care", "undetermined"}
KINDS_OF_EXPECTATION = {"equals", "matches", "type", "absent"}


@pytest.fixture(scope="module")
def kit(client):
    return client.get(PATH).get_json()


@pytest.fixture(scope="module")
def ids_of(kit):
    return {group["kind"]: group for group in kit["ids"]}


@pytest.fixture(scope="module")
def checks(kit):
    return kit["checks"]


@pytest.mark.parametrize("kind", KINDS)
def test_its_ids_are_those_of_the_list(client, ids_of, kind):
    group = ids_of[kind]
    assert group["ids"] == ids(everything(client, f"/v1/{kind}"))
    assert group["path"] == f"/v1/{kind}/{{id}}"
    assert group["withdrawn"] == []


def test_its_questions_are_those_of_the_questionnaire(client, ids_of):
    groups = client.get("/v1/risk-questions").get_json()["groups"]
    asked = [question["id"] for group in groups for question in group["questions"]]
    assert ids_of["risk-questions"]["ids"] == asked
    assert "path" not in ids_of["risk-questions"]


def test_no_kind_is_left_out(ids_of):
    assert list(ids_of) == [*KINDS, "risk-questions"]


def test_a_withdrawn_id_moves_to_those_that_answer_410(history):
    client = history.first.client
    groups = {group["kind"]: group for group in client.get(PATH).get_json()["ids"]}
    for address in (WITHDRAWN, LOST):
        kind, _, id = address.partition("/")
        assert id in groups[kind]["withdrawn"]
        assert id not in groups[kind]["ids"]
    for group in groups.values():
        for id in group["withdrawn"]:
            assert client.get(group["path"].format(id=id)).status_code == 410


def test_its_codes_are_those_of_the_service_document(client, kit):
    served = client.get("/v1").get_json()["vocabularies"]
    assert kit["vocabularies"] == [
        {"id": one["id"], "codes": [term["id"] for term in one["terms"]]}
        for one in served
    ]


def test_it_names_the_versions_of_the_service_document(client, kit):
    service = client.get("/v1").get_json()
    for name in ("api_version", "content_version", "ruleset_version"):
        assert kit[name] == service[name]


def test_it_is_the_same_in_every_language(client):
    english, russian = (client.get(f"{PATH}?lang={tag}") for tag in ("en", "ru"))
    assert english.data == russian.data
    assert "Content-Language" not in english.headers
    assert "Accept-Language" not in english.headers["Vary"]


def test_each_link_of_it_answers(client, kit):
    for address in kit["links"].values():
        assert client.get(address).status_code == 200, address


def test_each_check_has_an_id_of_its_own_and_a_sentence(checks):
    assert len(checks) > 50
    assert len({check["id"] for check in checks}) == len(checks)
    for check in checks:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", check["id"])
        assert re.fullmatch(r"[A-Z?].*[^.]\.", check["purpose"])


def test_each_expectation_says_one_thing_of_one_value(checks):
    for check in checks:
        expected = check["expect"]
        for place, of in (("name", expected["headers"]), ("pointer", expected["body"])):
            for one in of:
                assert len(one.keys() & KINDS_OF_EXPECTATION) == 1, check["id"]
                assert one.keys() - KINDS_OF_EXPECTATION == {place}


def test_each_kind_of_expectation_is_used(checks):
    told = [one for check in checks for one in check["expect"]["body"]]
    assert {key for one in told for key in one} == {*KINDS_OF_EXPECTATION, "pointer"}


def test_each_operation_of_the_contract_is_asked(checks):
    """A new endpoint wants a check: see api/web/checks.py."""
    rules = [
        werkzeug.routing.Rule(re.sub(r"{(\w+)}", r"<\1>", path), endpoint=path)
        for path in CONTRACT["paths"]
    ]
    routes = werkzeug.routing.Map(rules, strict_slashes=False).bind("")
    asked = set()
    for check in checks:
        path = check["request"]["path"].partition("?")[0]
        if routes.test(path) and check["expect"]["status"] == 200:
            asked.add((routes.match(path)[0], check["request"]["method"].lower()))
    contracted = {
        (path, method)
        for path, methods in CONTRACT["paths"].items()
        for method in methods
        if method != "parameters"
    }
    assert contracted - asked == set()


def test_it_asks_for_every_kind_of_refusal(checks):
    statuses = {check["expect"]["status"] for check in checks}
    assert {200, 304, 404, 405, 406, 415, 422} == statuses


def test_a_check_that_evaluates_says_that_it_needs_that(checks):
    for check in checks:
        evaluates = check["request"]["method"] == "POST"
        assert ("evaluation" in check["needs"]) is evaluates, check["id"]


def test_what_a_check_is_bound_to_is_a_version_of_the_kit(checks, kit):
    bound = {check["bound_to"] for check in checks if "bound_to" in check}
    assert bound == {"content_version", "ruleset_version"}
    assert bound <= kit.keys()


def test_its_vectors_are_among_all_vectors(client, kit):
    whole = client.get(kit["links"]["vectors"]).get_json()
    everyone = {vector["id"]: vector for vector in whole["vectors"]}
    assert kit["vectors"]["total"] == whole["total"]
    for vector in kit["vectors"]["sample"]:
        assert vector == everyone[vector["id"]]


def test_its_vectors_come_to_every_level_settled_and_not(kit):
    sample = kit["vectors"]["sample"]
    results = [vector["result"]["urgency"] for vector in sample]
    found = {(result["level"], result["settled"]) for result in results}
    assert {level for level, _ in found} == LEVELS
    assert {(level, False) for level in LEVELS - {"emergency"}} <= found
    assert {(level, True) for level in LEVELS - {"undetermined"}} <= found
    assert 15 <= len({json.dumps(vector) for vector in sample}) == len(sample) <= 30
