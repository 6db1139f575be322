"""Starts the real server, as `make serve` does, on a port of its own."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import HTTPServer
from pathlib import Path
from typing import IO, NoReturn
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).resolve().parent.parent
SECONDS_TO_START = 60
"""Generous: a busy machine is no failure, a server that never comes up is."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(
    folder: Path,
    prefix: tuple[str, ...] = (),
    output: int | IO[bytes] = subprocess.PIPE,
    **settings: str,
) -> subprocess.Popen:
    """The server over the content of `folder`; all it says goes to `output`.

    `prefix` is a command that starts another one, such as faketime.

    It does not limit its clients unless `settings` say so: a test asks for many.
    """
    return subprocess.Popen(
        [*prefix, sys.executable, "-m", "api.serve"],
        cwd=folder,
        env={**os.environ, "NIGHTCRAMP_RATE_LIMIT": "off", **settings},
        stdout=output,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def start_ready(
    output: int | IO[bytes] = subprocess.PIPE, **settings: str
) -> tuple[subprocess.Popen, str]:
    """A server that answers, and its address.

    It has one worker: of several, some may still be starting when one is ready.
    """
    port = free_port()
    alone = {"PORT": str(port), "NIGHTCRAMP_WORKERS": "1"}
    server = start(ROOT, output=output, **alone, **settings)
    base = f"http://127.0.0.1:{port}"
    wait_until_ready(server, base)
    return server, base


def wait_until_ready(server: subprocess.Popen, base: str) -> None:
    def ask() -> None:
        urlopen(f"{base}/health/ready", timeout=5).close()

    wait_for(server, ask, SECONDS_TO_START)


def wait_for(
    server: subprocess.Popen, attempt: Callable[[], None], seconds: float
) -> None:
    """Wait until `attempt` to reach the server raises no OSError."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and server.poll() is None:
        try:
            attempt()
            return
        except OSError:
            time.sleep(0.05)
    fail(server, "not ready")


def stop(server: subprocess.Popen, seconds: float = 30) -> str:
    """All that the server said."""
    server.terminate()
    try:
        return server.communicate(timeout=seconds)[0]
    except subprocess.TimeoutExpired:
        return fail(server, "does not stop")


@contextmanager
def serving(server: HTTPServer) -> Iterator[str]:
    """The address of a server of the test's own, which a thread runs meanwhile."""
    with server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def fail(server: subprocess.Popen, complaint: str) -> NoReturn:
    """Fail with what the server said, and leave none of its processes behind."""
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    pytest.fail(f"{complaint}: {server.communicate()[0] or 'see its log'}")
