"""Starts the real server, as `make serve` does, on a port of its own."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).resolve().parent.parent
SECONDS_TO_START = 60
"""Generous: a busy machine is no failure, a server that never comes up is."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(folder: Path, **settings: str) -> subprocess.Popen:
    """The server over the content of `folder`; all it says is in its stdout."""
    return subprocess.Popen(
        [sys.executable, "-m", "api.serve"],
        cwd=folder,
        env={**os.environ, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def start_ready(**settings: str) -> tuple[subprocess.Popen, str]:
    """A server that answers, and its address."""
    port = free_port()
    server = start(ROOT, PORT=str(port), **settings)
    base = f"http://127.0.0.1:{port}"
    wait_until_ready(server, base)
    return server, base


def wait_until_ready(server: subprocess.Popen, base: str) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urlopen(f"{base}/health/ready", timeout=5):
                return
        except URLError:
            time.sleep(0.1)
    server.kill()
    pytest.fail(f"not ready: {server.communicate()[0]}")


def stop(server: subprocess.Popen) -> str:
    """All that the server said."""
    server.terminate()
    return server.communicate(timeout=30)[0]
