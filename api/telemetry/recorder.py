"""What becomes of an answered request: a count, a duration, a line of the log.

An answer that is kept ready takes some 20 microseconds, and recording it as much again.
So a request is only put into a queue; a thread of its own empties that ten times a
second, and adds up before it counts. Whatever happens to the log, no answer waits.
"""

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from threading import Event, Thread
from typing import NamedTuple

import orjson

from api.telemetry.identity import Identity
from api.telemetry.logs import AT_ONCE, Lines
from api.telemetry.metrics import Metrics

SECONDS = 0.1
"""How late a count or a line may be; what a killed worker takes with it."""

LONGEST_QUEUE = 50_000
"""Lines that wait for a log that does not take them: then the oldest are lost."""

METHODS = {"GET", "HEAD", "POST", "OPTIONS"}
UNMATCHED = "unmatched"


Ready = tuple[str, str, int]
"""Route, method and status of an answer that was kept ready."""

Labels = tuple[str, str, str, str]


class Record(NamedTuple):
    """One answered request. `seconds` is None of an answer that was kept ready."""

    at: float
    identity: Identity
    method: str
    route: str
    status: int
    size: int
    seconds: float | None


class Recorder:
    """Takes records from the server, and counts and logs them when there is time.

    `log` says which requests have a line: all, errors (500 and above), or none.
    """

    def __init__(self, metrics: Metrics, lines: Lines, log: str):
        self.metrics = metrics
        self.lines = lines
        self.lowest = {"all": 100, "errors": 500, "none": 1000}[log]
        self.queue: deque[Record] = deque(maxlen=LONGEST_QUEUE)
        self.put = self.queue.append
        self.ready: dict[Ready, int] = {}
        self.settled: dict[Ready, int] = {}
        self.stopping = Event()

    def start(self) -> None:
        """Begin to empty the queue; in the worker, as no thread survives a fork."""
        self.metrics.starts.inc()
        self.thread = Thread(target=self._work, name="recorder", daemon=True)
        self.thread.start()

    def count(self, route: str, method: str, status: int) -> None:
        """Only count an answer that was kept ready, and that has no line: a record of
        each would cost half of what the answer does."""
        ready = self.ready
        ready[route, method, status] = ready.get((route, method, status), 0) + 1

    def stop(self) -> None:
        """Record what is left."""
        self.stopping.set()
        self.thread.join(5)

    def _work(self) -> None:
        while not self.stopping.wait(SECONDS):
            self.empty()
        self.empty()
        self.empty()  # and what has settled only now

    def empty(self) -> None:
        """Record all that stands in the queue now, and the counts that have settled."""
        records = [self.queue.popleft() for _ in range(len(self.queue))]
        numbers = Counter(map(_labels, records))
        for (route, method, status), number in self._settle().items():
            numbers[_label(route, method, status, "yes")] += number
        for labels, number in numbers.items():
            self.metrics.requests.labels(*labels).inc(number)
        for record in records:
            if record.seconds is not None:
                self.metrics.seconds.labels(record.route).observe(record.seconds)
        logged = (_line(record) for record in records if record.status >= self.lowest)
        for lines in _batches(logged):
            self.lines.write(*lines)

    def _settle(self) -> dict[Ready, int]:
        """The counts before those that the loop may be adding to at this moment."""
        settled, self.settled, self.ready = self.settled, self.ready, {}
        return settled


def _labels(record: Record) -> Labels:
    ready = "yes" if record.seconds is None else "no"
    return _label(record.route, record.method, record.status, ready)


def _label(route: str, method: str, status: int, ready: str) -> Labels:
    return route, method if method in METHODS else "other", str(status), ready


def _batches(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    """As many lines at a time as can be written in one piece."""
    batch: list[bytes] = []
    size = 0
    for line in lines:
        size += len(line) + 1
        if batch and size > AT_ONCE:
            yield batch
            batch, size = [], len(line) + 1
        batch.append(line)
    if batch:
        yield batch


def _line(record: Record) -> bytes:
    identity = record.identity
    line = {
        "time": datetime.fromtimestamp(record.at, UTC),
        "level": "error" if record.status >= 500 else "info",
        "event": "request",
        "route": record.route,
        "method": record.method[:16],
        "status": record.status,
        "bytes": record.size,
        "milliseconds": round(1000 * (record.seconds or 0), 3),
        "request_id": identity.request,
    }
    if identity.trace:
        line |= {"trace_id": identity.trace, "parent_id": identity.parent}
    return orjson.dumps(line)
