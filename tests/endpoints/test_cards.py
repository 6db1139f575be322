"""/embed/…/{id}: a card says what matters; nothing in it runs or reaches out."""

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from api.app import create_app
from api.config import Config
from api.domain.items import Cause, ReliefProtocol
from api.domain.releases import Tombstone
from schemas.embed import CARD_KINDS, Theme
from tests.endpoints.lists import by_id

LANGUAGES = ("en", "ru")
LARGEST = 30_000
"""Bytes of a whole card, before compression."""

CARD = "/embed/relief-protocols/calf-stretch"
HOSTILE = '</title></style><script>alert("x")</script> & "quotes" \'<img src=//e>'


EMPTY = {"base", "br", "hr", "img", "input", "link", "meta"}
LOADS = {"src", "srcset", "data", "poster", "xlink:href"}
LOADED = {"icon", "stylesheet", "preload", "modulepreload", "manifest", "prefetch"}


class Page(HTMLParser):
    """What a browser would make of a page; texts are by the element they are in."""

    def __init__(self, html: str):
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.each: dict[str, list[str]] = {}
        self.inside: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in EMPTY:
            self.inside.append(tag)
            self.each.setdefault(tag, []).append("")

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.inside.pop() == tag

    def handle_data(self, data):
        for tag in set(self.inside):
            self.each[tag][-1] += data

    @property
    def texts(self) -> dict[str, str]:
        return {tag: "".join(texts) for tag, texts in self.each.items()}

    @property
    def words(self) -> str:
        return " ".join(self.texts["body"].split())

    def all(self, name: str) -> list[dict]:
        return [attributes for tag, attributes in self.tags if tag == name]

    def link(self, rel: str) -> str:
        return next(link["href"] for link in self.all("link") if link["rel"] == rel)

    @property
    def loaded(self) -> set[str]:
        """Addresses that a browser asks for to show the page."""
        found = {a[name] for _, a in self.tags for name in LOADS & a.keys()}
        found |= {a["href"] for a in self.all("link") if a["rel"] in LOADED}
        css = [self.texts.get("style", ""), *(a.get("style", "") for _, a in self.tags)]
        return found | set(re.findall(r"url\([^)]*\)|@import [^;]*", " ".join(css)))


def said(item: dict, labels: dict[tuple[str, str], str]) -> list[str]:
    """What the card of `item` must say, in any case."""
    found = [item["title"], item["summary"], item["attribution"]["text"]]
    if "evidence" in item:
        evidence = item["evidence"]
        certainty = labels["certainty", evidence["certainty"]].lower()
        found += [labels["verdict", evidence["verdict"]], certainty, evidence["why"]]
    if "urgency" in item:
        found.append(labels["urgency", item["urgency"]])
    if "recommendation" in item:
        found.append(labels["recommendation", item["recommendation"]])
    for step in item.get("steps", ()):
        found += [step["glance"], step["text"]]
    for name in ("action", "rationale", "what_to_do", "what_to_expect"):
        found += [item[name]] if name in item else []
    for name in ("do_not_if", "stop_when", "cautions", "how_to"):
        found += item.get(name, ())
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", CARD_KINDS)
def test_a_card_says_all_that_matters(client, kind, language):
    service = client.get(f"/v1?lang={language}").get_json()
    labels = {
        (vocabulary["id"], term["id"]): term["label"]
        for vocabulary in service["vocabularies"]
        for term in vocabulary["terms"]
    }
    for id, item in by_id(client, f"/v1/{kind}", lang=language).items():
        answer = client.get(f"/embed/{kind}/{id}?lang={language}")
        page = Page(answer.text)
        assert answer.status_code == 200
        assert answer.mimetype == "text/html"
        assert answer.headers["Content-Language"] == language
        assert page.all("html") == [{"lang": language, "data-theme": "dark"}]
        assert page.texts["title"] == f"{item['title']} – Nightcramp"
        assert page.texts["h1"] == item["title"]
        expected = said(item, labels)
        expected += [service["disclaimer"], service["clinical_review"]]
        assert [text for text in expected if text not in page.words] == [], id


