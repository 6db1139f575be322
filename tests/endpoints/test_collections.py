"""What the five collections have in common: lists, items, filters, both languages."""

import json

import pytest

from api.domain.evidence import Verdict
from api.domain.items import Recommendation
from api.domain.vocabulary import (
    Population,
    Position,
    Site,
    SourceKind,
    Urgency,
    When,
)
from tests.endpoints.lists import everything, ids

COLLECTIONS = {
    "/v1/causes": "cause",
    "/v1/relief-protocols": "relief-protocol",
    "/v1/prevention-tips": "prevention-tip",
    "/v1/risk-flags": "risk-flag",
    "/v1/sources": "source",
}
EVIDENCED = ["/v1/causes", "/v1/relief-protocols", "/v1/prevention-tips"]
ITEMS = [*EVIDENCED, "/v1/risk-flags"]


def verdict_of(item):
    return [item["evidence"]["verdict"]]


FILTERS = [
    *((path, "population", Population, lambda i: i["populations"]) for path in ITEMS),
    *((path, "verdict", Verdict, verdict_of) for path in EVIDENCED),
    ("/v1/relief-protocols", "when", When, lambda i: [i["when"]]),
    ("/v1/relief-protocols", "site", Site, lambda i: i["sites"]),
    ("/v1/relief-protocols", "position", Position, lambda i: i["positions"]),
    (
        "/v1/prevention-tips",
        "recommendation",
        Recommendation,
        lambda i: [i["recommendation"]],
    ),
    ("/v1/risk-flags", "urgency", Urgency, lambda i: [i["urgency"]]),
    ("/v1/sources", "kind", SourceKind, lambda i: [i["kind"]]),
]


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("path", COLLECTIONS)
class TestEachCollection:
    def test_a_list_has_the_items_in_the_language_asked_for(
        self, client, path, language
    ):
        items = everything(client, path, lang=language)
        assert len(items) > 10
        assert {item["type"] for item in items} == {COLLECTIONS[path]}
        assert {item["language"] for item in items} == {language}

    def test_an_item_reads_as_in_its_list(self, client, path, language):
        for item in everything(client, path, lang=language):
            answer = client.get(f"{path}/{item['id']}?lang={language}")
            assert answer.status_code == 200
            assert answer.get_json() == item

    def test_an_item_links_to_itself(self, client, library, path, language):
        for item in everything(client, path, lang=language):
            address = f"{library.public_url}{path}/{item['id']}"
            assert item["links"] == {"self": address}

    def test_an_item_says_how_to_credit_it(self, client, path, language):
        for item in everything(client, path, lang=language):
            credit, address = item["attribution"], item["links"]["self"]
            assert credit["license"] == "CC-BY-4.0"
            assert item["title"] in credit["text"]
            assert address in credit["text"]
            assert f'href="{address}"' in credit["html"]
            assert 'rel="license"' in credit["html"]

    def test_an_item_says_where_its_words_come_from(self, client, path, language):
        wanted = {"original"} if language == "en" else {"current", "outdated"}
        items = everything(client, path, lang=language)
        assert {item["translation"]["status"] for item in items} <= wanted

    def test_no_value_is_null(self, client, path, language):
        for item in everything(client, path, lang=language):
            assert ": null" not in json.dumps(item)

    def test_both_languages_have_the_same_items_in_the_same_order(
        self, client, path, language
    ):
        items = everything(client, path, lang=language)
        assert ids(items) == ids(everything(client, path))


@pytest.mark.parametrize("path", ITEMS)
def test_the_words_are_translated(client, path):
    english = everything(client, path, lang="en")
    russian = everything(client, path, lang="ru")
    for original, translated in zip(english, russian, strict=True):
        assert translated["title"] != original["title"]
        assert translated["summary"] != original["summary"]


@pytest.mark.parametrize("path", ITEMS)
def test_no_clinician_has_signed(client, path):
    for item in everything(client, path):
        assert set(item["review"]) == {"reviewed_on", "review_due"}
        assert item["review"]["reviewed_on"] < item["review"]["review_due"]


@pytest.mark.parametrize("path", ITEMS)
def test_what_is_related_is_there(client, path):
    known = {
        collection[4:].replace("-", "_"): set(ids(everything(client, collection)))
        for collection in ITEMS
    }
    for item in everything(client, path):
        assert set(item["related"]) == set(known)
        for kind, related in item["related"].items():
            assert set(related) <= known[kind]


@pytest.mark.parametrize("path", EVIDENCED)
def test_the_lead_claim_and_every_source_are_there(client, path):
    sources = set(ids(everything(client, "/v1/sources")))
    for item in everything(client, path):
        assert item["claims"]
        assert set(item["evidence"]["sources"]) <= sources
        assert {s for claim in item["claims"] for s in claim["sources"]} <= sources


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize(("path", "name", "vocabulary", "values_of"), FILTERS)
def test_a_filter_gives_exactly_the_items_that_have_the_value(
    client, path, name, vocabulary, values_of, language
):
    items = everything(client, path, lang=language)
    held = {value for item in items for value in values_of(item)}
    assert held
    assert held <= set(vocabulary)
    for value in vocabulary:
        found = everything(client, path, **{"lang": language, name: value.value})
        assert found == [item for item in items if value in values_of(item)]
        assert bool(found) == (value in held)


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/v1/causes", {"verdict": "commercial-claim"}),
        ("/v1/causes", {"population": "laboratory"}),
        ("/v1/relief-protocols", {"site": "hamstring", "position": "standing"}),
    ],
)
def test_a_selection_of_nothing_is_an_empty_list(client, path, query):
    answer = client.get(path, query_string=query)
    assert answer.status_code == 200
    assert answer.get_json()["items"] == []
    assert answer.get_json()["total"] == 0


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/v1/causes", {"verdict": "supported", "population": "pregnancy"}),
        ("/v1/relief-protocols", {"when": "during", "site": "foot"}),
        ("/v1/prevention-tips", {"verdict": "mixed", "population": "older-adults"}),
        ("/v1/risk-flags", {"urgency": "same_day", "population": "pregnancy"}),
    ],
)
def test_filters_narrow_each_other(client, path, query):
    both = ids(everything(client, path, **query))
    alone = [ids(everything(client, path, **{k: v})) for k, v in query.items()]
    assert both == [id for id in alone[0] if id in alone[1]]
    assert 0 < len(both) < min(map(len, alone))


@pytest.mark.parametrize(
    "query",
    [
        "/v1/sources?verdict=supported",
        "/v1/sources?population=adults",
        "/v1/risk-flags?verdict=supported",
        "/v1/causes?when=during",
        "/v1/prevention-tips?site=calf",
        "/v1/risk-rules?page=1",
        "/v1/relief-protocols?when=DURING",
    ],
)
def test_a_filter_of_another_list_is_refused(client, query):
    assert client.get(query).status_code == 422
