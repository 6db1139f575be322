"""/v1/changes: every change, as JSON Feed 1.1, as Atom and as a page."""

import re
from datetime import UTC, datetime
from html import unescape
from xml.etree import ElementTree

import pytest

from api.app import create_app
from api.config import Config
from tests.endpoints.test_docs import References
from tests.releases import (
    ADDED,
    FIRST,
    FIRST_DAY,
    FIRST_NOTES,
    FLAG,
    LOST,
    REPLACEMENT,
    SECOND,
    URL,
    WITHDRAWN,
)

JSON_FEED, ATOM = "application/feed+json", "application/atom+xml"
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")
SPACE = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module", params=["en", "ru"])
def language(request):
    return request.param


@pytest.fixture(scope="module")
def changing(history):
    """A client of a service that has had several releases."""
    return history.second.client


@pytest.fixture(scope="module")
def feed(changing, language):
    answer = changing.get("/v1/changes", headers={"Accept-Language": language})
    assert answer.status_code == 200
    assert answer.content_type == JSON_FEED
    return answer.get_json()


@pytest.fixture(scope="module")
def atom(changing, language):
    answer = changing.get("/v1/changes.atom", headers={"Accept-Language": language})
    assert answer.status_code == 200
    assert answer.mimetype == ATOM
    return ElementTree.fromstring(answer.data)


@pytest.fixture(scope="module")
def of_first(feed):
    """The entries of FIRST: safety, guidance and editorial."""
    found = [
        entry
        for entry in feed["items"]
        if entry["_nightcramp"]["content_version"] == FIRST
    ]
    assert len(found) == 3
    return found


def vocabulary(client, language: str, id: str) -> dict[str, str]:
    service = client.get(f"/v1?lang={language}").get_json()
    (terms,) = (v["terms"] for v in service["vocabularies"] if v["id"] == id)
    return {term["id"]: term["label"] for term in terms}


def test_it_is_a_json_feed(feed, language):
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    assert feed["language"] == language
    assert feed["feed_url"] == f"{URL}/v1/changes?lang={language}"
    assert feed["home_page_url"] == f"{URL}/docs/changes?lang={language}"
    assert all(author["name"] and author["url"] for author in feed["authors"])
    for entry in feed["items"]:
        assert entry["id"].startswith(f"{URL}/")
        assert entry["url"].startswith(f"{URL}/")
        assert entry["content_text"]
        assert RFC_3339.fullmatch(entry["date_published"])
        assert entry["tags"] == [entry["_nightcramp"]["grade"]]
        assert entry["_nightcramp"]["about"] == f"{URL}/docs/changes"


def test_its_own_extension_is_underscored_and_nothing_else_is_unknown(feed):
    known = {"id", "url", "title", "content_text", "date_published", "tags"}
    assert {key for entry in feed["items"] for key in entry} == known | {"_nightcramp"}


def test_each_entry_has_an_id_of_its_own_that_is_that_of_every_language(changing, feed):
    ids = [entry["id"] for entry in feed["items"]]
    assert len(set(ids)) == len(ids) > 10
    for other in ("en", "ru"):
        again = changing.get(f"/v1/changes?lang={other}").get_json()
        assert [entry["id"] for entry in again["items"]] == ids


def test_the_newest_come_first(feed):
    days = [datetime.fromisoformat(e["date_published"]) for e in feed["items"]]
    assert days == sorted(days, reverse=True)
    versions = [e["_nightcramp"]["content_version"] for e in feed["items"]]
    assert versions[:5] == [SECOND, SECOND, FIRST, FIRST, FIRST]


def test_an_entry_tells_the_grade_the_date_and_the_reason(of_first, changing, language):
    labels = vocabulary(changing, language, "change-grade")
    for entry, note in zip(of_first, FIRST_NOTES["changes"], strict=True):
        assert entry["_nightcramp"]["grade"] == note["grade"]
        assert entry["_nightcramp"].get("act_by") == note.get("act_by")
        assert entry["title"] == f"{FIRST} – {labels[note['grade']]}"
        assert entry["date_published"].startswith(f"{FIRST_DAY}T00:00:")
        reason, *lines = entry["content_text"].splitlines()
        told = {"en": note["reason"], "ru": f"По-русски: {note['reason']}"}
        assert reason == told[language]
        assert (FIRST_DAY in lines[0]) is (note["grade"] == "safety")