@pytest.mark.parametrize("theme", Theme)
@pytest.mark.parametrize("kind", CARD_KINDS)
def test_a_card_runs_nothing_and_asks_nobody(client, library, kind, theme):
    for language in LANGUAGES:
        for id in library.catalogue(language).of_kind(kind):
            answer = client.get(f"/embed/{kind}/{id}?lang={language}&theme={theme}")
            page = Page(answer.text)
            assert page.all("html")[0]["data-theme"] == theme
            assert page.loaded <= {"data:,"}
            assert not page.all("script")
            assert not [a for _, a in page.tags if any(n.startswith("on") for n in a)]
            assert "Set-Cookie" not in answer.headers
            assert len(answer.data) <= LARGEST, id


def test_a_card_shows_the_picture_of_each_step(client, library):
    for id, protocol in library.catalogue("ru").relief_protocols.items():
        page = Page(client.get(f"/embed/relief-protocols/{id}?lang=ru").text)
        pictures = [svg["aria-label"] for svg in page.all("svg")]
        assert pictures == [step.illustration.alt for step in protocol.steps]
        assert {svg["role"] for svg in page.all("svg")} == {"img"}


@pytest.mark.parametrize("path", [CARD, "/embed/causes/no-such-cause"])
def test_the_policy_of_a_card_lets_in_its_own_style_and_nothing_else(client, path):
    answer = client.get(path)
    style = Page(answer.text).texts["style"]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = answer.headers["Content-Security-Policy"].split("; ")
    assert sorted(policy) == [
        "base-uri 'none'",
        "connect-src 'self'",
        "default-src 'none'",
        "form-action 'none'",
        "img-src data:",
        f"style-src 'sha256-{digest}'",
    ]


def test_a_link_of_a_card_opens_beside_the_app(client):
    """Inside the frame most sites would refuse to be shown."""
    page = Page(client.get(CARD).text)
    assert page.all("base") == [{"target": "_blank"}]
    assert len(page.all("a")) > 1


def test_a_card_is_the_same_page_in_every_theme(client, library):
    page = Page(client.get(f"{CARD}?lang=ru&theme=light").text)
    assert page.link("canonical") == f"{library.public_url}{CARD}?lang=ru"


def test_a_card_speaks_the_language_of_its_reader(client):
    answer = client.get(CARD, headers={"Accept-Language": "ru-RU, en;q=0.5"})
    assert answer.headers["Content-Language"] == "ru"
    assert "Accept-Language" in answer.headers["Vary"]


def test_a_card_at_hand_is_not_sent_again(client):
    tag = client.get(f"{CARD}?lang=en").headers["ETag"]
    again = client.get(f"{CARD}?lang=en", headers={"If-None-Match": tag})
    assert again.status_code == 304


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("/embed/causes/no-such-cause", 404, "not-found"),
        ("/embed/relief-protocols/%3Cb%3E", 404, "not-found"),
        (f"{CARD}?theme=pink", 422, "invalid-request"),
        (f"{CARD}?theme=dark&theme=light", 422, "invalid-request"),
        (f"{CARD}?colour=red", 422, "invalid-request"),
        (f"{CARD}?lang=xx", 406, "not-acceptable"),
    ],
)
def test_an_error_is_a_card_as_well(client, library, path, status, kind, language):
    answer = client.get(path, headers={"Accept-Language": language})
    page = Page(answer.text)
    catalogue = library.catalogue(language)
    assert (answer.status_code, answer.mimetype) == (status, "text/html")
    assert answer.headers["Content-Language"] == language
    assert answer.headers["Cache-Control"] == "no-store"
    assert page.texts["h1"] == catalogue.messages.problems[kind].title
    assert catalogue.service.disclaimer in page.words
    assert page.all("a")[-1]["href"] == f"{library.public_url}/problems/{kind}"
    assert not page.all("script")
    assert not page.all("b")
    assert {"name": "robots", "content": "noindex"} in page.all("meta")


def test_an_error_says_which_value_is_wrong(client):
    page = Page(client.get(f"{CARD}?theme=pink").text)
    assert "Use one of: dark, light, auto" in page.words
    assert page.texts["code"] == "/theme"


