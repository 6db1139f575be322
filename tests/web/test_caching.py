"""Validators, conditions and cache rules (RFC 9110, RFC 9111)."""

from datetime import timedelta

import pytest
from werkzeug.http import http_date

CONTENT = "public, max-age=300, stale-while-revalidate=86400, stale-if-error=604800"

SEARCH = "/v1/search?q=cramp"

CACHED = [
    "/v1",
    "/v1/causes",
    "/v1/causes?page=2&page_size=5",
    "/v1/causes/calcium-shortage",
    "/v1/relief-protocols/calf-stretch",
    "/v1/prevention-tips/magnesium",
    "/v1/risk-flags/suspected-dvt",
    "/v1/risk-questions",
    "/v1/risk-rules",
    "/v1/sources/hallegraeff-2012",
    SEARCH,
    "/v1/openapi.json",
    "/docs",
    "/problems",
]
PATH = "/v1/causes/calcium-shortage"


@pytest.fixture(scope="module")
def released(library):
    return library.release.released_at


@pytest.fixture(scope="module")
def etag(client):
    return client.get(PATH).headers["ETag"]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("path", CACHED)
def test_content_has_a_strong_validator_and_may_be_kept(client, released, path, method):
    answer = client.open(path, method=method)
    tag, weak = answer.get_etag()
    assert answer.status_code == 200
    assert tag
    assert not weak
    rule = CONTENT.replace("public", "private") if path == SEARCH else CONTENT
    assert answer.headers["Cache-Control"] == rule
    assert answer.last_modified == released


@pytest.mark.parametrize("path", CACHED)
def test_head_is_get_without_the_body(client, path):
    get, head = client.get(path), client.head(path)
    assert head.data == b""
    assert {**head.headers, "Date": ""} == {**get.headers, "Date": ""}
    assert head.content_length == len(get.data)


@pytest.mark.parametrize("path", CACHED)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_copy_that_is_still_right_is_not_sent_again(client, path, method):
    full = client.get(path)
    answer = client.open(
        path, method=method, headers={"If-None-Match": full.headers["ETag"]}
    )
    assert answer.status_code == 304
    assert answer.data == b""
    for name in (
        "ETag",
        "Cache-Control",
        "Vary",
        "Content-Language",
        "Last-Modified",
    ):
        assert answer.headers.get(name) == full.headers.get(name)


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ("{etag}", 304),
        ("W/{etag}", 304),
        ('"other", {etag}', 304),
        ('"other", W/{etag}, W/"another"', 304),
        ("*", 304),
        ('"other"', 200),
        ('W/"other"', 200),
        ("", 200),
    ],
)
def test_a_condition_is_compared_weakly(client, etag, condition, status):
    headers = {"If-None-Match": condition.format(etag=etag)}
    answer = client.get(PATH, headers=headers)
    assert answer.status_code == status
    assert answer.headers["ETag"] == etag


@pytest.mark.parametrize(
    ("since", "status"),
    [(timedelta(0), 304), (timedelta(days=1), 304), (timedelta(seconds=-1), 200)],
)
def test_a_copy_from_since_the_release_is_still_right(client, released, since, status):
    headers = {"If-Modified-Since": http_date(released + since)}
    assert client.get(PATH, headers=headers).status_code == status


def test_a_tag_is_stronger_than_a_date(client, released):
    headers = {"If-None-Match": '"other"', "If-Modified-Since": http_date(released)}
    assert client.get(PATH, headers=headers).status_code == 200


def test_a_tag_does_not_change_while_the_answer_does_not(client, etag):
    assert client.get(PATH).headers["ETag"] == etag


@pytest.mark.parametrize("path", [p for p in CACHED if p != "/v1/openapi.json"])
def test_each_language_has_a_tag_of_its_own(client, path):
    english, russian = (
        client.get(path, headers={"Accept-Language": language})
        for language in ("en", "ru")
    )
    assert english.headers["ETag"] != russian.headers["ETag"]
    headers = {"Accept-Language": "ru", "If-None-Match": english.headers["ETag"]}
    assert client.get(path, headers=headers).status_code == 200


def test_each_page_has_a_tag_of_its_own(client):
    pages = [client.get(f"/v1/causes?page_size=1&page={n}") for n in (1, 2, 3)]
    assert len({page.headers["ETag"] for page in pages}) == 3


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/causes/no-such-cause"),
        ("GET", "/nowhere"),
        ("POST", "/v1/causes"),
        ("GET", "/v1?lang=xx"),
        ("GET", "/v1/causes?colour=red"),
        ("GET", "/health/live"),
        ("GET", "/health/ready"),
        ("OPTIONS", "/v1/causes"),
    ],
)
def test_errors_and_health_are_never_kept(client, method, path):
    answer = client.open(path, method=method, headers={"If-None-Match": "*"})
    assert answer.status_code != 304
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers
    assert "Last-Modified" not in answer.headers


@pytest.mark.parametrize("name", ["docs.js", "pages.css", "swagger-ui.css"])
def test_an_asset_may_be_kept_for_a_day(client, name):
    with client.get(f"/docs/assets/{name}") as answer:
        assert answer.headers["Cache-Control"] == "public, max-age=86400"
        etag = answer.headers["ETag"]
    with client.get(f"/docs/assets/{name}", headers={"If-None-Match": etag}) as again:
        assert again.status_code == 304
        assert again.headers["ETag"] == etag