def test_an_entry_names_every_item_and_what_happened_to_it(of_first):
    rules, tips, words = (
        {i["href"]: i for i in e["_nightcramp"]["items"]} for e in of_first
    )
    assert rules == {
        f"{URL}/v1/{FLAG}": {
            "type": "risk-flag",
            "id": "cramp-over-10-minutes",
            "href": f"{URL}/v1/{FLAG}",
            "change": "changed",
            "languages": ["en", "ru"],
        },
        f"{URL}/v1/risk-rules": {
            "type": "rule-set",
            "id": "risk-rules",
            "href": f"{URL}/v1/risk-rules",
            "change": "changed",
            "languages": ["en", "ru"],
        },
    }
    assert tips == {
        f"{URL}/v1/{WITHDRAWN}": {
            "type": "prevention-tip",
            "id": "calcium-channel-blockers",
            "href": f"{URL}/v1/{WITHDRAWN}",
            "change": "withdrawn",
            "languages": [],
            "replaced_by": f"{URL}/v1/{REPLACEMENT}",
        },
        f"{URL}/v1/{LOST}": {
            "type": "relief-protocol",
            "id": "cramp-in-a-seat",
            "href": f"{URL}/v1/{LOST}",
            "change": "withdrawn",
            "languages": [],
        },
    }
    assert words[f"{URL}/v1/{ADDED}"]["change"] == "added"
    assert words[f"{URL}/v1/causes/cold-surroundings"]["languages"] == ["ru"]


def test_the_text_names_items_by_their_titles(of_first, changing, language):
    labels = vocabulary(changing, language, "change")
    flag = changing.get(f"/v1/{FLAG}?lang={language}").get_json()
    safety, guidance, _ = (entry["content_text"].splitlines() for entry in of_first)
    assert f"{labels['changed']}: {flag['title']}" in safety
    assert f"{labels['withdrawn']}: {LOST}" in guidance


def test_an_item_that_is_named_as_there_is_there(changing, of_first):
    for entry in of_first:
        for item in entry["_nightcramp"]["items"]:
            expected = 410 if item["change"] == "withdrawn" else 200
            assert changing.get(item["href"]).status_code == expected
            if "replaced_by" in item:
                assert changing.get(item["replaced_by"]).status_code == 200


def test_every_code_in_it_has_a_word(feed, changing, language):
    grades = vocabulary(changing, language, "change-grade")
    changes = vocabulary(changing, language, "change")
    for entry in feed["items"]:
        assert entry["_nightcramp"]["grade"] in grades
        assert {i["change"] for i in entry["_nightcramp"]["items"]} <= set(changes)


def test_the_atom_feed_says_the_same(atom, feed, language):
    assert atom.get("{http://www.w3.org/XML/1998/namespace}lang") == language
    assert atom.tag == f"{SPACE}feed"
    assert atom.findtext(f"{SPACE}title") == feed["title"]
    assert atom.findtext(f"{SPACE}id")
    assert atom.findtext(f"{SPACE}author/{SPACE}name") == feed["authors"][0]["name"]
    own = {link.get("rel"): link.get("href") for link in atom.findall(f"{SPACE}link")}
    assert own["self"] == f"{URL}/v1/changes.atom?lang={language}"
    assert own["alternate"] == feed["home_page_url"]
    newest = feed["items"][0]["date_published"]
    assert moment(atom.findtext(f"{SPACE}updated")) == moment(newest)
    entries = atom.findall(f"{SPACE}entry")
    for entry, same in zip(entries, feed["items"], strict=True):
        assert entry.findtext(f"{SPACE}id") == same["id"]
        assert entry.findtext(f"{SPACE}title") == same["title"]
        assert entry.find(f"{SPACE}link").get("href") == same["url"]
        terms = [c.get("term") for c in entry.findall(f"{SPACE}category")]
        assert terms == same["tags"]
        for name in ("published", "updated"):
            said = entry.findtext(f"{SPACE}{name}")
            assert RFC_3339.fullmatch(said)
            assert moment(said) == moment(same["date_published"])


