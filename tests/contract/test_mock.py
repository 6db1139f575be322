"""Prism plays the service from the contract alone, for front ends without a service."""

import json
import subprocess
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from urllib.parse import quote, urlencode

import pytest

from tests.contract.described import (
    DESCRIPTION_FILE,
    OPERATIONS,
    Request,
    example_answer,
    example_request,
)
from tests.contract.tools import FOLDER, program
from tests.nginx import wait_until_listening
from tests.servers import SECONDS_TO_START, free_port, stop
from tests.test_contract import TOO_LONG, problems

SHORT = [id for id in OPERATIONS if id not in TOO_LONG]
OTHERS = [
    (id, status)
    for id, (_, _, operation) in OPERATIONS.items()
    for status in operation["responses"]
    if status != "200"
]


@pytest.fixture(scope="module")
def mock(report) -> Iterator[Callable]:
    """Asks the mock, which refuses requests that are not as in the contract."""
    port = free_port()
    server = subprocess.Popen(
        [program("prism"), "mock", "--errors", "-p", str(port), str(DESCRIPTION_FILE)],
        cwd=FOLDER,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    asked = []

    def ask(request: Request, **headers: str):
        asked.append(request)
        return answer_of(port, request, headers)

    wait_until_listening(server, port, SECONDS_TO_START)
    yield ask
    stop(server)
    report(f"prism: {len(asked)} requests asked of the mock")


def answer_of(port: int, request: Request, headers: dict[str, str]):
    """The status of the answer, its media type and what it says."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    query = urlencode(request.query, quote_via=quote)
    body = request.body and json.dumps(request.body)
    sent = {**request.headers, **headers}
    if body:
        sent["Content-Type"] = "application/json"
    target = f"{request.path}?{query}"
    connection.request(request.method.upper(), target, body, sent)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    media_type = answer.headers.get_content_type() if text else None
    return answer.status, media_type, said(text, media_type)


def said(text: str, media_type: str | None):
    return json.loads(text) if media_type and media_type.endswith("json") else text


@pytest.mark.parametrize("operation_id", SHORT)
def test_an_example_request_gets_the_example(mock, operation_id):
    status, _, body = mock(example_request(operation_id))
    assert status == 200
    assert body == example_answer(operation_id, "200")
    assert problems(body, operation_id) == []


@pytest.mark.parametrize("operation_id", sorted(TOO_LONG))
def test_where_the_example_would_be_too_long_the_mock_makes_one_up(mock, operation_id):
    status, _, body = mock(example_request(operation_id))
    assert status == 200
    assert problems(body, operation_id) == []


@pytest.mark.parametrize(("operation_id", "status"), OTHERS)
def test_every_other_answer_can_be_asked_for(mock, operation_id, status):
    request = example_request(operation_id)
    answered, media_type, body = mock(request, Prefer=f"code={status}")
    assert answered == int(status)
    if status == "304":
        assert body == ""
        return
    assert media_type == "application/problem+json"
    assert body == example_answer(operation_id, status)
    assert body["status"] == answered
    assert problems(body, operation_id, answered) == []


def test_a_request_that_is_not_as_described_is_refused(mock):
    wrong = Request("get", "/v1/causes", {"page": "0"}, {})
    status, _, body = mock(wrong)
    assert status == 422
    assert body["errors"]
