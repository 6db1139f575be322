"""Ten thousand malformed requests at the socket: no failure, no hang, nobody exchanged.

zzuf (WTFPL) flips bits of valid requests, so that most are nearly right. More are put
together from pieces that are right or wrong in themselves, which flipping bits would
not find in years.
"""

import asyncio
import json
import random
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

from tests.faults.raw import STATUS
from tests.faults.services import running
from tests.traffic import EVALUATION, REQUESTS

SEEDS = 150
RATIOS = (0.002, 0.004, 0.02, 0.1)
"""Of the bits that are flipped: from one in a request to half of its letters."""

PIECED = 3000
AT_A_TIME = 64
"""Fewer than may wait: the answer to too many is a 503, as it should be."""

SECONDS_FOR_ANSWER = 1
ONE_IN = 10
"""Of all connections one in so many is left to the service to end."""

SECONDS = 30
"""In which each connection must have come to an end."""

MORE_REQUESTS = [
    ("GET", "/v1/risk-flags?urgency=emergency&page_size=100&lang=ru", ()),
    ("GET", "/v1/bundle?since=2026.11.0", (("Accept-Encoding", "gzip, br;q=0.5"),)),
    ("GET", "/v1/changes", (("Accept", "application/atom+xml"),)),
    ("GET", "/embed/relief-protocols/calf-stretch?lang=en&theme=dark", ()),
    ("GET", "/oembed?url=http%3A%2F%2F127.0.0.1%2Fembed%2Fcauses%2Falcohol", ()),
    ("GET", "/docs/rules", (("Accept-Language", "ru-RU,ru;q=0.9,en;q=0.8"),)),
    ("GET", "/metrics", (("X-Request-Id", "3f2a"),)),
    ("GET", "/v1", (("If-Modified-Since", "Mon, 23 Nov 2026 00:00:01 GMT"),)),
    ("OPTIONS", "/v1/risk-evaluations", (("Origin", "https://app.example"),)),
    ("GET", "/health/ready", (("traceparent", f"00-{'a' * 32}-{'b' * 16}-01"),)),
]

PIECES = {
    "method": ["GET", "POST", "HEAD", "OPTIONS", "PUT", "get", "G\0T", "", "GET GET"],
    "address": [
        *("/v1", "/v1/search?q=calf", "/v1/risk-evaluations", "/%", "/%zz", "//", "*"),
        *("/../../etc", "http://", "/v1/causes/%2e%2e%2f", "/é", "/v1?q=Ã©", "?"),
        *("/v1/search?q=%F0%9F%A6%B5&page=1e9", "/v1/causes?page=-1", "/\t", ""),
    ],
    "version": [
        "HTTP/1.1",
        "HTTP/1.0",
        "HTTP/1.9",
        "HTTP/2.0",
        "HTTP",
        "",
        "HTTP/1.1 ",
    ],
    "end": ["\r\n", "\r\n", "\r\n", "\n", "\r", "\n\r", "\0\r\n"],
    "header": [
        *("Host: localhost", "Host: ", "Host: a\r\nHost: b", "X_Under: a", ": b"),
        *("Content-Length: 15", "Content-Length: 0x0f", "Content-Length: 015"),
        *("Transfer-Encoding: chunked", "Transfer-Encoding: ,chunked", "Te: trailers"),
        *("Content-Type: application/json", "Content-Type: a/b; charset=é; =;"),
        *("Content-Type: multipart/form-data; boundary=", "Expect: 100-continue"),
        *("Accept-Encoding: br;q=é, *;q=2", "Accept-Language: *-*-*, en;q=NaN"),
        *('If-None-Match: "', "If-None-Match: W/*,,", "Range: bytes=-0,5-1,a-b"),
        *("Connection: close, keep-alive", "Upgrade: h2c\r\nConnection: Upgrade"),
        *("Cookie: ÿ=;;=", "X-Forwarded-For: ,,[::", "Authorization: Bearer \t"),
        *("X-Request-Id: a\tb", "traceparent: 00-0-0-0", "Date: never"),
    ],
    "body": [
        *(
            "",
            '{"answers": {}}',
            'f\r\n{"answers": {}}\r\n0\r\n\r\n',
            "-1\r\n",
            "0\r\n",
        ),
        *("0\r\nContent-Length: 5\r\n\r\n", "\0" * 40, "[" * 20000, "a=b&c=d"),
    ],
}


