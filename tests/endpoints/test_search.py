"""What /v1/search answers over HTTP; see tests/test_search.py for what is found."""

import pytest

from tests.endpoints.lists import everything


@pytest.mark.parametrize(
    ("language", "phrase"), [("en", "stretching"), ("ru", "растяжка")]
)
def test_a_hit_is_the_short_form_of_the_item_it_links_to(client, language, phrase):
    hits = everything(client, "/v1/search", q=phrase, lang=language)
    assert hits
    for hit in hits:
        item = client.get(f"{hit['links']['self']}?lang={language}").get_json()
        assert set(hit) == {"id", "type", "title", "summary", "language", "links"}
        assert hit["summary"] == item.get("summary", item.get("finding"))
        for key in ("id", "type", "title", "language", "links"):
            assert hit[key] == item[key]


def test_the_language_of_the_header_is_the_language_of_the_search(client):
    query = {"q": "растяжка"}
    for language, found in {"ru": True, "en": False}.items():
        headers = {"Accept-Language": language}
        answer = client.get("/v1/search", query_string=query, headers=headers)
        assert bool(answer.get_json()["total"]) is found


@pytest.mark.parametrize("phrase", ["", " ", "\t\n", "x" * 201])
def test_a_phrase_that_cannot_be_searched_is_refused(client, phrase):
    answer = client.get("/v1/search", query_string={"q": phrase})
    assert answer.status_code == 422
    assert [e["pointer"] for e in answer.get_json()["errors"]] == ["/q"]


def test_a_type_that_is_not_there_is_refused_with_those_that_are(client):
    answer = client.get("/v1/search?q=cramp&type=claim")
    assert answer.status_code == 422
    assert "risk-flag, source" in answer.get_json()["errors"][0]["detail"]
