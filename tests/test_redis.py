"""Limits counted in a real Redis, which may go and come back: no client sees it."""

import logging
import signal
import socket
import threading
import time
from collections.abc import Iterator

import pytest
from redis import Redis as Client

from api.app import create_app
from api.config import Config
from api.web import counters
from tests.redis import Redis
from tests.servers import free_port

SEARCH = "/v1/search?q=cramp"
EVALUATION = {"path": "/v1/risk-evaluations", "json": {"answers": {}}}
ADDRESS = "192.0.2.77"
QUOTA = 100
SOON = 10
"""Seconds within which the service finds Redis again; it tries each second."""
AT_MOST = 2 * counters.SECONDS_TO_ANSWER + 0.3
"""Seconds for a request that finds Redis hanging, on a busy machine."""


@pytest.fixture
def redis() -> Iterator[Redis]:
    server = Redis()
    server.start()
    yield server
    if server.process:
        server.end(signal.SIGKILL)


@pytest.fixture
def make(library):
    """Makes a client of an app that counts in the Redis at an address."""

    def make(url: str, **settings):
        config = Config(
            rate_limit_storage=url,
            **{
                "searches_per_minute": QUOTA,
                "evaluations_per_minute": QUOTA,
                **settings,
            },
        )
        return create_app(library, config).test_client()

    return make


def left(client, address=ADDRESS) -> int:
    """How many searches are left after one more."""
    answer = client.get(SEARCH, environ_base={"REMOTE_ADDR": address})
    assert answer.status_code == 200
    return int(answer.headers["RateLimit"].split(";")[1].removeprefix("r="))


def degraded(client) -> list[str]:
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    return answer.get_json()["degraded"]


def wait_until_found(client) -> None:
    deadline = time.monotonic() + SOON
    while degraded(client):
        assert time.monotonic() < deadline, "Redis is back, and not found"
        time.sleep(0.05)


def said(caplog) -> list[str]:
    return [r.message for r in caplog.records if r.name == counters.__name__]


LOST, BACK = "lost Redis", "Redis is back"


def test_replicas_share_their_counts(redis, make):
    one, other = make(redis.url), make(redis.url)
    assert [left(one), left(other), left(one)] == [QUOTA - 1, QUOTA - 2, QUOTA - 3]
    assert left(one, "192.0.2.1") == QUOTA - 1
    answer = other.post(**EVALUATION)
    assert f"r={QUOTA - 1};" in answer.headers["RateLimit"]
    assert degraded(one) == degraded(other) == []


