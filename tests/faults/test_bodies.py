"""Requests that are too much, too deep or no HTTP: each is refused, nothing breaks."""

import json
import os

import pytest

from api.web.bodies import LARGEST_BODY
from tests.faults.raw import exchange, is_problem, statuses
from tests.faults.services import running

HEAD = "Host: localhost\r\nConnection: close\r\n"
GET = f"GET /v1/search?q=calf HTTP/1.1\r\n{HEAD}"
POST = f"POST /v1/risk-evaluations HTTP/1.1\r\n{HEAD}Content-Type: application/json\r\n"
KEPT_POST = POST.replace("Connection: close\r\n", "")
WHOLE = '{"answers": {}}'
NEXT = f"GET /health/live HTTP/1.1\r\n{HEAD}\r\n"
CHUNKED = "Transfer-Encoding: chunked\r\n\r\n"
TOO_LARGE = LARGEST_BODY + 1

OWN = "a problem of ours"
SERVER = "an empty answer of the server library"
CLOSED = "a closed connection"


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    with running(tmp_path_factory.mktemp("bodies"), NIGHTCRAMP_LOG="all") as service:
        yield service


@pytest.fixture(autouse=True)
def _unharmed(service):
    """The same workers as before, no failure of ours, and right answers."""
    workers = service.workers()
    yield
    assert service.workers() == workers
    assert service.failures() == 0
    assert '"failed"' not in service.said()
    assert "Traceback" not in service.said()
    answered = exchange(
        service.port, f"{POST}Content-Length: 15\r\n\r\n{WHOLE}".encode()
    )
    assert statuses(answered) == [200]


def answers(inner: str) -> str:
    return f'{{"answers": {{{inner}}}}}'


def many_keys(number: int, different: int) -> str:
    return ",".join(f'"{key % different:x}":1' for key in range(number))


