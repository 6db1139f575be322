"""Starts a real nginx over a folder, and ends it by its process id."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.servers import fail

SECONDS_TO_START = 10

PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"
"""Debian puts nginx where only root looks for commands."""


@contextmanager
def running(folder: Path, port: int, configuration: str = "nginx.conf") -> Iterator:
    """nginx with `folder` as its prefix, once it listens on `port`."""
    server = start(folder, configuration)
    try:
        wait_until_listening(server, port)
        yield server
    finally:
        stop(server)


def start(folder: Path, configuration: str) -> subprocess.Popen:
    program = shutil.which("nginx", path=PATH)
    if program is None:
        pytest.fail("nginx is not there. On Debian, as root: apt-get install nginx")
    # As root, workers would become another user, who cannot read temporary folders.
    keep_user = " user root;" if os.geteuid() == 0 else ""
    return subprocess.Popen(
        [
            *(program, "-p", str(folder), "-c", configuration, "-e", "stderr"),
            *("-g", f"daemon off;{keep_user}"),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def wait_until_listening(server: subprocess.Popen, port: int) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.02)
    fail(server, "nginx does not listen")


def stop(server: subprocess.Popen) -> str:
    """All that nginx said."""
    server.terminate()
    try:
        return server.communicate(timeout=10)[0]
    except subprocess.TimeoutExpired:
        return fail(server, "nginx does not stop")
