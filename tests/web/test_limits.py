"""Limits on evaluations and searches: who is counted, what is said, what is refused."""

import logging
import re

import pytest

from api.app import create_app
from api.config import Config
from api.web.limits import fingerprint, network_of

KEY = "k" * 43
NAMED = (("sleep-app", fingerprint(KEY)),)
SEARCH = "/v1/search?q=cramp"
EVALUATIONS = "/v1/risk-evaluations"
LEFT = re.compile(r'"(\w+)";r=(\d+);t=(\d+)')


def make_client(library, **settings):
    return create_app(library, Config(api_keys=NAMED, **settings)).test_client()


@pytest.fixture
def client(library):
    """Of an app that lets each address search and evaluate twice a minute."""
    return make_client(library, evaluations_per_minute=2, searches_per_minute=2)


def search(client, address="192.0.2.1", method="GET", **headers):
    base = {"REMOTE_ADDR": address}
    return client.open(SEARCH, method=method, headers=headers, environ_base=base)


def evaluate(client, **headers):
    return client.post(EVALUATIONS, json={"answers": {}}, headers=headers)


def left(answer) -> tuple[str, int, int]:
    """Policy, requests and seconds of a RateLimit header."""
    found = LEFT.fullmatch(answer.headers["RateLimit"])
    assert found, answer.headers["RateLimit"]
    return found[1], int(found[2]), int(found[3])


@pytest.mark.parametrize(
    ("ask", "policy"), [(search, "searches"), (evaluate, "evaluations")]
)
def test_an_answer_that_counts_says_what_is_left(client, ask, policy):
    for expected in (1, 0):
        answer = ask(client)
        assert answer.status_code == 200
        assert answer.headers["RateLimit-Policy"] == f'"{policy}";q=2;w=60'
        said, requests, seconds = left(answer)
        assert (said, requests) == (policy, expected)
        assert 1 <= seconds <= 60
        assert "Retry-After" not in answer.headers


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("ask", [search, evaluate])
def test_one_too_many_is_a_problem_that_says_how_long_to_wait(
    library, client, ask, language
):
    for _ in range(2):
        ask(client)
    answer = ask(client, Accept_Language=language)
    known = library.catalogue(language).messages.problems["too-many-requests"]
    problem = answer.get_json()
    wait = answer.headers["Retry-After"]
    assert answer.status_code == problem["status"] == 429
    assert answer.mimetype == "application/problem+json"
    assert problem["title"] == known.title
    assert problem["type"].endswith("/problems/too-many-requests")
    assert f" {wait} " in problem["detail"].replace(".", " ")
    assert 1 <= int(wait) <= 60
    assert left(answer)[1:] == (0, int(wait))
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Language"] == language
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Retry-After" in answer.headers["Access-Control-Expose-Headers"]


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({"json": {"answers": {"nonsense": "yes"}}}, 422),
        ({"json": []}, 422),
        ({"data": "{", "content_type": "application/json"}, 400),
        ({"data": "", "content_type": "text/plain"}, 415),
        ({"data": b"x" * 70_000, "content_type": "application/json"}, 413),
    ],
)
def test_what_is_wrong_counts_too(client, options, status):
    for expected in (1, 0):
        answer = client.post(EVALUATIONS, **options)
        assert answer.status_code == status
        assert left(answer)[:2] == ("evaluations", expected)
    assert client.post(EVALUATIONS, **options).status_code == 429


def test_a_search_that_fails_counts_too(client):
    answer = client.get("/v1/search")
    assert answer.status_code == 422
    assert left(answer)[:2] == ("searches", 1)


def test_a_failure_of_ours_is_not_the_clients_to_repeat_for_free(library, monkeypatch):
    app = create_app(library, Config(searches_per_minute=2))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.delitem(app.extensions, "search_index")
    answer = app.test_client().get(SEARCH)
    assert answer.status_code == 500
    assert left(answer)[:2] == ("searches", 1)


def test_head_counts_like_get_and_options_never(client):
    preflight = {"Origin": "https://a.b", "Access-Control-Request-Method": "GET"}
    for _ in range(5):
        answer = search(client, method="OPTIONS", **preflight)
        assert answer.status_code == 200
        assert "RateLimit" not in answer.headers
    assert left(search(client, method="HEAD"))[1] == 1
    assert left(search(client))[1] == 0
    assert search(client, method="HEAD").status_code == 429


def test_not_modified_counts_and_says_so(client):
    tag = search(client).headers["ETag"]
    again = search(client, If_None_Match=tag)
    assert again.status_code == 304
    assert again.headers["ETag"] == tag
    assert left(again)[:2] == ("searches", 0)
    assert search(client, If_None_Match=tag).status_code == 429


def test_no_cache_between_keeps_what_was_said_to_one_client(client):
    tag = search(client).headers["ETag"]
    for answer in (search(client, If_None_Match=tag), search(client, "192.0.2.2")):
        assert answer.headers["Cache-Control"].startswith("private, max-age=")