BODIES = {
    "65,536 brackets": ("[" * LARGEST_BODY, 422),
    "32,768 pairs of brackets": ("[" * 32768 + "]" * 32768, 422),
    "10,000 objects in each other": ('{"a":' * 10000 + "1" + "}" * 10000, 422),
    "32,000 lists in answers": (
        f'{{"answers":{"[" * 32000}{"]" * 32000}}}',
        422,
    ),
    "900 lists in an answer": (
        answers(f'"age_years": {"[" * 900}{"]" * 900}'),
        422,
    ),
    "a number beyond all numbers": (answers('"age_years": 1e999'), 422),
    "a number beyond all, negative": (answers('"age_years": -1e999'), 422),
    "5,000 digits": (answers(f'"age_years": {"9" * 5000}'), 400),
    "4,000 digits": (answers(f'"age_years": {"9" * 4000}'), 422),
    "60,000 digits and a fraction": (answers(f'"age_years": {"9" * 60000}.5'), 422),
    "NaN": (answers('"age_years": NaN'), 422),
    "Infinity": (answers('"age_years": Infinity'), 422),
    "a lone surrogate": (answers('"\\ud800": "yes"'), 400),
    "a lone surrogate as an answer": (answers('"swelling": "\\udfff"'), 400),
    "not UTF-8": (b'{"answers": {"swelling": "\xff\xfe"}}', 400),
    "UTF-16": (WHOLE.encode("utf-16"), 400),
    "a byte order mark": (b"\xef\xbb\xbf" + WHOLE.encode(), 400),
    "a NUL": (answers('"\\u0000": "yes"'), 422),
    "a raw NUL": (b'{"answers": {"\x00": "yes"}}', 400),
    "a key twice": ('{"answers": {}, "answers": {}}', 422),
    "an answer twice": (answers('"age_years": 50, "age_years": 51'), 422),
    "7,000 keys": (answers(many_keys(7000, 7000)), 422),
    "7,000 keys, one twice": (answers(many_keys(7001, 7000)), 422),
    "7,000 keys around": (f"{{{many_keys(7000, 7000)}}}", 422),
    "10,000 times one key": (answers(many_keys(10000, 1)), 422),
    "nothing": ("", 400),
    "half of it": (WHOLE[:7], 400),
    "two of it": (WHOLE * 2, 400),
    "a list": ("[]", 422),
    "null": ("null", 422),
    "one byte too many": (f"{WHOLE:{TOO_LARGE}}", 413),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_is_not_what_it_should_be_is_refused(service, name):
    body, status = BODIES[name]
    data = body if isinstance(body, bytes) else body.encode()
    head = f"{POST}Content-Length: {len(data)}\r\n\r\n".encode()
    answered = exchange(service.port, head + data, seconds=5)
    assert statuses(answered) == [status]
    assert is_problem(answered)


def test_the_largest_body_is_read(service):
    sent = f"{POST}Content-Length: {LARGEST_BODY}\r\n\r\n{WHOLE:{LARGEST_BODY}}"
    assert statuses(exchange(service.port, sent.encode())) == [200]


def test_a_flawed_body_takes_no_longer_than_a_good_one(service):
    """Looking for keys that stand twice once took 1.5 s for a body like this."""
    for name in ("7,000 keys, one twice", "10,000 times one key"):
        body = BODIES[name][0]
        sent = f"{POST}Content-Length: {len(body)}\r\n\r\n{body}"
        exchange(service.port, sent.encode())
    seconds = service.counted(
        "nightcramp_request_duration_seconds_bucket",
        route="/v1/risk-evaluations",
        le="0.25",
    )
    everything = service.counted(
        "nightcramp_request_duration_seconds_count", route="/v1/risk-evaluations"
    )
    assert seconds == everything


LENGTHS = {
    "declared too large": (f"{POST}Content-Length: {TOO_LARGE}\r\n\r\n", [413], OWN),
    "declared too large, and asked first": (
        f"{POST}Expect: 100-continue\r\nContent-Length: {TOO_LARGE}\r\n\r\n",
        [413],
        OWN,
    ),
    "too large, and more than that": (
        f"{POST}Content-Length: 3000000\r\n\r\n{' ' * 2_000_000}",
        [413],
        OWN,
    ),
    "chunks without end": (
        f"{POST}{CHUNKED}" + f"1000\r\n{' ' * 4096}\r\n" * 100,
        [413],
        OWN,
    ),
    "chunks of a byte without end": (
        f"{POST}{CHUNKED}" + "1\r\n \r\n" * 70000,
        [413],
        OWN,
    ),
    "a chunk of all bytes there are": (
        f"{POST}{CHUNKED}ffffffffffffffff\r\n{WHOLE}{' ' * TOO_LARGE}",
        [413],
        OWN,
    ),
    "a chunk larger than can be": (
        f"{POST}{CHUNKED}1000000000000000f\r\n{WHOLE}",
        [400],
        OWN,
    ),
    "a chunk with a long remark": (
        f"{POST}{CHUNKED}f;{'a' * 20000}\r\n{WHOLE}\r\n0\r\n\r\n",
        [400],
        OWN,
    ),
    "a chunk without a length": (
        f"{POST}{CHUNKED}zz\r\n{WHOLE}\r\n0\r\n\r\n",
        [400],
        OWN,
    ),
    "less than declared": (f"{POST}Content-Length: 30\r\n\r\n{WHOLE}", [408], OWN),
    "asked first, then nothing": (
        f"{POST}Expect: 100-continue\r\nContent-Length: 30\r\n\r\n",
        [100, 408],
        None,
    ),
    "more than declared": (
        f"{KEPT_POST}Content-Length: 15\r\n\r\n{WHOLE}{WHOLE}\r\n\r\n",
        [200, 400],
        None,
    ),
    "length no number": (f"{POST}Content-Length: two\r\n\r\n{{}}", [400], SERVER),
    "length negative": (f"{POST}Content-Length: -1\r\n\r\n{{}}", [400], SERVER),
    "length with a sign": (f"{POST}Content-Length: +2\r\n\r\n{{}}", [400], SERVER),
    "length of 25 digits": (
        f"{POST}Content-Length: {'9' * 25}\r\n\r\n{{}}",
        [400],
        SERVER,
    ),
    "length of 2**63": (f"{POST}Content-Length: {2**63}\r\n\r\n{{}}", [413], OWN),
    "length of 2**64-1": (
        f"{POST}Content-Length: {2**64 - 1}\r\n\r\n{{}}",
        [431],
        SERVER,
    ),
}

SMUGGLED = {
    "two lengths": (
        f"{POST}Content-Length: 2\r\nContent-Length: 15\r\n\r\n{WHOLE}",
        [400],
        SERVER,
    ),
    "lengths in a list": (
        f"{POST}Content-Length: 15, 15\r\n\r\n{WHOLE}",
        [400],
        SERVER,
    ),
    # The chunks are what counts, and the connection ends: RFC 9112, 6.3.
    "a length, and chunks": (
        f"{KEPT_POST}Content-Length: 4\r\n{CHUNKED}2\r\n{{}}\r\n0\r\n\r\n{NEXT}",
        [422],
        OWN,
    ),
    "chunks, and a length": (
        f"{KEPT_POST}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n"
        f"2\r\n{{}}\r\n0\r\n\r\n{NEXT}",
        [422],
        OWN,
    ),
    "a coding that is none": (
        f"{KEPT_POST}Transfer-Encoding: xchunked\r\n\r\n{WHOLE}{NEXT}",
        [400],
        SERVER,
    ),
    "chunks, then a coding": (
        f"{KEPT_POST}Transfer-Encoding: chunked, identity\r\n\r\n{WHOLE}{NEXT}",
        [400],
        SERVER,
    ),
    "chunks in HTTP/1.0": (
        f"{KEPT_POST.replace('1.1', '1.0')}{CHUNKED}0\r\n\r\n{NEXT}",
        [400],
        SERVER,
    ),
    "a space before a colon": (f"{GET}Content-Length : 2\r\n\r\n{{}}", [400], SERVER),
    "a space before a header": (f"{GET} Content-Length: 2\r\n\r\n{{}}", [400], SERVER),
    "a folded header": (f"{GET}X-Folded: a\r\n b\r\n\r\n", [400], SERVER),
    "a carriage return alone": (
        f"{GET}X-A: b\rContent-Length: 2\r\n\r\n",
        [400],
        SERVER,
    ),
    "a request in a body": (
        f"{GET.replace('Connection: close', 'X-A: b')}Content-Length: {len(NEXT)}"
        f"\r\n\r\n{NEXT}{NEXT}",
        [200, 200],
        None,
    ),
}

HEADS = {
    "2,000 headers": (
        GET + "".join(f"X-{n}: a\r\n" for n in range(2000)),
        [431],
        SERVER,
    ),
    "a header of 1 MB": (f"{GET}X-Long: {'a' * 1_000_000}\r\n", [431], SERVER),
    "a name of 1 MB": (f"{GET}{'a' * 1_000_000}: b\r\n", [431], SERVER),
    "an address of 100 kB": (f"GET /{'a' * 100_000} HTTP/1.1\r\n{HEAD}", [431], SERVER),
    "an address of 9 kB": (f"GET /{'a' * 9_000} HTTP/1.1\r\n{HEAD}", [414], OWN),
    "a query of 9 kB": (f"GET /v1?{'a' * 9_000} HTTP/1.1\r\n{HEAD}", [414], OWN),
    "a method of 9 kB": (f"{'G' * 9_000} /v1 HTTP/1.1\r\n{HEAD}", [405], OWN),
    "a NUL in the address": (f"GET /v1/\0 HTTP/1.1\r\n{HEAD}", [400], SERVER),
    "a NUL in a header": (f"{GET}X-A: a\0b\r\n", [400], SERVER),
    "a NUL, encoded": (f"GET /v1/causes/%00 HTTP/1.1\r\n{HEAD}", [404], OWN),
    "no UTF-8, encoded": (f"GET /v1/causes/%ff%fe HTTP/1.1\r\n{HEAD}", [404], OWN),
    "no UTF-8 in a query, encoded": (
        f"GET /v1/causes?verdict=%ff HTTP/1.1\r\n{HEAD}",
        [422],
        OWN,
    ),
    "letters beyond ASCII in the address": (
        f"GET /v1/causes/судорога HTTP/1.1\r\n{HEAD}",
        [404],
        OWN,
    ),
    # This one was once an error of ours, with no answer but an empty 500.
    "letters beyond ASCII in the query": (
        f"GET /v1/causes?verdict=судорога HTTP/1.1\r\n{HEAD}",
        [422],
        OWN,
    ),
    "no address": (f"GET HTTP/1.1\r\n{HEAD}", [400], SERVER),
    "an address that is a mark": (f"GET ? HTTP/1.1\r\n{HEAD}", [400], SERVER),
    "somebody else's address": (
        f"GET http://example.org/v1/nothing HTTP/1.1\r\n{HEAD}",
        [404],
        OWN,
    ),
    "a tunnel": (f"CONNECT example.org:443 HTTP/1.1\r\n{HEAD}", [404], OWN),
    "the server itself": (f"OPTIONS * HTTP/1.1\r\n{HEAD}", [404], OWN),
    "HTTP/1.2": (f"GET /v1 HTTP/1.2\r\n{HEAD}", [400], SERVER),
    "HTTP/0.9": ("GET /v1\r\n", [400], SERVER),
    "HTTP/2 without asking": ("PRI * HTTP/2.0\r\n\r\nSM\r\n", [], CLOSED),
    "a greeting of SSH": ("SSH-2.0-OpenSSH_9.2p1\r\n", [400], SERVER),
    "a greeting of Redis": ("*1\r\n$4\r\nPING\r\n", [400], SERVER),
}


def refused_as(answered: bytes) -> str:
    if not answered:
        return CLOSED
    return OWN if is_problem(answered) else SERVER


@pytest.mark.parametrize(
    ("sent", "told", "by"),
    [
        pytest.param(*row, id=name)
        for table in (LENGTHS, SMUGGLED)
        for name, row in table.items()
    ],
)
def test_a_body_is_as_long_as_one_header_says_or_the_request_is_refused(
    service, sent, told, by
):
    answered = exchange(service.port, sent.encode())
    assert statuses(answered) == told
    assert by in (None, refused_as(answered))


def test_half_a_body_is_not_taken_for_a_whole_one(service):
    sent = f"{POST}Content-Length: 30\r\n\r\n{WHOLE}".encode()
    assert statuses(exchange(service.port, sent, hang_up=True)) == [400]


@pytest.mark.parametrize(
    ("sent", "told", "by"),
    [pytest.param(*row, id=name) for name, row in HEADS.items()],
)
def test_a_head_that_nobody_would_send_is_refused(service, sent, told, by):
    answered = exchange(service.port, f"{sent}\r\n".encode())
    assert statuses(answered) == told
    assert refused_as(answered) == by


def test_a_greeting_of_tls_is_refused(service):
    hello = bytes.fromhex("16030100c8010000c40303") + os.urandom(193)
    assert statuses(exchange(service.port, hello)) in ([], [400])


def test_an_offer_to_change_the_protocol_is_ignored(service):
    """Of websockets, for one: the answer is the same as to who does not offer it."""
    offer = "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: YQ=="
    sent = GET.replace("Connection: close", f"Connection: upgrade, close\r\n{offer}")
    assert statuses(exchange(service.port, f"{sent}\r\n".encode())) == [200]


def test_what_was_refused_is_told(service, report):
    """By whom: an empty body means that the server library saw that it is no HTTP."""
    tables = (LENGTHS, SMUGGLED, HEADS)
    named = [by for table in tables for _, _, by in table.values()]
    report(
        f"bodies and heads: {len(BODIES) + sum(map(len, tables))} kinds, no failure;"
        f" {named.count(SERVER)} refused by the server library with an empty body,"
        f" {len(BODIES) + named.count(OWN)} by our own code as problems"
    )
    assert json.loads(service.read("/health/ready"))["status"] == "ok"
