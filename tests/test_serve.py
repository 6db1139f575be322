"""The real server: it comes up, answers, and refuses to start on broken input."""

import shutil
from urllib.request import Request, urlopen

import pytest

from tests.servers import ROOT, free_port, start, start_ready, stop


@pytest.fixture(scope="module")
def base():
    server, address = start_ready()
    yield address
    stop(server)


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
