"""/oembed: the address of a card, or of an item, becomes a frame (oEmbed 1.0)."""

from html import unescape
from html.parser import HTMLParser
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from schemas.embed import CARD_KINDS
from tests.endpoints.test_cards import CARD, HOSTILE, Page, altered

__all__ = ["altered"]

FEED = "application/json+oembed"


class Frame(HTMLParser):
    """The one frame that `html` is."""

    def __init__(self, html: str):
        super().__init__()
        self.found: list[tuple[str, dict]] = []
        self.feed(html)
        ((self.tag, self.attributes),) = self.found

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def ask(client, url: str, **query: str):
    return client.get("/oembed", query_string={"url": url, **query})


@pytest.fixture
def card(library):
    return library.public_url + CARD


def test_an_answer_has_all_that_oembed_wants(client, library, card):
    answer = ask(client, card, lang="en")
    body = answer.get_json()
    assert answer.mimetype == "application/json"
    assert {key: value for key, value in body.items() if key != "html"} == {
        "version": "1.0",
        "type": "rich",
        "title": library.catalogue("en").relief_protocols["calf-stretch"].title,
        "width": 480,
        "height": 800,
        "cache_age": 86400,
        "provider_name": "Nightcramp",
        "provider_url": library.public_url,
    }


def test_its_html_is_a_frame_around_the_card(client, card):
    body = ask(client, card, lang="en").get_json()
    frame = Frame(body["html"])
    assert frame.tag == "iframe"
    assert frame.attributes == {
        "src": f"{card}?lang=en&theme=dark",
        "title": body["title"],
        "width": "480",
        "height": "800",
        "style": "border:0;max-width:100%",
        "loading": "lazy",
        "sandbox": "allow-popups allow-popups-to-escape-sandbox",
    }
    assert client.get(frame.attributes["src"]).status_code == 200


@pytest.mark.parametrize("kind", CARD_KINDS)
@pytest.mark.parametrize("place", ["embed", "v1"])
def test_cards_and_items_of_every_kind_can_be_embedded(client, library, kind, place):
    id, item = next(iter(library.catalogue("en").of_kind(kind).items()))
    body = ask(client, f"{library.public_url}/{place}/{kind}/{id}").get_json()
    src = Frame(body["html"]).attributes["src"]
    assert urlsplit(src).path == f"/embed/{kind}/{id}"
    assert Page(client.get(src).text).texts["h1"] == body["title"] == item.title


@pytest.mark.parametrize(
    ("query", "language", "theme"),
    [
        ("", "en", "dark"),
        ("?lang=ru", "ru", "dark"),
        ("?theme=light", "en", "light"),
        ("?theme=auto&lang=ru", "ru", "auto"),
    ],
)
def test_language_and_theme_are_those_of_the_address(
    client, library, card, query, language, theme
):
    body = ask(client, card + query).get_json()
    src = urlsplit(Frame(body["html"]).attributes["src"])
    assert parse_qs(src.query) == {"lang": [language], "theme": [theme]}
    item = library.catalogue(language).relief_protocols["calf-stretch"]
    assert body["title"] == item.title


def test_an_address_without_a_language_gets_that_of_the_request(client, card):
    assert "lang=ru" in ask(client, card, lang="ru").get_json()["html"]
    assert "lang=en" in ask(client, f"{card}?lang=en", lang="ru").get_json()["html"]


@pytest.mark.parametrize(
    ("limits", "width", "height"),
    [
        ({"maxwidth": "320"}, 320, 800),
        ({"maxheight": "300"}, 480, 300),
        ({"maxwidth": "1", "maxheight": "1"}, 1, 1),
        ({"maxwidth": "4000", "maxheight": "4000"}, 480, 800),
    ],
)
def test_a_frame_is_no_larger_than_there_is_room(client, card, limits, width, height):
    body = ask(client, card, **limits).get_json()
    frame = Frame(body["html"]).attributes
    assert (body["width"], body["height"]) == (width, height)
    assert (frame["width"], frame["height"]) == (str(width), str(height))


@pytest.mark.parametrize("format", ["xml", "text", ""])
def test_there_is_json_only(client, card, format):
    answer = ask(client, card, format=format)
    assert answer.status_code == 501
    assert answer.get_json()["type"].endswith("/problems/not-implemented")
    assert ask(client, card, format="json").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example/embed/relief-protocols/calf-stretch",
        "{base}.elsewhere.example/embed/relief-protocols/calf-stretch",
        "{base}@elsewhere.example/embed/relief-protocols/calf-stretch",
        "javascript:alert(1)",
        "http://[",
        "",
        "calf-stretch",
        "{base}",
        "{base}/",
        "{base}/v1",
        "{base}/v1/",
        "{base}/embed/",
        "{base}/docs",
        "{base}/v1/relief-protocols",
        "{base}/v1/relief-protocols/",
        "{base}/embed/nightcramp.js",
        "{base}/embed/sources/nhs-dvt",
        "{base}/embed/illustrations/hold-foot.svg",
        "{base}/embed/causes/no-such-cause",
        "{base}/embed/causes/calf-stretch",
        "{base}/embed/../embed/causes/alcohol",
        "{base}/embed/relief-protocols/calf-stretch?lang=xx",
        "{base}/embed/relief-protocols/calf-stretch?lang=",
        "{base}/embed/relief-protocols/calf-stretch?theme=pink",
        "{base}/embed/relief-protocols/calf-stretch?theme=",
        "{base}/embed/relief-protocols/calf-stretch?colour=red",
        "{base}/embed/relief-protocols/calf-stretch?colour",
    ],
)
def test_there_is_no_frame_for_any_other_address(client, library, address):
    answer = ask(client, address.format(base=library.public_url))
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["detail"].startswith("There is no card at")


@pytest.mark.parametrize(
    ("query", "pointers"),
    [
        ({}, ["/url"]),
        ({"url": "{card}", "colour": "red"}, ["/colour"]),
        ({"url": ["{card}", "{card}"]}, ["/url"]),
        ({"url": "{card}", "maxwidth": "0"}, ["/maxwidth"]),
        ({"url": "{card}", "maxheight": "wide"}, ["/maxheight"]),
        ({"url": "{card}", "maxwidth": "4001"}, ["/maxwidth"]),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(client, query, pointers):
    answer = client.get("/oembed", query_string=query)
    assert answer.status_code == 422
    errors = answer.get_json()["errors"]
    assert [error["pointer"] for error in errors] == pointers


@pytest.mark.parametrize("theme", ["dark", "light", "auto"])
@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("kind", CARD_KINDS)
def test_a_card_leads_to_a_frame_around_itself(client, library, kind, language, theme):
    for id in library.catalogue(language).of_kind(kind):
        path = f"/embed/{kind}/{id}?lang={language}&theme={theme}"
        page = Page(client.get(path).text)
        (found,) = (link for link in page.all("link") if link.get("type") == FEED)
        assert found["rel"] == "alternate"
        body = client.get(found["href"]).get_json()
        frame = Frame(body["html"]).attributes
        assert frame["src"] == library.public_url + path
        assert body["title"] == found["title"] == page.texts["h1"]


def test_a_title_that_is_markup_stays_a_title(altered, card):
    body = ask(altered, card).get_json()
    assert body["title"] == HOSTILE
    assert Frame(body["html"]).attributes["title"] == HOSTILE
    assert "<script" not in body["html"]
    assert "<script" in unescape(body["html"])


def test_an_answer_may_be_kept_and_read_by_any_page(client, card):
    answer = client.get(f"/oembed?url={quote(card, safe='')}")
    assert answer.headers["Cache-Control"].startswith("public")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["ETag"]