def as_bytes(method: str, address: str, headers: tuple) -> bytes:
    body = json.dumps(EVALUATION) if method == "POST" else ""
    lines = [f"{method} {address} HTTP/1.1", "Host: localhost"]
    lines += [f"{name}: {value}" for name, value in headers]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", body]).encode()


def flipped() -> Iterator[bytes]:
    """What zzuf makes of valid requests of every kind, each time as many bytes."""
    valid = [as_bytes(*asked) for asked in (*REQUESTS, *MORE_REQUESTS)]
    for ratio in RATIOS:
        for seed in range(SEEDS):
            command = ["zzuf", "--seed", str(seed), "--ratio", str(ratio)]
            made = subprocess.run(
                command, input=b"".join(valid), stdout=subprocess.PIPE, check=True
            ).stdout
            for request in valid:
                yield made[: len(request)]
                made = made[len(request) :]


def pieced() -> Iterator[bytes]:
    source = random.Random(20261125)
    for _ in range(PIECED):
        picked = {name: source.choice(pieces) for name, pieces in PIECES.items()}
        headers = source.choices(PIECES["header"], k=source.randrange(8))
        line = f"{picked['method']} {picked['address']} {picked['version']}"
        end = picked["end"]
        head = "".join(text + end for text in (line, *headers))
        yield (head + end + picked["body"]).encode("latin-1")


async def send(port: int, sent: bytes, hang_up: bool, gate: asyncio.Semaphore) -> bytes:
    """What comes back until the service ends the connection.

    Who hangs up before there is an answer gets none, but has it made: many who do so
    are more than those at the gate.
    """
    async with gate:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(sent)
        answered = await first(reader)
        if hang_up:
            with suppress(OSError):  # it has ended already
                writer.write_eof()
            return answered + await rest(reader, writer, sent)
    return answered + await rest(reader, writer, sent)


async def first(reader: asyncio.StreamReader) -> bytes:
    """What comes back soon, if anything does."""
    with suppress(OSError):
        async with asyncio.timeout(SECONDS_FOR_ANSWER):
            return await reader.read(65536)
    return b""


async def rest(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, sent: bytes
) -> bytes:
    answered = b""
    try:
        async with asyncio.timeout(SECONDS):
            while chunk := await reader.read(65536):
                answered += chunk
    except TimeoutError:
        raise AssertionError(f"nothing ends {sent!r}") from None
    except OSError:
        pass  # it was ended before all was read
    finally:
        writer.close()
    return answered


async def send_all(port: int, requests: list[bytes]) -> tuple[Counter, list[bytes]]:
    """How many statuses of each class were seen, and what was answered with a 5xx.

    AssertionError when a connection hangs.
    """
    seen: Counter[str] = Counter()
    failed: list[bytes] = []
    gate = asyncio.Semaphore(AT_A_TIME)

    async def one(number: int, sent: bytes) -> None:
        answered = await send(port, sent, number % ONE_IN != 0, gate)
        found = [status.decode() for status in STATUS.findall(answered)]
        seen.update(f"{status[0]}xx" for status in found)
        if not found:
            seen["closed"] += 1
        if any(status[0] == "5" for status in found):
            failed.append(sent)

    await asyncio.gather(*(one(*numbered) for numbered in enumerate(requests)))
    return seen, failed


def test_malformed_requests_break_nothing(tmp_path, report):
    valid = {as_bytes(*asked) for asked in (*REQUESTS, *MORE_REQUESTS)}
    malformed = [sent for sent in flipped() if sent not in valid]
    by_pieces = list(pieced())
    assert len(malformed) >= 10_000
    with running(tmp_path, NIGHTCRAMP_LOG="all") as service:
        expected, workers = service.expected(), service.workers()
        began = time.monotonic()
        seen, failed = asyncio.run(send_all(service.port, malformed + by_pieces))
        seconds = time.monotonic() - began
        assert service.expected() == expected
        assert service.workers() == workers
        assert service.failures() == 0
        said = service.said()
    report(
        f"malformed: {len(malformed)} requests by zzuf, {len(by_pieces)} from pieces,"
        f" in {seconds:.0f} s: {dict(sorted(seen.items()))}, no failure, no hang,"
        " the same workers"
    )
    assert failed == []
    assert "Traceback" not in said
    assert '"failed"' not in said
    assert seen["4xx"] > len(malformed) / 4
