"""Who is behind proxies, and that no request can bend a link."""

import pytest

from api.app import create_app
from api.config import Config

SEARCH = "/v1/search?q=cramp"
CLIENT, FORGED, OUTER, INNER = "192.0.2.1", "198.51.100.9", "10.0.0.1", "10.0.0.2"


@pytest.fixture
def ask(library):
    """What is left to the client of a request that came from INNER."""

    def make(proxies: int):
        config = Config(trusted_proxies=proxies, searches_per_minute=100)
        client = create_app(library, config).test_client()

        def ask(forwarded: str | None) -> int:
            headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
            base = {"REMOTE_ADDR": INNER}
            answer = client.get(SEARCH, headers=headers, environ_base=base)
            return int(answer.headers["RateLimit"].split(";")[1].removeprefix("r="))

        return ask

    return make


def test_without_a_proxy_nobody_is_believed(ask):
    found = ask(0)
    said = (None, CLIENT, FORGED, f"{FORGED}, {CLIENT}")
    assert [found(forwarded) for forwarded in said] == [99, 98, 97, 96]


def test_behind_one_proxy_its_word_counts_and_no_other(ask):
    found = ask(1)
    assert found(CLIENT) == 99
    assert found(f"{FORGED}, {CLIENT}") == 98
    assert found(f"{OUTER}, {FORGED}, {CLIENT}") == 97
    assert found(FORGED) == 99


def test_behind_two_proxies_the_word_of_the_outer_one_counts(ask):
    found = ask(2)
    assert found(f"{CLIENT}, {OUTER}") == 99
    assert found(f"{FORGED}, {CLIENT}, {OUTER}") == 98
    assert found(f"{FORGED}, {OUTER}") == 99


def test_with_fewer_words_than_proxies_the_nearest_is_the_client(ask):
    """It did not come through all of them; what it says of others is not believed."""
    found = ask(2)
    assert [found(forwarded) for forwarded in (None, CLIENT, FORGED)] == [99, 98, 97]


FORWARDED = {
    "Host": "evil.example",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "gopher",
    "X-Forwarded-Prefix": "/evil",
    "X-Forwarded-Port": "666",
    "Forwarded": "for=192.0.2.1;host=evil.example;proto=gopher",
}


@pytest.mark.parametrize("edition", [True, False])
@pytest.mark.parametrize("proxies", [0, 1, 2])
@pytest.mark.parametrize(
    "path",
    [
        *("/v1", "/v1/causes?page=2&page_size=5", SEARCH, "/v1/nowhere", "/docs"),
        *(
            "/",
            "/docs/offline",
            "/docs/offline/index.html",
            "/.well-known/api-catalog",
            "/v1/changes.atom",
        ),
    ],
)
def test_links_come_from_the_public_address_alone(library, edition, proxies, path):
    config = Config(trusted_proxies=proxies, edition=edition)
    client = create_app(library, config).test_client()
    plain = client.get(path)
    bent = client.get(path, headers=FORWARDED)
    assert bent.data == plain.data
    for name in ("Link", "Location", "Content-Security-Policy"):
        assert bent.headers.getlist(name) == plain.headers.getlist(name)
    assert b"evil" not in bent.data
