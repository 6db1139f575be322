"""The real server: it comes up, answers, and refuses to start on broken input."""

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

ROOT = Path(__file__).resolve().parent.parent
SECONDS_TO_START = 60
"""Generous: a busy machine is no failure, a server that never comes up is."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(folder: Path, **settings: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "api.serve"],
        cwd=folder,
        env={**os.environ, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


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


@pytest.fixture(scope="module")
def base():
    port = free_port()
    server = start(ROOT, PORT=str(port))
    address = f"http://127.0.0.1:{port}"
    wait_until_ready(server, address)
    yield address
    server.terminate()
    server.communicate(timeout=30)


def test_it_answers_with_links_to_itself(base):
    with urlopen(f"{base}/v1/relief-protocols/calf-stretch?lang=ru") as answer:
        assert answer.status == 200
        assert answer.headers["Content-Language"] == "ru"
        assert (
            f'"self":"{base}/v1/relief-protocols/calf-stretch"'
            in answer.read().decode()
        )


def test_head_has_the_headers_of_get_and_no_body(base):
    with (
        urlopen(f"{base}/v1/causes") as get,
        urlopen(Request(f"{base}/v1/causes", method="HEAD")) as head,
    ):
        assert head.read() == b""
        for name in ("ETag", "Content-Length", "Cache-Control", "Link", "Vary"):
            assert head.headers[name] == get.headers[name]


def test_broken_content_stops_the_start_with_every_problem(tmp_path):
    for folder in ("api", "schemas", "content"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    for id in ("alcohol", "statins"):
        (tmp_path / "content" / "causes" / f"{id}.yaml").write_text("id: other\n")
    server = start(tmp_path, PORT=str(free_port()))
    output, _ = server.communicate(timeout=60)
    assert server.returncode == 1
    assert "content/causes/alcohol.yaml:1: id: must be 'alcohol'" in output
    assert "content/causes/statins.yaml:1: id: must be 'statins'" in output
    assert "not started" in output


def test_broken_settings_stop_the_start_with_every_problem():
    server = start(ROOT, PORT="http", NIGHTCRAMP_WORKERS="0")
    output, _ = server.communicate(timeout=60)
    assert server.returncode == 1
    assert "PORT='http'" in output
    assert "NIGHTCRAMP_WORKERS='0'" in output
