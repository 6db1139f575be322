"""More work than there is time for is refused, and nothing else waits for it."""

import json
import socket
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from api.rsgi import MOST_WAITING
from tests.faults.clients import Elsewhere, right_answers
from tests.faults.raw import is_problem, statuses
from tests.faults.services import WORKERS, running
from tests.traffic import EVALUATION

BODY = json.dumps(EVALUATION).encode()
HEAD = (
    "POST /v1/risk-evaluations HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    f"Content-Type: application/json\r\nContent-Length: {len(BODY)}\r\n\r\n"
).encode()

AT_ONCE = 1500
"""Evaluations. Far more than may wait, so that both workers have too many."""


def begin(port: int) -> socket.socket:
    """Ask for an evaluation, up to the last byte of the body."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=60)
    connection.sendall(HEAD + BODY[:-1])
    return connection


def finish(connection: socket.socket) -> tuple[bytes, float]:
    """The answer, and how many seconds it took."""
    began = time.monotonic()
    connection.sendall(BODY[-1:])
    with connection:
        answered = b"".join(iter(lambda: connection.recv(65536), b""))
    return answered, time.monotonic() - began


def test_too_many_evaluations_at_once_are_refused_and_ready_answers_stay_fast(
    tmp_path, report
):
    with running(tmp_path) as service, Elsewhere() as elsewhere:
        expected = right_answers(service.port)
        ready = {"ready": expected["ready"]}
        workers = service.workers()
        peace = elsewhere.watch(service.port, ready, 3).result()
        held = [begin(service.port) for _ in range(AT_ONCE)]
        watched = elsewhere.watch(service.port, ready, 3)
        time.sleep(0.5)
        with ThreadPoolExecutor(AT_ONCE) as threads:
            answers = list(threads.map(finish, held))
        war = watched.result()
        afterwards = elsewhere.watch(service.port, expected, 2).result()
        assert service.workers() == workers
    told = Counter(status for answer, _ in answers for status in statuses(answer))
    slowest = max(seconds for _, seconds in answers)
    report(
        f"overload: {AT_ONCE} evaluations at once: {dict(told)} in {slowest:.1f} s;"
        f" ready answers meanwhile {war}, before {peace}"
    )
    assert set(told) == {200, 503}
    assert told.total() == AT_ONCE
    assert told[200] >= WORKERS * MOST_WAITING
    for answer, _ in answers:
        if statuses(answer) == [503]:
            assert is_problem(answer)
            assert b"\r\nretry-after: 1\r\n" in answer.lower()
            assert b'"instance":"/v1/risk-evaluations"' in answer
    assert war.wrong + afterwards.wrong == []
    assert war.milliseconds("ready", 50) < 50
    assert war.milliseconds("ready", 99) < 1000