def test_one_too_many_is_refused_wherever_it_comes(redis, make):
    one, other = (make(redis.url, searches_per_minute=2) for _ in range(2))
    base = {"REMOTE_ADDR": ADDRESS}
    answers = [client.get(SEARCH, environ_base=base) for client in (one, other, one)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60


def test_no_address_stands_in_redis_and_nothing_stays(redis, make):
    left(make(redis.url))
    with Client.from_url(redis.url) as client:
        keys = client.keys("*")
        assert len(keys) == 1
        assert ADDRESS.encode() not in keys[0]
        assert 0 < client.pttl(keys[0]) <= 60_000


def test_a_key_without_an_end_gets_one(redis, make):
    left(make(redis.url))
    with Client.from_url(redis.url) as client:
        (key,) = client.keys("*")
        client.persist(key)
        assert left(make(redis.url)) == QUOTA - 2
        assert 0 < client.pttl(key) <= 60_000


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_redis_may_go_and_come_back(redis, make, caplog, number):
    client = make(redis.url)
    assert left(client) == QUOTA - 1
    redis.end(number)
    for expected in range(1, 6):
        assert left(client) == QUOTA - expected, "it counts here"
    assert degraded(client) == ["rate-limit-storage"]
    assert client.post(**EVALUATION).status_code == 200
    redis.start()
    wait_until_found(client)
    assert left(client) == QUOTA - 1, "the new one knows of nothing"
    assert [line[:10] for line in said(caplog)] == [LOST, BACK[:10]]
    assert "127.0.0.1" not in "".join(said(caplog))


def test_a_redis_that_starts_again_between_requests_is_not_even_missed(
    redis, make, caplog
):
    """The connection is dead, and another is there to be had."""
    client = make(redis.url)
    left(client)
    redis.end(signal.SIGKILL)
    redis.start()
    assert left(client) == QUOTA - 1
    assert degraded(client) == []
    assert said(caplog) == []


def test_redis_may_go_and_come_back_under_requests(redis, make):
    """Many at once, all the time: every one is answered, most of them soon."""
    client = make(redis.url, searches_per_minute=1_000_000)
    stopping, wrong, took = threading.Event(), [], []

    def ask_on() -> None:
        asking = client.application.test_client()
        while not stopping.is_set():
            start = time.monotonic()
            answer = asking.get(SEARCH)
            took.append(time.monotonic() - start)
            if answer.status_code != 200 or "RateLimit" not in answer.headers:
                wrong.append(answer.status)

    threads = [threading.Thread(target=ask_on) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in (signal.SIGTERM, signal.SIGKILL):
        time.sleep(0.3)
        redis.end(number)
        time.sleep(0.5)
        redis.start()
        wait_until_found(client)
    redis.signal(signal.SIGSTOP)
    time.sleep(1)
    redis.signal(signal.SIGCONT)
    wait_until_found(client)
    stopping.set()
    for thread in threads:
        thread.join(10)
    assert wrong == []
    assert len(took) > 100
    assert max(took) < 2


@pytest.mark.parametrize("connected", [True, False])
def test_a_redis_that_hangs_costs_one_request_a_moment(redis, make, caplog, connected):
    client = make(redis.url)
    if connected:
        left(client)
    redis.signal(signal.SIGSTOP)
    start = time.monotonic()
    left(client)
    first = time.monotonic() - start
    start = time.monotonic()
    for _ in range(20):
        left(client)
    rest = time.monotonic() - start
    assert counters.SECONDS_TO_ANSWER <= first < AT_MOST
    assert rest / 20 < counters.SECONDS_TO_ANSWER / 2
    assert degraded(client) == ["rate-limit-storage"]
    redis.signal(signal.SIGCONT)
    wait_until_found(client)
    assert [line[:10] for line in said(caplog)] == [LOST, BACK[:10]]


def test_a_redis_that_was_never_there_is_found_when_it_comes(make, caplog):
    redis = Redis()
    client = make(redis.url)
    assert degraded(client) == ["rate-limit-storage"], "before any request"
    assert left(client) == QUOTA - 1
    redis.start()
    try:
        wait_until_found(client)
        assert left(client) == QUOTA - 1
    finally:
        redis.end(signal.SIGKILL)
    assert [line[:10] for line in said(caplog)] == [LOST, BACK[:10]]


def test_what_refuses_every_count_is_no_redis(redis, make, caplog):
    """It answers, but is full: it is lost until it counts, and said so only once."""
    client = make(redis.url)
    with Client.from_url(redis.url) as configuring:
        configuring.config_set("maxmemory", "1")
        assert left(client) == QUOTA - 1
        time.sleep(2.5 * counters.SECONDS_BETWEEN_TRIES)
        assert degraded(client) == ["rate-limit-storage"]
        assert [line[:10] for line in said(caplog)] == [LOST]
        configuring.config_set("maxmemory", "0")
        wait_until_found(client)
    assert left(client) == QUOTA - 1


def test_something_else_on_its_port_is_no_redis(make):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)

        def babble() -> None:
            connection, _ = server.accept()
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            connection.close()

        other = threading.Thread(target=babble)
        other.start()
        client = make(f"redis://127.0.0.1:{server.getsockname()[1]}/0")
        assert left(client) == QUOTA - 1
        assert degraded(client) == ["rate-limit-storage"]
        other.join()


def test_no_password_is_logged(make, caplog):
    client = make(f"redis://operator:opensesame@127.0.0.1:{free_port()}/0")
    with caplog.at_level(logging.DEBUG, logger=counters.__name__):
        left(client)
    assert len(said(caplog)) == 1
    assert "opensesame" not in caplog.text


def test_without_redis_nothing_is_degraded(library):
    client = create_app(library, Config()).test_client()
    assert degraded(client) == []
