"""Clients that do nothing wrong, and how long they wait while others do."""

import http.client
import statistics
import time
from collections import defaultdict
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context

from tests.traffic import JSON, Asked, ask

KINDS: dict[str, Asked] = {
    "ready": ("GET", "/v1/relief-protocols/calf-stretch", ()),
    "search": ("GET", "/v1/search?q=magnesium", ()),
    "evaluation": ("POST", "/v1/risk-evaluations", (JSON,)),
}
REQUESTS_PER_CONNECTION = 50
SECONDS_TO_THINK = 0.002


@dataclass
class Seen:
    """How many seconds answers took, by kind, and what was wrong."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[str] = field(default_factory=list)

    def milliseconds(self, kind: str, percentile: int) -> float:
        return 1000 * statistics.quantiles(self.seconds[kind], n=100)[percentile - 1]

    def __str__(self) -> str:
        return ", ".join(map(self._shown, self.seconds)) + " ms (p50/p99)"

    def _shown(self, kind: str) -> str:
        half, nearly_all = (self.milliseconds(kind, part) for part in (50, 99))
        return f"{kind} {half:.1f}/{nearly_all:.0f}"


def right_answers(port: int) -> dict[str, tuple]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    found = {kind: ask(connection, asked) for kind, asked in KINDS.items()}
    connection.close()
    return found


def watch(port: int, expected: dict[str, tuple], seconds: float) -> Seen:
    """Ask in turn for each kind of which the right answer is `expected`.

    As one client does that has one connection after the other.
    """
    seen = Seen()
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        for _ in range(REQUESTS_PER_CONNECTION):
            for kind in expected:
                _ask(connection, kind, expected[kind], seen)
                time.sleep(SECONDS_TO_THINK)
        connection.close()
    return seen


def _ask(
    connection: http.client.HTTPConnection, kind: str, expected: tuple, seen: Seen
) -> None:
    began = time.perf_counter()
    try:
        got = ask(connection, KINDS[kind])
    except (OSError, http.client.HTTPException) as error:
        seen.wrong.append(f"{kind}: {error!r}")
        connection.close()
        return
    seen.seconds[kind].append(time.perf_counter() - began)
    if got != expected:
        seen.wrong.append(f"{kind}: {got[0]} {got[2][:200]!r}")


class Elsewhere(ProcessPoolExecutor):
    """Runs functions in processes of their own: what they do slows no client here."""

    def __init__(self, processes: int = 4):
        super().__init__(processes, get_context("spawn"))

    def watch(self, port: int, expected: dict, seconds: float) -> "Future[Seen]":
        return self.submit(watch, port, expected, seconds)
