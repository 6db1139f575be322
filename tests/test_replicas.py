"""Two replicas behind nginx: whichever dies, and whenever, no client sees it."""

import http.client
import json
import os
import signal
import time
from collections.abc import Iterator

import pytest

from tests import nginx, servers
from tests.traffic import JSON, REQUESTS, Asked, Traffic, ask

CONFIGURATION = servers.ROOT / "deploy" / "nginx-balancer.conf"
PUBLIC_URL = "http://127.0.0.1:8000"


class Replica:
    """One of the services, on a port that it comes back to."""

    def __init__(self) -> None:
        self.port = servers.free_port()
        self.start()

    def start(self) -> None:
        self.process = servers.start(
            servers.ROOT,
            PORT=str(self.port),
            NIGHTCRAMP_WORKERS="1",
            NIGHTCRAMP_PUBLIC_URL=PUBLIC_URL,
            NIGHTCRAMP_RATE_LIMIT="off",  # one client asks for all
        )

    def wait(self) -> None:
        servers.wait_until_ready(self.process, f"http://127.0.0.1:{self.port}")

    def kill(self) -> None:
        """Main process and workers at once, as when the machine loses them."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()


@pytest.fixture(scope="module")
def replicas() -> Iterator[tuple[Replica, Replica]]:
    both = Replica(), Replica()
    for replica in both:
        replica.wait()
    yield both
    for replica in both:
        if replica.process.poll() is None:
            servers.stop(replica.process)


@pytest.fixture(scope="module")
def port(replicas, tmp_path_factory) -> Iterator[int]:
    """Where nginx listens, with the ports of the committed configuration replaced."""
    port = servers.free_port()
    text = CONFIGURATION.read_text(encoding="utf-8")
    for written, real in (
        ("listen 127.0.0.1:8000;", f"listen 127.0.0.1:{port};"),
        ("127.0.0.1:8001", f"127.0.0.1:{replicas[0].port}"),
        ("127.0.0.1:8002", f"127.0.0.1:{replicas[1].port}"),
    ):
        assert written in text
        text = text.replace(written, real)
    folder = tmp_path_factory.mktemp("balancer")
    (folder / "temp").mkdir()
    (folder / "nginx.conf").write_text(text, encoding="utf-8")
    with nginx.running(folder, port):
        yield port


@pytest.fixture(scope="module")
def expected(replicas) -> dict[Asked, tuple]:
    """The right answers, from the replicas themselves: both give the same."""
    found = []
    for replica in replicas:
        connection = http.client.HTTPConnection("127.0.0.1", replica.port, timeout=20)
        found.append({asked: ask(connection, asked) for asked in REQUESTS})
        connection.close()
    assert found[0] == found[1]
    assert {answer[0] for answer in found[0].values()} == {200, 304, 404}
    return found[0]


def test_either_replica_may_be_killed_at_any_moment(replicas, port, expected):
    first, second = replicas
    with Traffic(port, expected) as traffic:
        answered = [traffic.go_on()]
        for killed in (first, second):
            killed.kill()
            answered.append(traffic.go_on())
            killed.start()
            killed.wait()
            # And at once the next one, before nginx has tried this one again.
    assert traffic.wrong == []
    assert min(answered) > 0, answered


def test_a_replica_that_hangs_is_passed_over(replicas, port, expected):
    """Stopped, it takes connections and never answers: some wait, and are answered."""
    hung = replicas[0]
    with Traffic(port, expected) as traffic:
        traffic.go_on()
        os.killpg(hung.process.pid, signal.SIGSTOP)
        time.sleep(3.5)
        answered = traffic.go_on()
        os.killpg(hung.process.pid, signal.SIGCONT)
    assert traffic.wrong == []
    assert answered > 0


def test_a_replica_may_be_stopped_in_an_orderly_way(replicas, port, expected):
    with Traffic(port, expected) as traffic:
        traffic.go_on()
        servers.stop(replicas[1].process)
        answered = traffic.go_on()
    assert traffic.wrong == []
    assert answered > 0


def test_what_is_forwarded_is_the_answer_of_the_service(replicas, port, expected):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", "/v1/causes/alcohol", headers={"Origin": "https://a.b"})
    answer = connection.getresponse()
    answer.read()
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Vary"] == "Accept-Language, Accept-Encoding"
    connection.request("POST", "/v1/risk-evaluations", b"x" * 70_000, dict([JSON]))
    answer = connection.getresponse()
    assert (answer.status, json.loads(answer.read())["status"]) == (413, 413)
    connection.close()


def test_what_no_replica_can_answer_is_a_problem(replicas, port, library):
    """The last test: it ends the replica that is left."""
    for replica in replicas:
        if replica.process.poll() is None:
            replica.kill()
    for method, body, language, status, kind in (
        ("GET", None, "en", 503, "unavailable"),
        ("GET", None, "ru", 503, "unavailable"),
        ("POST", b"x" * 200_000, "en", 413, "content-too-large"),
        ("GET /", None, "en", 400, "bad-request"),
    ):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        address = "/v1" if " " not in method else "x"
        headers = {"Accept-Language": language}
        connection.request(method.split()[0], address, body, headers)
        answer = connection.getresponse()
        problem = json.loads(answer.read())
        known = library.catalogue(language).messages.problems[kind]
        assert answer.status == problem["status"] == status
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert (problem["title"], problem["detail"]) == (known.title, known.description)
        assert problem["type"] == f"{PUBLIC_URL}/problems/{kind}"
        assert (answer.headers["Retry-After"] is not None) == (status == 503)
        connection.close()
