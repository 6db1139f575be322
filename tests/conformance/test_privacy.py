"""Answers leave no trace in what the real server writes, whatever becomes of them.

A canary stands in bodies as a key and as a value, and in what is refused; then it must
be nowhere in the output of the server, errors and tracebacks included.
"""

import http.client
import json
import os
from urllib.parse import urlsplit

import pytest

from api.web.bodies import LARGEST_BODY
from tests.servers import ROOT, start_ready, stop

CANARY = "canary7f3a91"
CANARY_AGE = 61.738291465
"""A valid answer that nobody gives by chance."""

JSON = "application/json"
VALID = json.dumps({"answers": {"age_years": CANARY_AGE, "swelling": "one_calf"}})

BODIES = {
    "valid": (VALID, JSON, 200),
    "key": (f'{{"answers": {{"{CANARY}": "yes"}}}}', JSON, 422),
    "answer": (f'{{"answers": {{"warm": "{CANARY}"}}}}', JSON, 422),
    "extra key": (f'{{"answers": {{}}, "{CANARY}": "{CANARY}"}}', JSON, 422),
    "twice": (f'{{"answers": {{"{CANARY}": 1, "{CANARY}": 2}}}}', JSON, 422),
    "answers twice": (f'{{"answers": "{CANARY}", "answers": {{}}}}', JSON, 422),
    "no object": (f'["{CANARY}"]', JSON, 422),
    "deep": (f'{{"{CANARY}":' * 2500, JSON, 422),
    "not JSON": (f'{{"answers": {CANARY}', JSON, 400),
    "not UTF-8": (f'{{"answers": "{CANARY}'.encode() + b"\xff", JSON, 400),
    "too large": (CANARY * (LARGEST_BODY // 10), JSON, 413),
    "text": (CANARY, "text/plain", 415),
}

FAILING = """
from api.domain.evaluation import Evaluator

def evaluate(self, answers):
    raise RuntimeError(f"failed with {answers}")

Evaluator.evaluate = evaluate
"""
"""A sitecustomize: every process that finds it on its path has broken rules, and says
in the message what it was given."""


def post(base: str, body: str | bytes, media_type: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=30)
    sent = body.encode() if isinstance(body, str) else body
    headers = {"Content-Type": media_type, "Accept-Language": "en"}
    try:
        connection.request("POST", "/v1/risk-evaluations", sent, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def traces(output: str) -> list[str]:
    """The lines that have a canary."""
    canaries = (CANARY, str(CANARY_AGE))
    return [line for line in output.splitlines() if any(c in line for c in canaries)]


@pytest.fixture(scope="module")
def said():
    """The status of each request, and all that the server said meanwhile."""
    server, base = start_ready(NIGHTCRAMP_LOG="all")
    statuses = {name: post(base, *request[:2])[0] for name, request in BODIES.items()}
    return statuses, stop(server)


def test_each_body_was_answered_as_expected(said):
    statuses, _ = said
    assert statuses == {name: status for name, (*_, status) in BODIES.items()}


def test_no_answer_is_in_the_output_of_the_server(said):
    _, output = said
    assert '"event":"serving"' in output
    assert traces(output) == []


def test_no_answer_is_in_the_traceback_of_an_error_of_ours(tmp_path):
    (tmp_path / "sitecustomize.py").write_text(FAILING)
    server, base = start_ready(PYTHONPATH=os.pathsep.join([str(tmp_path), str(ROOT)]))
    status, body = post(base, VALID, JSON)
    output = stop(server)
    assert (status, json.loads(body)["status"]) == (500, 500)
    assert '"kind":"RuntimeError"' in output, "it failed, and said so"
    assert '"route":"/v1/risk-evaluations"' in output
    assert "in evaluate" in output, "and where"
    assert traces(output) == traces(body) == []


def test_the_search_for_traces_finds_them():
    assert traces(f"a\nPOST {CANARY}\nb") == [f"POST {CANARY}"]
    assert len(traces(VALID)) == 1
