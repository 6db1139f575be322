"""A log that cannot be written: answers stay right, losses are counted."""

import json
import os
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.clients import Elsewhere, Seen, right_answers
from tests.faults.services import Service, running

SECONDS = 4
LOST = "nightcramp_log_lines_lost_total"
ALL = {"NIGHTCRAMP_LOG": "all"}

LARGEST_FILE = 4_000_000
"""Bytes of a log on a disk that is as good as full: nearly all of it is taken."""

ROOM = 20_000


def watch(service: Service, expected: dict, seconds: float = SECONDS) -> Seen:
    with Elsewhere(1) as elsewhere:
        return elsewhere.watch(service.port, expected, seconds).result()


@pytest.fixture(scope="module")
def healthy(tmp_path_factory) -> Seen:
    """What clients see while the log is taken."""
    with running(tmp_path_factory.mktemp("healthy"), **ALL) as service:
        seen = watch(service, right_answers(service.port))
        assert service.counted(LOST) == 0
    return seen


def check(service: Service, healthy: Seen, what: str, report) -> float:
    """Answers are right and as fast while lines are lost: how many are."""
    before = service.counted(LOST)
    seen = watch(service, right_answers(service.port))
    lost = service.counted(LOST) - before
    asked = sum(map(len, seen.seconds.values()))
    report(f"log {what}: {asked} right answers, {lost:.0f} lines lost; {seen}")
    assert seen.wrong == []
    assert service.failures() == 0
    for kind in seen.seconds:
        usual = healthy.milliseconds(kind, 50)
        assert seen.milliseconds(kind, 50) < 3 * usual + 5, kind
    return lost


def records(text: str) -> list[dict]:
    """Every line, each of which is a whole object; some may be empty."""
    return [json.loads(line) for line in text.splitlines() if line]


def ids(records: list[dict]) -> set[str]:
    return {record["request_id"] for record in records if "request_id" in record}


def ask_as(service: Service, id: str) -> None:
    """One request of this name, and time for its line."""
    connection = service.connect()
    connection.request("GET", "/v1", headers={"X-Request-Id": id})
    connection.getresponse().read()
    connection.close()
    time.sleep(0.5)


@contextmanager
def pipe():
    """Both ends, the one to read and the one to write; closed in the end."""
    ends = os.pipe()
    try:
        yield ends
    finally:
        for end in ends:
            try:
                os.close(end)
            except OSError:
                assert end == ends[0]  # a test may close that


def test_a_full_device(tmp_path, healthy, report):
    full = os.open("/dev/full", os.O_WRONLY)
    with running(tmp_path, output=full, **ALL) as service:
        os.close(full)
        assert check(service, healthy, "on a full device", report) > 100
        assert service.stop() == 0


def test_a_reader_that_has_gone(tmp_path, healthy, report):
    with pipe() as (reader, writer), running(tmp_path, output=writer, **ALL) as service:
        os.close(reader)
        assert check(service, healthy, "whose reader has gone", report) > 100
        assert service.stop() == 0


def test_a_reader_that_sleeps_and_wakes(tmp_path, healthy, report):
    with pipe() as (reader, writer), running(tmp_path, output=writer, **ALL) as service:
        check(service, healthy, "whose reader sleeps, while there is room", report)
        assert check(service, healthy, "whose reader sleeps", report) > 100
        os.set_blocking(reader, False)
        read_all(reader)
        ask_as(service, "woken")
        assert "woken" in ids(records(read_all(reader)))
        check_counts_go_on(service)
        os.set_blocking(reader, True)
        ask_as(service, "asleep-again")
        assert service.stop() == 0


def read_all(reader: int) -> str:
    read = b""
    while True:
        try:
            read += os.read(reader, 65536)
        except BlockingIOError:
            return read.decode()


def check_counts_go_on(service: Service) -> None:
    """Each worker still records: none of them waits for the reader of the log."""
    before = service.counted("nightcramp_requests_total", route="/v1/search")
    connections = [service.connect() for _ in range(40)]
    for connection in connections:
        connection.request("GET", "/v1/search?q=calf")
    for connection in connections:
        connection.getresponse().read()
        connection.close()
    time.sleep(0.5)
    after = service.counted("nightcramp_requests_total", route="/v1/search")
    assert after - before == 40


def test_a_full_disk_that_is_made_room_on(tmp_path, healthy, report):
    """A file may not grow any more, as on a full disk, until it is cut."""
    log = tmp_path / "log"
    log.write_bytes(b"\n" * (LARGEST_FILE - ROOM))
    prefix = ("prlimit", f"--fsize={LARGEST_FILE}")
    with log.open("ab") as file, running(tmp_path, prefix, file, **ALL) as service:
        assert check(service, healthy, "on a full disk", report) > 100
        assert log.stat().st_size == LARGEST_FILE
        written = whole_lines(log)
        os.truncate(log, 0)
        lost = service.counted(LOST)
        for number in range(20):
            ask_as(service, f"room-{number}")
        assert service.counted(LOST) == lost
        found = ids(records(log.read_text()))
    assert {f"room-{number}" for number in range(20)} <= found
    assert written > 0
    report(f"log on a full disk: {written} whole lines before, all lines after")


def whole_lines(log: Path) -> int:
    """How many there are; only what was written last may be a part of one."""
    *lines, last = [line for line in log.read_text().splitlines() if line]
    assert all(json.loads(line) for line in lines)
    return len(lines)
