"""The door: what comes over the wire is what Flask answers, whoever is slow or many."""

import asyncio
import http.client
import json
import random
import socket
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from urllib.parse import quote

import pytest
import structlog

from api import rsgi
from api.app import create_app
from api.config import Config
from api.rsgi import MOST_WAITING, Door
from api.telemetry.logs import Lines
from api.telemetry.metrics import Metrics
from api.telemetry.recorder import Recorder
from api.web.bodies import LARGEST_BODY
from tests import servers
from tests.odd_requests import odd_request

SEED = 11
REQUESTS = 600
PUBLIC_URL = "http://127.0.0.1:8000"

OF_THE_CONNECTION = {"server", "date", "x-request-id", "connection", "content-length"}
"""Headers that are the server's, not the answer's."""

SENT_AS_IT_IS = "/%"


@pytest.fixture(scope="module", params=["on", "off"])
def port(request):
    settings = {
        "NIGHTCRAMP_PUBLIC_URL": PUBLIC_URL,
        "NIGHTCRAMP_EDITION": request.param,
    }
    server, base = servers.start_ready(**settings)
    yield int(base.rpartition(":")[2])
    servers.stop(server)


def over_the_wire(connection, method, target, headers, body=None) -> tuple:
    connection.putrequest(method, target, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders(body)
    answer = connection.getresponse()
    return seen(answer.status, answer.headers.items(), answer.read())


def seen(status, headers, body) -> tuple:
    ours = [(name.lower(), value) for name, value in headers]
    return (
        status,
        sorted(pair for pair in ours if pair[0] not in OF_THE_CONNECTION),
        body,
    )


def test_an_odd_request_is_answered_as_by_flask(port, client):
    source = random.Random(SEED)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    for _ in range(REQUESTS):
        asked = odd_request(source)
        target = quote(asked["path"], safe=SENT_AS_IT_IS)
        if asked["query_string"]:
            target += "?" + quote(asked["query_string"], safe="/%=&+?:;,")
        length = {"Content-Length": "0"} if asked["method"] == "POST" else {}
        headers = asked["headers"] | length
        got = over_the_wire(connection, asked["method"], target, headers)
        path, _, query = target.partition("?")
        answer = client.open(
            path,
            query_string=query,
            method=asked["method"],
            headers=headers,
        )
        expected = seen(answer.status_code, answer.headers.to_wsgi_list(), answer.data)
        assert got == expected, asked
    connection.close()


def raw(port, data: bytes) -> tuple[int, dict, bytes]:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as client:
        client.sendall(data)
        answer = http.client.HTTPResponse(client)
        answer.begin()
        return answer.status, dict(answer.headers), answer.read()


def post(*headers: str, body: bytes = b"") -> bytes:
    head = ("POST /v1/risk-evaluations?lang=en HTTP/1.1", "Host: x", *headers, "", "")
    return "\r\n".join(head).encode() + body


JSON = "Content-Type: application/json"
ANSWERS = b'{"answers": {"swelling": "one_calf"}}'


def test_a_body_in_chunks_is_read(port):
    chunks = b"".join(b"%x\r\n%s\r\n" % (1, bytes([byte])) for byte in ANSWERS)
    request = post(JSON, "Transfer-Encoding: chunked", body=chunks + b"0\r\n\r\n")
    status, _, body = raw(port, request)
    assert (status, json.loads(body)["language"]) == (200, "en")


def test_a_body_in_chunks_that_never_end_is_too_large(port):
    chunk = b"%x\r\n%s\r\n" % (70_000, b" " * 70_000)
    status, _, body = raw(port, post(JSON, "Transfer-Encoding: chunked", body=chunk))
    assert (status, json.loads(body)["status"]) == (413, 413)


def test_a_body_that_says_it_is_too_large_is_not_waited_for(port):
    status, _, body = raw(port, post(JSON, "Content-Length: 9999999999"))
    assert (status, json.loads(body)["status"]) == (413, 413)


@pytest.mark.parametrize("expect", [(), ("Expect: 100-continue",)])
def test_a_body_that_says_it_is_a_byte_too_large_is_not_waited_for(port, expect):
    length = f"Content-Length: {LARGEST_BODY + 1}"
    status, _, body = raw(port, post(JSON, length, *expect))
    assert (status, json.loads(body)["status"]) == (413, 413)


def test_half_a_body_is_not_taken_for_a_whole_one(port):
    """Though it is a whole evaluation by itself: its client has hung up within it."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as client:
        client.sendall(post(JSON, f"Content-Length: {len(ANSWERS) + 1}", body=ANSWERS))
        client.shutdown(socket.SHUT_WR)
        answer = http.client.HTTPResponse(client)
        answer.begin()
        assert (answer.status, json.loads(answer.read())["status"]) == (400, 400)


@pytest.mark.parametrize("query", ["verdict=судорога", "судорога", "lang=ру"])
def test_a_query_with_letters_beyond_ascii_is_read(port, query):
    request = f"GET /v1/causes?{query} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    status, headers, _ = raw(port, request)
    assert status in (406, 422)
    assert headers["content-type"] == "application/problem+json"


def test_an_offer_to_change_the_protocol_is_ignored(port):
    request = (
        b"GET /v1/causes/alcohol HTTP/1.1\r\nHost: x\r\n"
        b"Connection: upgrade\r\nUpgrade: websocket\r\n\r\n"
    )
    assert raw(port, request)[0] == 200


def test_headers_of_one_name_count_together(port):
    request = (
        b"GET /v1/causes/alcohol HTTP/1.1\r\nHost: x\r\n"
        b"Accept-Language: en;q=0.1\r\nAccept-Language: ru\r\n\r\n"
    )
    assert raw(port, request)[1]["content-language"] == "ru"


def test_a_name_with_an_underscore_is_not_another_name(port):
    request = (
        b"GET /v1/causes/alcohol HTTP/1.1\r\nHost: x\r\nAccept_Language: ru\r\n\r\n"
    )
    assert raw(port, request)[1]["content-language"] == "en"


def test_an_address_that_is_too_long_is_a_problem(port):
    request = b"GET /v1/search?q=" + b"x" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n"
    status, headers, body = raw(port, request)
    assert (status, json.loads(body)["status"]) == (414, 414)
    assert headers["content-type"] == "application/problem+json"


def test_the_software_of_the_server_is_not_told(port):
    _, headers, _ = raw(port, b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")
    assert headers["server"] == "nightcramp"


class Headers(dict):
    def get_all(self, name):
        return [self[name]] if name in self else []


class Protocol:
    """Stands in for the server: `chunks` is a body that comes after `seconds`."""

    def __init__(self, chunks=(), seconds=0.0):
        self.chunks, self.seconds = chunks, seconds

    async def __aiter__(self):
        await asyncio.sleep(self.seconds)
        for chunk in self.chunks:
            yield chunk

    def response_bytes(self, status, headers, body):
        self.status, self.headers = status, dict(headers)
        self.problem = json.loads(body)


def scope_of(method, path, **headers):
    return SimpleNamespace(
        method=method,
        path=path,
        query_string="",
        headers=Headers({name.replace("_", "-"): v for name, v in headers.items()}),
        server="127.0.0.1:8000",
        client="127.0.0.1:1234",
    )


@pytest.fixture
def door(library):
    metrics = Metrics()
    app = create_app(library, Config(rate_limit=False), metrics)
    return Door(app, Recorder(metrics, Lines(lambda count: None), "none"))


def ask(door, scope, protocol):
    """One request, as a worker would answer it that was started for it alone."""

    async def run():
        loop = asyncio.get_running_loop()
        door.__rsgi_init__(loop)
        await door.__rsgi__(scope, protocol)
        door.__rsgi_del__(loop)

    # In a thread: a browser test of this process may have left a loop in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, run()).result()
    return protocol


def test_a_body_that_does_not_come_is_a_problem(door, monkeypatch):
    monkeypatch.setattr(rsgi, "SECONDS_FOR_BODY", 0.05)
    scope = scope_of(
        "POST",
        "/v1/risk-evaluations",
        content_length="5",
        content_type="application/json",
        accept_language="ru",
    )
    answer = ask(door, scope, Protocol(seconds=5))
    assert (answer.status, answer.problem["status"]) == (408, 408)
    assert answer.problem["type"].endswith("/problems/request-timeout")
    assert answer.headers["Content-Language"] == "ru"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("language", ["en", "ru"])
def test_more_than_can_be_done_is_a_problem(door, language):
    door.waiting = MOST_WAITING
    scope = scope_of("GET", "/v1/search", accept_language=language)
    answer = ask(door, scope, Protocol())
    assert (answer.status, answer.problem["status"]) == (503, 503)
    assert answer.headers["Content-Language"] == language
    assert answer.headers["Retry-After"] == "1"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_what_waits_for_its_body_is_counted_when_that_is_there(door):
    """Bodies that are held back and come together are no way around the limit."""

    class Together(Protocol):
        async def __aiter__(self):
            door.waiting = MOST_WAITING  # while this one waited for its body
            yield b"{}"

    scope = scope_of("POST", "/v1/risk-evaluations", content_length="2")
    answer = ask(door, scope, Together())
    assert answer.status == 503
    assert answer.problem["instance"] == "/v1/risk-evaluations"


def test_what_fails_around_flask_is_a_problem_and_its_message_is_not_logged(
    door, monkeypatch
):
    def fail(app, environ):
        raise RuntimeError(environ["PATH_INFO"])

    monkeypatch.setattr(rsgi, "ask", fail)
    with structlog.testing.capture_logs() as logged:
        answer = ask(door, scope_of("GET", "/v1/search"), Protocol())
    assert (answer.status, answer.problem["status"]) == (500, 500)
    assert answer.problem["type"].endswith("/problems/internal-error")
    (line,) = logged
    assert (line["event"], line["kind"]) == ("failed", "RuntimeError")
    assert "/v1/search" not in str(line)
    assert line["request_id"] == answer.headers["x-request-id"]


def test_the_date_follows_a_clock_that_is_set_back(door, monkeypatch):
    dates = []
    for now in (1795642820.9, 1795642821.1, 1795556421.0):
        monkeypatch.setattr(rsgi, "time", lambda now=now: now)
        answer = ask(door, scope_of("GET", "/v1/causes/nowhere"), Protocol())
        dates.append(answer.headers["date"])
    assert dates == [
        "Wed, 25 Nov 2026 21:40:20 GMT",
        "Wed, 25 Nov 2026 21:40:21 GMT",
        "Tue, 24 Nov 2026 21:40:21 GMT",
    ]


def test_what_is_ready_is_answered_even_then(door):
    scope = scope_of("GET", "/v1/causes/alcohol")
    ask(door, scope, Protocol())
    door.waiting = MOST_WAITING
    assert ask(door, scope, Protocol()).status == 200


def test_no_work_is_forgotten(door):
    ask(door, scope_of("GET", "/v1/causes/nowhere"), Protocol())
    assert door.waiting == 0


def test_an_app_that_is_exchanged_answers_from_then_on(door, history):
    scope = scope_of("GET", "/health/ready")
    before = ask(door, scope, Protocol()).problem["content_version"]
    door.serve(create_app(history.first.library, Config(rate_limit=False)))
    after = ask(door, scope, Protocol()).problem["content_version"]
    assert (before != after, after) == (True, history.first.library.release.version)
