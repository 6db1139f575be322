"""Servers as process groups: started on a free port, measured from /proc, ended."""

import http.client
import os
import re
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.servers import ROOT

SECONDS_TO_STOP = 15
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Server:
    """A started server; `group` is the process group with all its workers."""

    port: int
    group: int
    seconds_to_start: float

    def get(
        self, path: str, headers: Mapping[str, str] | None = None
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        """Status, headers and body, over a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path, headers=dict(headers or {}))
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()

    @property
    def cpu_seconds(self) -> float:
        """What all its processes have used so far."""
        return sum(used for _, used in _members(self.group))

    @property
    def megabytes_of_workers(self) -> list[float]:
        """The proportional set size of each process but the one that leads them."""
        return [_pss(pid) for pid, _ in _members(self.group) if pid != self.group]

    @property
    def megabytes_of_leader(self) -> float:
        return _pss(self.group)

    def settle(self, at_most: float) -> None:
        """Wait until it has nothing to do: the first worker may be ready alone."""
        deadline = time.monotonic() + at_most
        while time.monotonic() < deadline:
            before = self.cpu_seconds
            time.sleep(1)
            if self.cpu_seconds - before < 0.05:
                return


@contextmanager
def running(
    command: list[str],
    port: int,
    path: str,
    folder: Path = ROOT,
    at_most: float = 60,
    **settings: str,
) -> Iterator[Server]:
    """The server that `command` starts, as soon as it answers `path` with 200."""
    said = tempfile.TemporaryFile("w+")  # noqa: SIM115, it is closed below
    began = time.monotonic()
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **settings},
        stdout=said,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        while not _answers(port, path):
            if process.poll() is not None or time.monotonic() - began > at_most:
                said.seek(0)
                raise SystemExit(f"{' '.join(command)}\ndoes not serve: {said.read()}")
            time.sleep(0.01)
        yield Server(port, process.pid, time.monotonic() - began)
    finally:
        _stop(process)
        said.close()


def _answers(port: int, path: str) -> bool:
    try:
        return Server(port, 0, 0).get(path)[0] == 200
    except (OSError, http.client.HTTPException):
        return False


def _stop(process: subprocess.Popen) -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=SECONDS_TO_STOP)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _members(group: int) -> Iterator[tuple[int, float]]:
    """The processes of a group, with the CPU seconds of each."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # After the name, which may have spaces: state, parent, group, …
            fields = path.read_text().rpartition(")")[2].split()
            if int(fields[2]) == group:
                used = (int(fields[11]) + int(fields[12])) / TICKS
                yield int(path.parent.name), used


def _pss(pid: int) -> float:
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)[1]) / 1024  # type: ignore[index]


@dataclass(frozen=True, slots=True)
class Load:
    """What one run of wrk has found."""

    requests_a_second: float
    p50: float
    p99: float
    cpu: float
    """Microseconds of the server's CPU time a request."""


def wrk(
    server: Server,
    path: str,
    connections: int,
    seconds: int,
    headers: Mapping[str, str] | None = None,
    script: Path | None = None,
) -> Load:
    """Load `server` with requests for `path`, or with those of a Lua script."""
    options = [f"-H{name}: {value}" for name, value in (headers or {}).items()]
    if script:
        options += ["-s", str(script)]
    before = server.cpu_seconds
    output = subprocess.run(
        [
            *("wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s"),
            *("--latency", *options, f"http://127.0.0.1:{server.port}{path}"),
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=seconds + 30,
    ).stdout
    if "Non-2xx" in output or "Socket errors" in output:
        raise SystemExit(output)
    requests = int(_found(r"(\d+) requests in", output)[0])
    if not requests:
        raise SystemExit(f"no answer to {path} within {seconds} s: {output}")
    return Load(
        requests_a_second=float(_found(r"Requests/sec:\s+([\d.]+)", output)[0]),
        p50=_milliseconds(*_found(r"50%\s+([\d.]+)(us|ms|s)\b", output)),
        p99=_milliseconds(*_found(r"99%\s+([\d.]+)(us|ms|s)\b", output)),
        cpu=(server.cpu_seconds - before) / requests * 1e6,
    )


def _found(pattern: str, output: str) -> tuple[str, ...]:
    found = re.search(pattern, output)
    if found is None:
        raise SystemExit(f"wrk did not say {pattern}: {output}")
    return found.groups()


def _milliseconds(number: str, unit: str) -> float:
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]