@pytest.mark.parametrize("edition", [True, False])
def test_published_content_is_never_limited(library, edition):
    client = make_client(library, searches_per_minute=1, edition=edition)
    assert [search(client).status_code for _ in range(2)] == [200, 429]
    for path in ("/v1/relief-protocols/calf-stretch", "/v1", "/health/ready", "/docs"):
        for _ in range(5):
            answer = client.get(path, environ_base={"REMOTE_ADDR": "192.0.2.1"})
            assert answer.status_code == 200
            assert "RateLimit" not in answer.headers


def test_policies_are_counted_apart(client):
    for _ in range(3):
        search(client, "127.0.0.1")
    assert left(evaluate(client))[:2] == ("evaluations", 1)


def test_each_address_has_its_own_count(client):
    for _ in range(3):
        search(client, "192.0.2.1")
    assert left(search(client, "192.0.2.2"))[1] == 1


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("192.0.2.1:4711", "192.0.2.1:4712", True),
        ("[2001:db8::1]:4711", "2001:db8::2", True),
        ("unknown", "192.0.2.1", False),
        ("", "192.0.2.1", False),
    ],
)
def test_what_counts_as_one_client(one, other, same):
    assert (network_of(one) == network_of(other)) is same


def test_all_addresses_of_one_ipv6_network_are_one_client(client):
    assert left(search(client, "2001:db8::1"))[1] == 1
    assert left(search(client, "2001:db8::2"))[1] == 0
    assert search(client, "2001:db8::3").status_code == 429
    assert search(client, "2001:db8:0:1::1").status_code == 200


def test_a_key_is_counted_by_its_app_and_has_ten_times_as_much(client):
    for count in range(20):
        answer = search(client, f"192.0.2.{count}", X_API_Key=KEY)
        assert answer.headers["RateLimit-Policy"] == '"searches";q=20;w=60'
        assert left(answer)[1] == 19 - count
    refused = search(client, "192.0.2.99", X_API_Key=KEY)
    assert refused.status_code == 429
    assert "X-API-Key" not in refused.get_json()["detail"]
    assert search(client, "192.0.2.99").status_code == 200


@pytest.mark.parametrize("sent", ["wrong", KEY[:-1], f"{KEY} x", "é", fingerprint(KEY)])
def test_a_key_that_is_not_known_counts_as_none(client, sent):
    """An app whose key was changed while it slept is not refused for that."""
    assert left(search(client))[1] == 1
    answer = search(client, X_API_Key=sent)
    assert answer.status_code == 200
    assert answer.headers["RateLimit-Policy"] == '"searches";q=2;w=60'
    assert left(answer)[1] == 0
    refused = search(client, X_API_Key=sent)
    assert refused.status_code == 429
    assert "X-API-Key" in refused.get_json()["detail"]
    assert "X-API-Key" not in search(client).get_json()["detail"]


def test_no_address_and_no_key_is_where_counts_are(client):
    search(client, "192.0.2.77")
    search(client, X_API_Key=KEY)
    counters = client.application.extensions["counters"]
    counted = list(counters.local.storage)
    assert len(counted) == 2
    assert [key for key in counted if "192.0.2" in key or "sleep" in key] == []


def test_no_log_names_a_client(client, caplog):
    with caplog.at_level(logging.DEBUG):
        for _ in range(4):
            search(client, "192.0.2.77")
    assert "192.0.2.77" not in caplog.text
    assert "ratelimit" not in caplog.text


def test_what_cannot_be_counted_is_answered(client, monkeypatch, caplog):
    """As if nothing limited it; counting is not worth an answer."""
    counters = client.application.extensions["counters"]

    def fail(*arguments):
        raise OSError("no locks available")

    monkeypatch.setattr(counters, "_here", fail)
    answers = [search(client) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200] * 5
    assert "RateLimit" not in answers[-1].headers
    assert "no locks available" in caplog.text


def test_a_window_is_over_when_it_says_so(client):
    for _ in range(3):
        refused = search(client)
    counters = client.application.extensions["counters"]
    local = counters.local
    for key in local.expirations:
        local.expirations[key] -= int(refused.headers["Retry-After"])
    assert search(client).status_code == 200


def test_limits_can_be_switched_off(library):
    client = make_client(library, rate_limit=False, searches_per_minute=1)
    for _ in range(5):
        answer = search(client)
        assert answer.status_code == 200
        assert "RateLimit" not in answer.headers


def test_the_examples_of_the_contract_cost_no_client_anything(library):
    client = make_client(library, searches_per_minute=1, evaluations_per_minute=1)
    contract = client.get("/v1/openapi.json").get_json()
    examples = contract["components"]["responses"]["TooManyRequests"]["content"]
    assert examples["application/problem+json"]["example"]["status"] == 429
    assert (
        contract
        == make_client(library, rate_limit=False).get("/v1/openapi.json").get_json()
    )
    assert search(client, "127.0.0.1").status_code == 200
    assert evaluate(client).status_code == 200


def test_no_header_can_switch_limits_off(client):
    for name in ("nightcramp.unlimited", "Nightcramp-Unlimited"):
        search(client, **{name: "yes"})
    assert search(client).status_code == 429


def test_only_what_costs_is_limited(app):
    limited = {
        endpoint: view.limited
        for endpoint, view in app.view_functions.items()
        if hasattr(view, "limited")
    }
    assert sorted(limited.values()) == ["evaluations", "searches"]
