"""The real service with several workers, and what an operator can see of it."""

import http.client
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.request import urlopen

from prometheus_client.parser import text_string_to_metric_families

from tests import servers
from tests.traffic import REQUESTS, Asked, ask

WORKERS = 2

LISTENING = "0A"
"""The state of a socket in /proc/net/tcp."""


@dataclass
class Service:
    """A running service; what it says is in the file `log`."""

    process: subprocess.Popen
    port: int
    log: Path

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def read(self, path: str) -> str:
        with urlopen(f"{self.base}{path}", timeout=20) as answer:
            return answer.read().decode()

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def expected(self) -> dict[Asked, tuple]:
        """The right answers, for as long as the content is the same."""
        connection = self.connect()
        try:
            return {asked: ask(connection, asked) for asked in REQUESTS}
        finally:
            connection.close()

    def workers(self) -> list[int]:
        """The process ids of the workers that run now."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def memory(self) -> int:
        """Bytes that the workers have in memory: what is shared counts in part."""
        return sum(_proportional_set_size(pid) for pid in self.workers())

    def files(self) -> int:
        """How many files and connections the workers have open."""
        return sum(len(os.listdir(f"/proc/{pid}/fd")) for pid in self.workers())

    def seconds_of_processor(self) -> float:
        """What the workers have used of it since they were started."""
        return sum(_ticks(pid) for pid in self.workers()) / os.sysconf("SC_CLK_TCK")

    def counted(self, name: str, **labels: str) -> float:
        """The sum of all samples of a metric whose labels begin as these do."""
        families = text_string_to_metric_families(self.read("/metrics"))
        return sum(
            sample.value
            for family in families
            for sample in family.samples
            if sample.name == name
            and all(sample.labels[key].startswith(labels[key]) for key in labels)
        )

    def failures(self) -> float:
        """How many answers were a failure of ours, 500 and above."""
        return self.counted("nightcramp_requests_total", status="5")

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def stop(self) -> int:
        """Ask it to stop: the exit code."""
        self.process.terminate()
        return self.process.wait(30)


def _proportional_set_size(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("the kernel does not tell the Pss")


def _ticks(pid: int) -> int:
    """Of the clock, in which the process ran, in its own code and in the kernel."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(after_name[11]) + int(after_name[12])


@contextmanager
def running(
    folder: Path,
    prefix: tuple[str, ...] = (),
    output: int | IO[bytes] | None = None,
    **settings,
) -> Iterator[Service]:
    """A service that answers; it is ended in any case.

    Its log is in `folder`, unless there is an `output` for it.
    """
    port = servers.free_port()
    log = folder / "service.log"
    with log.open("wb") as file:
        process = servers.start(
            servers.ROOT,
            prefix,
            file if output is None else output,
            PORT=str(port),
            NIGHTCRAMP_WORKERS=str(WORKERS),
            **settings,
        )
    service = Service(process, port, log)
    try:
        servers.wait_until_ready(process, service.base)
        _wait_for_workers(service)
        yield service
    finally:
        _end(process)


def _end(process: subprocess.Popen) -> None:
    """At once, but so that it can clean up; by force when it does not."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(servers.SECONDS_TO_START)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait_for_workers(service: Service) -> None:
    """Until each has a socket of its own that listens."""
    deadline = time.monotonic() + servers.SECONDS_TO_START
    while _listening(service.port) < WORKERS:
        assert time.monotonic() < deadline, service.said()
        time.sleep(0.05)


def _listening(port: int) -> int:
    """How many sockets listen on a port of this machine."""
    rows = Path("/proc/net/tcp").read_text().splitlines()[1:]
    fields = [row.split() for row in rows]
    return sum(f[1].endswith(f":{port:04X}") and f[3] == LISTENING for f in fields)
