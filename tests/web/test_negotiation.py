"""Which language an answer is in, and how it says so."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.web.links import alternates

LOCALISED = [
    "/v1",
    "/v1/causes",
    "/v1/causes/calcium-shortage",
    "/v1/relief-protocols",
    "/v1/relief-protocols/calf-stretch",
    "/v1/prevention-tips",
    "/v1/prevention-tips/magnesium",
    "/v1/risk-flags",
    "/v1/risk-flags/suspected-dvt",
    "/v1/risk-questions",
    "/v1/risk-rules",
    "/v1/sources",
    "/v1/sources/hallegraeff-2012",
    "/v1/search?q=hallegraeff",
    "/docs",
    "/problems",
    "/problems/not-found",
]


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("en", "en"),
        ("ru", "ru"),
        ("RU", "ru"),
        ("ru-RU", "ru"),
        ("ru-RU,ru;q=0.9,en-US;q=0.8,en;q=0.7", "ru"),
        ("en-GB,en;q=0.9,ru;q=0.8", "en"),
        ("en;q=0.2, ru;q=0.9", "ru"),
        ("ru;q=0.2, en;q=0.9", "en"),
        ("de, ru;q=0.1", "ru"),
        ("en;q=0, ru", "ru"),
        ("ru-RU,en;q=0.9", "ru"),
        ("en-GB,ru;q=0.9", "en"),
        ("ru-Cyrl-RU-x-private,en;q=0.9", "ru"),
        ("-".join(["ru"] * 4000), "ru"),
        ("ru;q=0", "en"),
        ("de", "en"),
        ("de-DE, fr;q=0.9", "en"),
        ("*", "en"),
        ("de, *;q=0.1", "en"),
        (";;q=x,,", "en"),
    ],
)
def test_the_header_is_followed_as_far_as_possible(client, header, language):
    headers = {} if header is None else {"Accept-Language": header}
    answer = client.get("/v1", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["Content-Language"] == answer.get_json()["language"]
    assert answer.get_json()["language"] == language


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        ("en", "en"),
        ("ru", "ru"),
        ("RU", "ru"),
        ("ru-RU", "ru"),
        ("ru_RU", "ru"),
        ("en-Latn-GB", "en"),
    ],
)
@pytest.mark.parametrize("header", ["en", "ru", "de"])
def test_the_parameter_beats_the_header(client, wanted, language, header):
    answer = client.get(f"/v1?lang={wanted}", headers={"Accept-Language": header})
    assert answer.headers["Content-Language"] == answer.get_json()["language"]
    assert answer.get_json()["language"] == language


@pytest.mark.parametrize("wanted", ["xx", "de-DE", "", "*", "r", "rus", "%20ru", "-"])
@pytest.mark.parametrize("path", ["/v1", "/v1/causes", "/docs", "/v1/openapi.json"])
def test_an_unsupported_parameter_is_not_acceptable(client, path, wanted):
    answer = client.get(f"{path}?lang={wanted}", headers={"Accept-Language": "ru"})
    assert answer.status_code == 406
    assert answer.headers["Content-Language"] == "ru"
    assert "en, ru" in answer.get_json()["detail"]


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("path", LOCALISED)
def test_an_answer_says_its_language_and_what_it_depends_on(client, path, language):
    answer = client.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200
    assert answer.headers["Content-Language"] == language
    assert "accept-language" in answer.vary


@pytest.mark.parametrize("path", LOCALISED)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_answer_links_to_itself_in_every_language(client, library, path, method):
    links = alternates(client.open(path, method=method))
    assert tuple(links) == library.languages
    for language, url in links.items():
        assert url.startswith(f"{library.public_url}{urlsplit(path).path}?")
        other = client.get(url, headers={"Accept-Language": "de"})
        assert other.status_code == 200
        assert other.headers["Content-Language"] == language


def test_an_alternate_keeps_the_rest_of_the_query(client):
    query = {"q": "cramp & судорога", "lang": "ru", "page": "2", "page_size": "1"}
    answer = client.get("/v1/search", query_string=query)
    for language, url in alternates(answer).items():
        kept = parse_qs(urlsplit(url).query, strict_parsing=True)
        wanted = {**query, "lang": language}
        assert kept == {name: [value] for name, value in wanted.items()}


def test_what_has_no_language_has_no_alternates(client):
    for path in ("/health/ready", "/v1/openapi.json"):
        answer = client.get(path)
        assert "Content-Language" not in answer.headers
        assert alternates(answer) == {}


def test_a_preflight_has_no_language_to_refuse(client):
    headers = {"Origin": "https://app.example", "Access-Control-Request-Method": "GET"}
    assert client.options("/v1/causes?lang=xx", headers=headers).status_code == 200


def test_an_error_has_no_alternates(client):
    assert "Link" not in client.get("/v1/causes/no-such-cause").headers
