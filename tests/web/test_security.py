"""What we serve cannot be misused by the pages around it; cards are made for frames."""

import pytest

from schemas.embed import CARD_KINDS

CARDS = [
    "/embed/relief-protocols/calf-stretch",
    "/embed/prevention-tips/magnesium",
    "/embed/causes/alcohol?lang=ru&theme=light",
    "/embed/risk-flags/suspected-dvt",
    "/embed/causes/no-such-cause",
    "/embed/causes/alcohol?theme=pink",
    "/embed/causes/alcohol?lang=xx",
]
OTHERS = [
    ("GET", "/v1/causes/alcohol", 200),
    ("HEAD", "/v1/causes/alcohol", 200),
    ("OPTIONS", "/v1/causes/alcohol", 200),
    ("GET", "/v1/bundle?lang=ru", 200),
    ("GET", "/v1/search?q=cramp", 200),
    ("GET", "/problems/not-found", 200),
    ("GET", "/docs/assets/pages.css", 200),
    ("GET", "/docs/assets/icon.svg", 200),
    ("GET", "/embed/nightcramp.js", 200),
    ("GET", "/embed/illustrations/hold-foot.svg", 200),
    ("GET", "/docs/offline/app.js", 200),
    ("GET", "/nowhere", 404),
    ("GET", "/embed/no-such-kind/alcohol", 404),
    ("GET", "/embed/illustrations/no-such.svg", 404),
    ("POST", "/v1/causes", 405),
    ("POST", "/embed/causes/alcohol", 405),
    ("GET", "/v1?lang=xx", 406),
    ("POST", "/v1/risk-evaluations", 415),
    ("GET", "/v1/causes?colour=red", 422),
    ("GET", "/docs/offline", 308),
]


def policy(answer) -> dict[str, str]:
    rules = answer.headers["Content-Security-Policy"].split(";")
    return dict(rule.strip().split(" ", 1) for rule in rules)


def is_protected(answer) -> bool:
    headers = answer.headers
    return (
        headers["X-Content-Type-Options"] == "nosniff"
        and headers["Referrer-Policy"] == "no-referrer"
        and headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        and policy(answer)["default-src"] == "'none'"
        and "Set-Cookie" not in headers
    )


@pytest.mark.parametrize("path", CARDS)
def test_a_card_may_stand_in_any_frame(client, path):
    answer = client.get(path)
    assert is_protected(answer)
    assert "frame-ancestors" not in policy(answer)
    assert "X-Frame-Options" not in answer.headers


def test_there_is_a_card_of_each_kind_above():
    assert {path.split("/")[2] for path in CARDS} == set(CARD_KINDS)


@pytest.mark.parametrize(("method", "path", "status"), OTHERS)
def test_no_other_answer_may_stand_in_a_frame(client, method, path, status):
    with client.open(path, method=method) as answer:
        assert answer.status_code == status
        assert is_protected(answer)
        assert policy(answer)["frame-ancestors"] == "'none'"


def test_nothing_with_an_address_of_its_own_may_stand_in_a_frame(app, client):
    rules = [rule for rule in app.url_map.iter_rules() if not rule.arguments]
    assert len(rules) >= 25
    for rule in rules:
        with client.get(rule.rule) as answer:
            assert is_protected(answer), rule.rule
            assert policy(answer)["frame-ancestors"] == "'none'", rule.rule


def test_a_copy_at_hand_stays_protected(client):
    for path in ("/v1/causes/alcohol", "/docs", CARDS[0]):
        tag = client.get(path).headers["ETag"]
        answer = client.get(path, headers={"If-None-Match": tag})
        assert answer.status_code == 304
        assert is_protected(answer)


def test_data_may_load_nothing(client):
    answer = client.get("/v1/causes/alcohol")
    assert policy(answer) == {"default-src": "'none'", "frame-ancestors": "'none'"}
