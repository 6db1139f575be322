"""The clock is set a day forward and back while the service runs.

libfaketime (GPL-2.0) tells the service another time, of the wall clock alone: no
operator's command sets back the one that counts from the start of the machine. Its
own sleep fails now and then under Python (EINVAL), so that what becomes of a stop is
not looked at here.
"""

import json
import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

from tests.faults.services import Service, running
from tests.traffic import Traffic

DAYS = (1, -1, 0, 400, -400, 0)
LATE = timedelta(seconds=10)
MOST_PAUSES = 20
"""libfaketime reads its file each time that the service asks for the time, which makes
everything slow. What it has read before, it would not know when to read again."""


def library() -> Path:
    """Where Debian has it, for whatever processor."""
    return next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))


def set_clock(file: Path, days: int) -> None:
    """In one step: a clock that is read while it is written would stand anywhere."""
    new = file.with_suffix(".new")
    new.write_text(f"{days:+}d\n")
    new.replace(file)


def last_line(service: Service) -> dict:
    return json.loads(service.said().splitlines()[-1])


def dates(service: Service) -> list[datetime]:
    """Of an answer kept ready, and of one that was made."""
    connection = service.connect()
    found = []
    for address in ("/v1", "/v1/causes/nowhere"):
        connection.request("GET", address)
        answer = connection.getresponse()
        answer.read()
        found.append(parsedate_to_datetime(answer.headers["Date"]))
    connection.close()
    return found


def durations(service: Service) -> tuple[float, float]:
    """All seconds that answers took, by what is counted; and how many there were."""
    name = "nightcramp_request_duration_seconds"
    return service.counted(f"{name}_sum"), service.counted(f"{name}_count")


def wait_for_answers(traffic: Traffic) -> None:
    """Until there are some more, each of which is right or noted as wrong."""
    assert any(traffic.go_on() for _ in range(MOST_PAUSES))


def test_the_clock_is_set_forward_and_back(tmp_path, report):
    clock = tmp_path / "clock"
    set_clock(clock, 0)
    prefix = (
        "env",
        f"LD_PRELOAD={library()}",
        f"FAKETIME_TIMESTAMP_FILE={clock}",
        "FAKETIME_NO_CACHE=1",
        "FAKETIME_DONT_FAKE_MONOTONIC=1",
    )
    with running(tmp_path, prefix, NIGHTCRAMP_LOG="all") as service:
        workers, counted = service.workers(), [durations(service)]
        with Traffic(service.port, service.expected()) as traffic:
            for days in DAYS:
                set_clock(clock, days)
                wait_for_answers(traffic)
                right = datetime.now(UTC) + timedelta(days=days)
                for date in dates(service):
                    assert abs(date - right) < LATE, days
                time.sleep(0.3)
                logged = datetime.fromisoformat(last_line(service)["time"])
                assert abs(logged - right) < LATE, days
                counted.append(durations(service))
        assert service.workers() == workers
        assert service.failures() == 0
        seconds = counted[-1][0]
    assert traffic.wrong == []
    assert counted == sorted(counted)
    assert seconds < 600
    report(
        f"clock: set {len(DAYS)} times by up to 800 days under traffic,"
        f" {len(traffic.right)} right answers, 0 wrong; no duration negative or of days"
    )