def test_the_summary_of_an_atom_entry_is_html_that_shows_the_text(atom, feed):
    for entry, same in zip(atom.iter(f"{SPACE}entry"), feed["items"], strict=True):
        summary = entry.find(f"{SPACE}summary")
        assert summary.get("type") == "html"
        lines = summary.text.split("<br>")
        assert not any("<" in line for line in lines)
        assert [unescape(line) for line in lines] == same["content_text"].splitlines()


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize("edition", [True, False])
@pytest.mark.parametrize("query", ["", "?lang=ru"])
@pytest.mark.parametrize(
    ("accept", "mimetype"),
    [
        (None, JSON_FEED),
        ("*/*", JSON_FEED),
        ("text/html", JSON_FEED),
        ("application/json", JSON_FEED),
        (JSON_FEED, JSON_FEED),
        (f"{JSON_FEED}, {ATOM};q=0.9", JSON_FEED),
        (f"{ATOM};q=0", JSON_FEED),
        (f"{ATOM};q=0.5, application/json", JSON_FEED),
        (ATOM, ATOM),
        (f"{ATOM}, */*;q=0.1", ATOM),
        (f"text/html, {ATOM};q=0.9, application/json;q=0.8", ATOM),
    ],
)
def test_the_form_is_the_one_asked_for(forms, edition, query, accept, mimetype):
    headers = {} if accept is None else {"Accept": accept}
    answer = forms[edition].get(f"/v1/changes{query}", headers=headers)
    assert answer.mimetype == mimetype
    assert "Accept" in {name.strip() for name in answer.headers["Vary"].split(",")}
    tag = answer.headers["ETag"]
    again = {**headers, "If-None-Match": tag}
    unchanged = forms[edition].get(f"/v1/changes{query}", headers=again)
    assert unchanged.status_code == 304
    assert unchanged.headers["Vary"] == answer.headers["Vary"]


@pytest.fixture(scope="module")
def forms(library):
    """Clients of the service with its edition and without."""
    return {
        edition: create_app(library, Config(edition=edition)).test_client()
        for edition in (True, False)
    }


def test_the_atom_address_gives_atom_whatever_is_asked_for(forms):
    for client in forms.values():
        answer = client.get("/v1/changes.atom", headers={"Accept": "application/json"})
        assert answer.mimetype == ATOM
        assert "Accept," not in f"{answer.headers['Vary']},".replace(" ", "")


def test_both_feeds_are_found_from_the_service_document(client):
    links = client.get("/v1").get_json()["links"]
    assert client.get(links["changes"]).mimetype == JSON_FEED
    assert client.get(links["changes_atom"]).mimetype == ATOM


def test_both_feeds_are_found_from_the_page(changing, language):
    page = changing.get(f"/docs/changes?lang={language}").text
    links = dict(
        re.findall(r'<link rel="alternate" type="([^"]+)" href="([^"]+)">', page)
    )
    assert links == {
        JSON_FEED: f"/v1/changes?lang={language}",
        ATOM: f"/v1/changes.atom?lang={language}",
    }
    assert set(links.values()) <= References(page).found


def test_every_entry_leads_to_its_place_on_the_page(changing, feed, language):
    for entry in feed["items"]:
        address, _, place = entry["url"].partition("#")
        assert address == feed["home_page_url"]
        assert entry["id"].endswith(f"#{place}")
    page = changing.get(feed["home_page_url"])
    places = re.findall(r'<section id="([^"]+)">', page.text)
    assert page.headers["Content-Language"] == language
    assert {entry["url"].partition("#")[2] for entry in feed["items"]} <= set(places)
    assert len(set(places)) == len(places)


def test_the_page_says_what_changed_and_refers_to_no_other_host(changing, feed):
    page = changing.get(feed["home_page_url"]).text
    references = References(page).found
    assert all(re.match(r"/(?!/)", address) for address in references)
    for note in FIRST_NOTES["changes"]:
        assert note["reason"] in unescape(page)
    for address in references:
        expected = {200, 410} if address.startswith("/v1/") else {200}
        with changing.get(address) as answer:
            assert answer.status_code in expected, address
