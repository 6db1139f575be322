"""/v1/bundle: everything in one document, each part as its own address answers it.

How a bundle is brought up to date is in tests/test_release.py.
"""

from datetime import date
from hashlib import sha256

import pytest
import rfc8785

from api.edition import published
from schemas.bundle import BUNDLED
from tests.endpoints.lists import everything, ids
from tests.releases import BASE, URL

DAY = 24 * 60 * 60


@pytest.fixture(scope="module", params=["en", "ru"])
def language(request):
    return request.param


@pytest.fixture(scope="module")
def bundle(client, language):
    answer = client.get(f"/v1/bundle?lang={language}")
    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    assert answer.headers["Content-Language"] == language
    return answer.get_json()


@pytest.fixture(scope="module")
def items(bundle):
    return [item for name in BUNDLED for item in bundle[name]]


def test_each_hash_is_that_of_the_canonical_json_of_its_item(bundle, items):
    assert [entry["sha256"] for entry in bundle["manifest"]] == [
        sha256(rfc8785.dumps(item)).hexdigest() for item in items
    ]


def test_the_manifest_is_in_the_order_of_the_lists(bundle, items):
    named = [(entry["type"], entry["id"]) for entry in bundle["manifest"]]
    assert named == [(item["type"], item["id"]) for item in items]
    assert len(set(named)) == len(named) > 100


def test_each_item_is_what_its_own_address_answers(client, bundle, items, language):
    for entry, item in zip(bundle["manifest"], items, strict=True):
        answer = client.get(entry["href"], headers={"Accept-Language": language})
        assert answer.get_json() == item, entry["href"]
        assert item["links"]["self"] == entry["href"]


@pytest.mark.parametrize("name", [name for name in BUNDLED if name != "risk_rules"])
def test_each_list_is_whole_and_in_its_own_order(client, bundle, name):
    path = f"/v1/{name.replace('_', '-')}"
    assert ids(bundle[name]) == ids(everything(client, path))


def test_the_rules_are_one_entry_that_an_evaluator_takes(client, bundle, language):
    (rules,) = bundle["risk_rules"]
    assert rules == client.get(f"/v1/risk-rules?lang={language}").get_json()


def test_it_says_of_itself_what_the_service_says(client, bundle, language):
    service = client.get(f"/v1?lang={language}").get_json()
    names = ("title", "disclaimer", "clinical_review", "license", "vocabularies")
    versions = ("content_version", "ruleset_version", "api_version", "released_on")
    for name in (*names, *versions, "language"):
        assert bundle[name] == service[name], name
    assert "since" not in bundle


def test_it_says_for_how_long_it_may_be_shown(bundle, language):
    validity = bundle["validity"]
    reviews = [
        i["review"]["review_due"]
        for name in BUNDLED
        for i in bundle[name]
        if "review" in i
    ]
    assert validity["refresh_after_seconds"] == DAY
    assert validity["stale_after_seconds"] == 30 * DAY
    assert validity["valid_until"] == min(reviews)
    assert date.fromisoformat(validity["valid_until"])
    assert {"en": "out of date", "ru": "устарел"}[language] in validity[
        "when_out_of_date"
    ]


def test_its_links_lead_on(client, bundle, language):
    own = client.get(bundle["links"]["self"]).get_json()
    assert own == bundle
    feed = client.get(bundle["links"]["feed"]).get_json()
    assert feed["language"] == language


def test_its_links_stay_in_its_language_and_lead_to_the_changes(history, language):
    bundle = history.base.bundle(language)
    for asked in (bundle["links"]["next_changes"], bundle["links"]["self"]):
        answer = history.base.client.get(asked).get_json()
        assert answer["language"] == language
        assert answer["links"]["self"] == asked
    changes = history.base.client.get(bundle["links"]["next_changes"]).get_json()
    assert changes["since"] == BASE
    assert [item for name in BUNDLED for item in changes[name]] == []


def test_what_it_links_to_is_kept_ready(history, language):
    """An address with its query in another order would be made anew for each client."""
    ready = dict(published(history.first.library))
    for bundle in (
        history.first.bundle(language),
        history.first.bundle(language, since=BASE),
    ):
        for address in bundle["links"].values():
            path, _, query = address.removeprefix(URL).partition("?")
            assert (path, query) in ready


def test_a_copy_at_hand_is_not_sent_again(client, language):
    path = f"/v1/bundle?lang={language}"
    tag = client.get(path).headers["ETag"]
    answer = client.get(path, headers={"If-None-Match": tag})
    assert answer.status_code == 304
    assert answer.data == b""


@pytest.mark.parametrize("query", ["since=1&since=2", "until=2026.11.0", "since=1&a=b"])
def test_it_takes_no_other_question(client, query):
    assert client.get(f"/v1/bundle?{query}").status_code == 422
