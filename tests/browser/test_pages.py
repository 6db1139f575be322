"""The pages and cards in a real browser: they work, anyone can use them, and they ask
no other host for anything.
"""

import html
import json
import re
import shlex
import shutil
import subprocess
import sys
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import expect

from api.endpoints.front import GALLERY, TRIES
from tests.browser.pages_support import (
    DESKTOP,
    PHONE,
    host_page,
    hosted,
    opened,
    violations,
)

PAGES = (
    "/",
    "/?lang=ru",
    "/docs/rules",
    "/docs/contract",
    "/docs/contract?lang=ru",
    "/docs/changes",
    "/problems",
    "/problems/withdrawn",
    "/docs/offline/",
)
CARDS = (
    f"/embed/relief-protocols/{GALLERY}",
    "/embed/prevention-tips/magnesium",
    "/embed/causes/alcohol",
    "/embed/risk-flags/suspected-dvt",
    "/embed/causes/no-such-cause",
)
SCHEMES = ("light", "dark")
LOOKS = (("light", DESKTOP), ("dark", PHONE))
NARROW = {"width": 320, "height": 640}
SECONDS = 20


@pytest.fixture
def visit(chromium, service):
    """Opens pages; at the end none asked another host, or has complained."""
    contexts = []

    def go(path: str, **options):
        manager = opened(chromium, **options)
        watched = manager.__enter__()
        contexts.append((manager, watched))
        watched.page.goto(path if "://" in path else service + path)
        return watched.page

    yield go
    for manager, _ in contexts:
        manager.__exit__(None, None, None)
    hosts = {host for _, watched in contexts for host in watched.asked}
    complaints = [text for _, watched in contexts for text in watched.complaints]
    assert {re.sub(r":\d+$", "", host) for host in hosts} == {"http://127.0.0.1"}
    assert [text for text in complaints if "no-such-cause" not in text] == []


