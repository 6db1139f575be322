"""The log of the real service: a line for each request, and nothing about a person."""

import http.client
import json
from urllib.parse import urlsplit

import pytest

from tests import servers

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
CANARY = "canary5d21f0"
CLIENT = "127.77.3.9"
"""An address of this machine that nothing else has."""

JSON = {"Content-Type": "application/json"}
ANSWERS = f'{{"answers": {{"{CANARY}": "yes"}}}}'

ASKED = [
    ("GET", "/v1/causes/alcohol", {}, None, 200, "/v1/causes/<string:id>"),
    ("HEAD", "/v1/causes/alcohol?lang=ru", {}, None, 200, "/v1/causes/<string:id>"),
    ("GET", f"/v1/causes/{CANARY}", {}, None, 404, "/v1/causes/<string:id>"),
    ("GET", f"/v1/search?q={CANARY}", {}, None, 200, "/v1/search"),
    ("GET", f"/v1/search?{CANARY}=1", {}, None, 422, "/v1/search"),
    ("GET", f"/{CANARY}", {}, None, 404, "unmatched"),
    ("POST", "/v1/risk-evaluations", JSON, ANSWERS, 422, "/v1/risk-evaluations"),
    ("POST", "/v1/risk-evaluations", {}, CANARY, 415, "/v1/risk-evaluations"),
    ("GET", "/v1", {"Cookie": CANARY, "User-Agent": CANARY}, None, 200, "/v1"),
    ("GET", "/v1", {"Referer": f"http://{CANARY}/"}, None, 200, "/v1"),
    ("GET", "/v1/causes", {"If-None-Match": CANARY}, None, 200, "/v1/causes"),
    ("PUT", "/v1/causes", {}, CANARY, 405, "unmatched"),
    (CANARY.upper(), "/v1/causes", {}, None, 405, "unmatched"),
]

TAKEN_OVER = [
    ({"X-Request-Id": "night-3.am/7"}, "night-3.am/7"),
    ({"traceparent": f"00-{TRACE}-{PARENT}-01"}, TRACE),
]
FORGED = ['a", "level": "error', "a b", "x" * 129, "é", "{}", "a\tb", ""]


@pytest.fixture(scope="module")
def logged(tmp_path_factory):
    """Answers to all of it, and what the service has said when it has stopped."""
    log = tmp_path_factory.mktemp("logs") / "log"
    with log.open("wb") as file:
        server, base = servers.start_ready(output=file, NIGHTCRAMP_LOG="all")
        connection = http.client.HTTPConnection(
            urlsplit(base).netloc, timeout=20, source_address=(CLIENT, 0)
        )
        answers = [ask(connection, *asked[:4]) for asked in ASKED]
        answers += [ask(connection, "GET", "/v1", taken) for taken, _ in TAKEN_OVER]
        answers += [
            ask(connection, "GET", "/v1", {"X-Request-Id": forged}) for forged in FORGED
        ]
        connection.close()
        server.terminate()
        assert server.wait(30) == 0
    return answers, log.read_text(encoding="utf-8")


def ask(connection, method, address, headers, body=None) -> tuple[int, str]:
    named = {name: value.encode("latin-1") for name, value in headers.items()}
    connection.request(method, address, body, named)
    answer = connection.getresponse()
    answer.read()
    return answer.status, answer.headers["X-Request-Id"]


@pytest.fixture(scope="module")
def requests(logged):
    """The lines of requests by their ids; the probe that waited for the start is not
    among those that were asked for."""
    lines = [json.loads(line) for line in logged[1].splitlines()]
    found = [line for line in lines if line["event"] == "request"]
    return [line for line in found if line["route"] != "/health/ready"]


def test_every_request_has_one_line_with_its_route_status_and_id(logged, requests):
    answers, _ = logged
    assert [(line["status"], line["request_id"]) for line in requests] == answers
    asked = [(method, status, route) for method, *_, status, route in ASKED]
    found = [(line["method"], line["status"], line["route"]) for line in requests]
    assert found[: len(ASKED)] == asked
    for line in requests:
        assert line["milliseconds"] >= 0
        assert line["bytes"] >= 0


def test_an_id_that_is_sent_comes_back_and_stands_in_the_line(logged, requests):
    answers, _ = logged
    first = len(ASKED)
    for number, (_, id) in enumerate(TAKEN_OVER, first):
        assert answers[number] == (200, id)
        assert requests[number]["request_id"] == id
    traced = requests[first + 1]
    assert (traced["trace_id"], traced["parent_id"]) == (TRACE, PARENT)


def test_an_id_that_could_forge_a_line_does_not(logged):
    answers, said = logged
    forged = answers[-len(FORGED) :]
    for id, (status, given) in zip(FORGED, forged, strict=True):
        assert status == 200
        assert len(given) == 32
        assert not id or f'"{id}"' not in said


def test_nothing_that_a_person_asked_or_answered_is_logged(logged):
    _, said = logged
    assert "/v1/search" in said
    for word in (CANARY, "alcohol", CLIENT):
        assert word not in said
