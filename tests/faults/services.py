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
from urllib.request import urlopen

from tests import servers
from tests.traffic import REQUESTS, Asked, ask

WORKERS = 2


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


@contextmanager
def running(
    folder: Path, prefix: tuple[str, ...] = (), **settings
) -> Iterator[Service]:
    """A service that answers, with its log in `folder`; it is ended in any case."""
    port = servers.free_port()
    log = folder / "service.log"
    with log.open("wb") as out:
        process = servers.start(
            servers.ROOT,
            prefix,
            out,
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
        if process.poll() is None:
            process.kill()
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait_for_workers(service: Service) -> None:
    deadline = time.monotonic() + servers.SECONDS_TO_START
    while service.said().count('"event":"Started worker-') < 2 * WORKERS:
        assert time.monotonic() < deadline, service.said()
        time.sleep(0.05)