def scrolls_sideways(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


@pytest.mark.parametrize("path", PAGES)
def test_anyone_can_use_a_page_on_any_screen_by_day_and_by_night(visit, path):
    page = visit(path)
    page.wait_for_load_state("networkidle")
    for scheme, size in LOOKS:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size(size)
        assert violations(page) == [], (scheme, size)
        assert not scrolls_sideways(page), (scheme, size)


@pytest.mark.parametrize("path", CARDS)
def test_anyone_can_use_a_card_however_narrow_by_day_and_by_night(visit, path):
    for theme in SCHEMES:
        page = visit(f"{path}?theme={theme}", viewport=NARROW)
        assert violations(page) == [], theme
        assert not scrolls_sideways(page), theme


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_card_without_a_theme_of_its_own_follows_the_device(visit, scheme):
    page = visit(f"{CARDS[0]}?theme=auto", color_scheme=scheme)
    assert violations(page) == []
    shown = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert shown == {"light": "rgb(253, 252, 249)", "dark": "rgb(16, 20, 28)"}[scheme]


def test_a_printed_card_shows_its_sources(visit):
    page = visit(CARDS[0])
    source = page.locator("details a").first
    expect(source).not_to_be_visible()
    page.emulate_media(media="print")
    expect(source).to_be_visible()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_anyone_can_read_the_contract_and_try_it(visit, scheme):
    page = visit("/docs", color_scheme=scheme)
    live = page.locator("#operations-Health-getLiveness")
    live.locator(".opblock-summary-control").click()
    live.locator(".try-out__btn").click()
    live.locator(".execute").click()
    status = live.locator(".live-responses-table tbody td.response-col_status")
    expect(status).to_contain_text("200")
    assert page.url.endswith("#/Health/getLiveness"), "to link to the operation"
    page.locator("#operations-Search-search .opblock-summary-control").click()
    expect(page.locator("#operations-Search-search .opblock-body")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("language", ["en", "ru"])
def test_trying_a_request_shows_the_answer(visit, service, language):
    page = visit(f"/?lang={language}")
    assert page.locator("#path option").all_inner_texts() == list(TRIES)
    for path in TRIES:
        page.select_option("#path", path)
        page.locator("#request button").click()
        request = Request(service + path, headers={"Accept-Language": language})
        with urlopen(request) as answered:
            answer = json.load(answered)
        page.wait_for_function(
            "wanted => document.getElementById('answer').textContent === wanted",
            arg=page.evaluate("data => JSON.stringify(data, null, 2)", answer),
        )
        expect(page.locator("#outcome")).to_contain_text('200 OK "')


def test_a_request_that_fails_says_so(visit):
    page = visit("/")
    page.evaluate("() => { fetch = async () => { throw new Error('no network'); }; }")
    page.locator("#request button").click()
    expect(page.locator("#outcome")).to_have_text("Error: no network")
    expect(page.locator("#answer")).to_be_hidden()


def test_the_embeds_of_the_front_page_are_live(visit):
    page = visit("/")
    relief, check = page.locator("nightcramp-relief"), page.locator("nightcramp-check")
    relief.locator("#start").click()
    expect(relief.locator("#pause")).to_be_visible()
    expect(relief.locator("svg[role=img]")).to_be_visible()
    check.locator("#start").click()
    expect(check.locator("fieldset").first).to_be_visible()
    page.locator("iframe").scroll_into_view_if_needed()
    heading = page.frame_locator("iframe").locator("h1")
    expect(heading).to_have_text(page.locator("iframe").get_attribute("title"))


@pytest.fixture
def snippets(service):
    """What stands in the boxes of the front page, in order."""
    with urlopen(f"{service}/?lang=en") as answer:
        page = answer.read().decode()
    boxes = re.findall(r'<pre tabindex="0">(.*?)</pre>', page, re.DOTALL)
    return [html.unescape(box) for box in boxes]


def test_the_snippets_of_the_front_page_work_in_an_app(visit, snippets):
    relief, check, card = snippets[:3]
    assert ("relief" in relief, "check" in check, "iframe" in card) == (True,) * 3
    with hosted({"/": host_page(relief + check + card)}) as app:
        page = visit(app)
        expect(page.locator("nightcramp-relief #start")).to_be_visible()
        expect(page.locator("nightcramp-check #start")).to_be_visible()
        page.locator("iframe").scroll_into_view_if_needed()
        heading = page.frame_locator("iframe").locator("h1")
        expect(heading).to_have_text(page.locator("iframe").get_attribute("title"))


def test_the_frame_of_an_oembed_answer_works_in_an_app(visit, service):
    with urlopen(f"{service}/oembed?url={service}{CARDS[3]}") as answer:
        frame = json.load(answer)["html"]
    with hosted({"/": host_page(frame)}) as app:
        page = visit(app)
        card = page.frame_locator("iframe")
        expect(card.locator("h1")).to_be_visible()
        with page.expect_popup() as opening:
            card.locator("footer a").first.click()
        expect(opening.value.locator("pre")).to_contain_text('"suspected-dvt"')


def starting(snippets: list[str], word: str) -> str:
    (found,) = (snippet for snippet in snippets if snippet.startswith(word))
    return found


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
    assert done.returncode == 0, done.stderr
    return done.stdout


def steps(protocol: dict) -> str:
    return "".join(
        f"{step['glance']} {step['repeat']} × {step['seconds']} s\n"
        for step in protocol["steps"]
    )


def test_the_quickstart_in_python_prints_the_steps(snippets, read):
    printed = run(sys.executable, "-X", "utf8", "-c", starting(snippets, "import json"))
    assert printed == steps(read(f"/v1/relief-protocols/{GALLERY}?lang=en"))


def test_the_quickstart_in_javascript_prints_the_steps(snippets, read):
    code = starting(snippets, "const answer")
    printed = run(shutil.which("node"), "--input-type=module", "-e", code)
    first = read("/v1/relief-protocols?when=during&lang=en")["items"][0]
    assert printed == steps(first)


def test_the_line_for_curl_is_answered(snippets, service, read):
    command, address = shlex.split(starting(snippets, "curl"))
    assert address.startswith(service)
    assert read(address.removeprefix(service))["id"] == GALLERY