def test_an_error_has_the_theme_that_was_asked_for(client):
    page = Page(client.get("/embed/causes/no-such-cause?theme=light").text)
    assert page.all("html")[0]["data-theme"] == "light"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_card_can_only_be_read(client, method):
    answer = client.open(CARD, method=method)
    assert answer.status_code == 405
    assert set(answer.allow) == {"GET", "HEAD", "OPTIONS"}


@pytest.mark.parametrize("kind", ["sources", "claims", "no-such-kind"])
def test_what_has_no_cards_has_no_address_here(client, kind):
    answer = client.get(f"/embed/{kind}/nhs-dvt")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


@pytest.fixture(scope="module")
def altered(library):
    """A client of a library that has a withdrawn cause, and markup in its words."""
    changed = {language: alter(library.catalogue(language)) for language in LANGUAGES}
    changed = replace(library, catalogues=changed)
    return create_app(changed, Config(edition=False)).test_client()


def alter(catalogue):
    withdrawn = catalogue.causes["alcohol"]
    stone = Tombstone(
        item="causes/alcohol",
        withdrawn_in=catalogue.releases[0].version,
        withdrawn_on=catalogue.releases[0].released_on,
        reason="A reason.",
        replaced_by="causes/overexcited-nerves",
    )
    lone = replace(stone, item="causes/heat", replaced_by=None)
    return replace(
        catalogue,
        causes={"overexcited-nerves": mark_up(catalogue.causes["overexcited-nerves"])},
        relief_protocols={
            **catalogue.relief_protocols,
            "calf-stretch": mark_up(catalogue.relief_protocols["calf-stretch"]),
        },
        tombstones={f"causes/{withdrawn.id}": stone, "causes/heat": lone},
    )


def mark_up(item: Cause | ReliefProtocol) -> Cause | ReliefProtocol:
    """`item` with words that are markup."""
    words = {"title": HOSTILE, "summary": HOSTILE, "people_say": HOSTILE}
    if isinstance(item, Cause):
        return replace(item, **words, explanation=(HOSTILE,), what_to_do=HOSTILE)
    steps = (
        replace(
            item.steps[0],
            glance=HOSTILE,
            text=HOSTILE,
            illustration=replace(item.steps[0].illustration, alt=HOSTILE),
        ),
        *item.steps[1:],
    )
    listed = {"do_not_if": (HOSTILE,), "stop_when": (HOSTILE,), "cautions": (HOSTILE,)}
    return replace(item, **words, **listed, steps=steps, what_to_expect=HOSTILE)


@pytest.mark.parametrize("path", [CARD, "/embed/causes/overexcited-nerves"])
def test_words_that_are_markup_are_shown_as_words(altered, path):
    answer = altered.get(path)
    page = Page(answer.text)
    assert page.texts["h1"] == HOSTILE
    assert page.texts["title"] == f"{HOSTILE} – Nightcramp"
    assert {"name": "description", "content": HOSTILE} in page.all("meta")
    assert page.words.count(HOSTILE) >= 3
    assert [svg["aria-label"] for svg in page.all("svg")[:1]] in ([], [HOSTILE])
    assert not page.all("script")
    assert not page.all("img")
    assert answer.text.count("<style>") == answer.text.count("</style>") == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_withdrawn_item_leaves_a_card_that_leads_to_its_replacement(
    altered, library, language
):
    answer = altered.get(f"/embed/causes/alcohol?lang={language}&theme=light")
    page = Page(answer.text)
    assert (answer.status_code, answer.mimetype) == (410, "text/html")
    instead = f"{library.public_url}/embed/causes/overexcited-nerves"
    assert instead in page.words
    assert page.all("a")[0]["href"] == f"{instead}?lang={language}&theme=light"
    assert altered.get(page.all("a")[0]["href"]).status_code == 200


def test_a_withdrawn_item_without_a_replacement_says_why(altered):
    answer = altered.get("/embed/causes/heat")
    page = Page(answer.text)
    assert answer.status_code == 410
    assert "A reason." in page.words
    assert len(page.all("a")) == 1
