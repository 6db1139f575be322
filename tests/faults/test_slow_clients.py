"""Slow clients are cut off in time, and nobody else waits for them."""

import http.client
import json
import socket
import time

import pytest

from api.rsgi import SECONDS_FOR_BODY
from api.serve import SECONDS_FOR_HEAD
from api.sockets import SECONDS_TO_READ
from tests.faults.attackers import ATTACKS, BIG, SMALLEST_BUFFER, attack
from tests.faults.clients import Elsewhere, right_answers
from tests.faults.services import Service, running

LATE = 4
"""Seconds that a busy machine may be late."""

SECONDS_OF_PEACE = 8
MANY = sum(attack.number for attack in ATTACKS.values())
MEGABYTES = 1_000_000

FEW_FILES = 400
"""That a worker may open, in a test of what happens when there are more clients."""

IDLE = 800
"""Clients that want nothing, where there is room for 600."""


def within(seconds: list[float | None], limit: float) -> bool:
    """Whether each was cut off, and not before its time.

    A client begins to count a little after, or before, the service does.
    """
    return all(found and limit - 1 < found < limit + LATE for found in seconds)


@pytest.fixture(scope="module")
def attacked(tmp_path_factory, report):
    """What clients saw in peace and under attack, what became of the attackers."""
    with (
        running(tmp_path_factory.mktemp("slow")) as service,
        Elsewhere() as elsewhere,
    ):
        expected = right_answers(service.port)
        workers = service.workers()
        peace = elsewhere.watch(service.port, expected, SECONDS_OF_PEACE).result()
        files, memory = service.files(), service.memory()
        began = time.monotonic()
        attacking = elsewhere.submit(
            attack, service.port, ATTACKS, SECONDS_TO_READ + 3 * LATE
        )
        time.sleep(2)  # for all of them to be there
        at_once = service.files() - files
        war = elsewhere.watch(service.port, expected, SECONDS_FOR_BODY - 3).result()
        wait_for_files(service, files + 8, began + SECONDS_TO_READ + LATE)
        cut_off, left = time.monotonic() - began, service.files() - files
        outcomes = attacking.result()
        after = elsewhere.watch(service.port, expected, 3).result()
        report(
            f"slow clients: {at_once} at a time, of {len(ATTACKS)} kinds, for"
            f" {SECONDS_FOR_BODY - 3} s: {sum(map(len, war.seconds.values()))} right"
            f" answers, {len(war.wrong)} wrong; {war}; without them {peace}"
        )
        report(
            f"slow clients: cut off in {cut_off:.0f} s, then {left:+} files open;"
            f" memory {memory / MEGABYTES:.0f} -> {service.memory() / MEGABYTES:.0f} MB"
        )
        yield {
            "peace": peace,
            "war": war,
            "after": after,
            "outcomes": outcomes,
            "at once": at_once,
            "left": left,
            "same workers": service.workers() == workers,
            "failures": service.failures(),
        }


def wait_for_files(service: Service, few: int, deadline: float) -> None:
    """Until the service has no more than a few files open, or time is up."""
    while service.files() > few and time.monotonic() < deadline:
        time.sleep(0.1)


def test_others_get_their_answers_meanwhile(attacked):
    assert attacked["at once"] > 0.95 * MANY
    for phase in ("peace", "war", "after"):
        assert attacked[phase].wrong == []
    for kind, seconds in attacked["war"].seconds.items():
        assert len(seconds) > 20, kind
        assert attacked["war"].milliseconds(kind, 99) < 1000, kind
    assert attacked["same workers"]
    assert attacked["failures"] == 0


@pytest.mark.parametrize(
    "kind", ["nothing sent", "half a head", "trickled head", "kept alive"]
)
def test_who_sends_no_whole_head_is_cut_off(attacked, kind):
    outcome = attacked["outcomes"][kind]
    assert within(outcome.seconds, SECONDS_FOR_HEAD), sorted(outcome.seconds)
    told = {200: len(outcome.seconds)} if kind == "kept alive" else {}
    assert outcome.statuses == told


@pytest.mark.parametrize("kind", ["half a body", "trickled body", "trickled chunks"])
def test_who_sends_no_whole_body_is_told_and_cut_off(attacked, kind):
    outcome = attacked["outcomes"][kind]
    assert within(outcome.seconds, SECONDS_FOR_BODY), sorted(outcome.seconds)
    assert outcome.statuses == {408: len(outcome.seconds)}
    head, _, body = outcome.last.decode().partition("\r\n\r\n")
    assert "content-type: application/problem+json" in head
    assert json.loads(body)["type"].endswith("/problems/request-timeout")


def test_who_reads_nothing_is_cut_off_too(attacked):
    """The files that are left open are what the service remembers of the attack."""
    assert attacked["left"] <= 8


def hang_up_after_asking(port: int, number: int) -> None:
    """Ask for a lot, read none of it, and go away."""
    connections = [socket.socket() for _ in range(number)]
    for connection in connections:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALLEST_BUFFER)
        connection.connect(("127.0.0.1", port))
        connection.sendall(BIG.encode())
    time.sleep(1)
    for connection in connections:
        connection.close()


def test_what_nobody_read_is_forgotten(tmp_path, report):
    with running(tmp_path) as service:
        memory = []
        for _ in range(10):
            hang_up_after_asking(service.port, 150)
            wait_for_files(service, 120, time.monotonic() + LATE)
            assert service.files() <= 120
            memory.append(service.memory())
    report(
        "slow clients: 10 times 150 that asked for the bundle and read none of it;"
        f" memory {', '.join(f'{size / MEGABYTES:.0f}' for size in memory)} MB"
    )
    # One round asks for 90 MB: what was not forgotten would be five times that.
    assert max(memory[5:]) < max(memory[:5]) + 60 * MEGABYTES


def test_more_clients_than_there_may_be_wait_until_others_are_cut_off(tmp_path, report):
    prefix = ("prlimit", f"--nofile={FEW_FILES}:{FEW_FILES}")
    with running(tmp_path, prefix) as service, Elsewhere() as elsewhere:
        expected = right_answers(service.port)
        workers = service.workers()
        friend = service.connect()
        assert status_of_life(friend) == 200
        idle = [
            socket.create_connection(("127.0.0.1", service.port)) for _ in range(IDLE)
        ]
        came, used = time.monotonic(), service.seconds_of_processor()
        time.sleep(5)
        used = service.seconds_of_processor() - used
        assert status_of_life(friend) == 200
        friend.close()
        first = wait_until_let_in(service, came)
        seen = elsewhere.watch(service.port, expected, 3).result()
        for connection in idle:
            connection.close()
        assert seen.wrong == []
        assert service.workers() == workers
        assert service.failures() == 0
    report(
        f"connections: {IDLE} where {FEW_FILES} files may be open: {used:.2f} s of"
        f" processor in 5 s, new clients let in after {first:.0f} s, then no error"
    )
    assert used < 1
    assert first < 3 * SECONDS_FOR_HEAD


def status_of_life(connection: http.client.HTTPConnection) -> int:
    connection.request("GET", "/health/live")
    answer = connection.getresponse()
    answer.read()
    return answer.status


def wait_until_let_in(service: Service, came: float) -> float:
    """Seconds until a new client has an answer."""
    while True:
        try:
            service.read("/health/live")
            return time.monotonic() - came
        except OSError:
            assert time.monotonic() < came + 90
