"""The example app after its server is gone: it helps as it did before."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.request import urlopen

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.pages_support import (
    DESKTOP,
    check_to_the_end,
    harmless,
    violations,
)
from tests.servers import start_ready, stop

STORED = "Stored: all of this now works without a network."
STORED_RU = "Сохранено: теперь всё это работает и без сети."
GONE = "No network: this is the stored copy."
MONTH = 31 * 24 * 60 * 60 * 1000


@dataclass
class Device:
    """A browser that has visited the app, and the bundles that it got."""

    context: BrowserContext
    app: str
    bundles: dict[str, dict]
    asked: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def device(chromium) -> Iterator[Device]:
    """The app was opened once in each language; then its server was stopped."""
    server, base = start_ready()
    context = chromium.new_context(viewport=DESKTOP, locale="en")
    try:
        device = Device(context, f"{base}/docs/offline/", bundles(base))
        context.on("request", lambda request: device.asked.append(request.url))
        page = context.new_page()
        page.goto(device.app)
        expect(page.locator("#state")).to_have_text(STORED)
        page.select_option("#language", "ru")
        expect(page.locator("#state")).to_have_text(STORED_RU)
        page.select_option("#language", "en")
        expect(page.locator("#state")).to_have_text(STORED)
        page.close()
    finally:
        stop(server)
    yield device
    context.close()


def bundles(base: str) -> dict[str, dict]:
    found = {}
    for language in ("en", "ru"):
        with urlopen(f"{base}/v1/bundle?lang={language}") as answer:
            found[language] = json.load(answer)
    return found


@pytest.fixture
def page(device) -> Iterator[Page]:
    page = device.context.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    page.close()
    assert errors == []
    own = device.app.removesuffix("docs/offline/")
    assert [url for url in device.asked if not url.startswith(own)] == []


def sleep_until(page: Page, moment: str) -> None:
    """For this page it is then; the clock of Playwright is that of all pages."""
    page.add_init_script(f"const moment = {moment}; Date.now = () => moment;")


def during(bundle: dict) -> list[dict]:
    return [one for one in bundle["relief_protocols"] if one["when"] == "during"]


def test_the_list_of_what_helps_is_there(device, page):
    page.goto(device.app)
    expect(page.locator("#state")).to_have_text(GONE)
    bundle = device.bundles["en"]
    titles = {protocol["title"] for protocol in during(bundle)}
    *offered, check = page.locator("#menu button").all_inner_texts()
    assert set(offered) == titles
    assert offered[0] in {
        one["title"]
        for one in during(bundle)
        if one["evidence"]["verdict"] == "supported"
    }
    assert check == "Is it only a cramp? Check"
    expect(page.locator("footer")).to_contain_text(bundle["disclaimer"])
    expect(page.locator("footer")).to_contain_text(bundle["clinical_review"])
    assert violations(page) == []


def test_a_relief_runs_with_its_pictures(device, page):
    protocol = next(
        one
        for one in device.bundles["en"]["relief_protocols"]
        if one["id"] == "calf-stretch"
    )
    page.clock.install()
    page.goto(device.app)
    page.get_by_role("button", name=protocol["title"]).click()
    relief = page.locator("nightcramp-relief")
    relief.locator("#start").click()
    for step in protocol["steps"]:
        expect(relief.locator("#heading")).to_have_text(step["glance"])
        picture = relief.locator("svg[role=img]")
        expect(picture).to_be_visible()
        assert picture.get_attribute("aria-label") == step["illustration"]["alt"]
        page.clock.run_for(step["total_seconds"] * 1000)
    expect(relief.locator("#again")).to_be_visible()
    expect(relief).to_contain_text(protocol["what_to_expect"])
    page.locator("#back").click()
    expect(page.locator("#menu button").first).to_be_focused()


@pytest.mark.parametrize(
    ("answers", "level"),
    [({}, "self_care"), ({"chest_or_upper_back_pain": "yes"}, "emergency")],
)
def test_the_check_reaches_a_result(device, page, answers, level):
    rules = device.bundles["en"]["risk_rules"][0]
    page.goto(device.app)
    page.get_by_role("button", name="Is it only a cramp? Check").click()
    check_to_the_end(page, harmless(rules) | answers)
    title = next(one["title"] for one in rules["levels"] if one["id"] == level)
    expect(page.locator("nightcramp-check #heading")).to_have_text(title)


def test_the_other_language_is_there_as_well_and_is_remembered(device, page):
    page.goto(device.app)
    page.select_option("#language", "ru")
    expect(page.locator("#state")).to_have_text("Сети нет: это сохранённая копия.")
    titles = {protocol["title"] for protocol in during(device.bundles["ru"])}
    assert titles < set(page.locator("#menu button").all_inner_texts())
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    expect(page.locator("#menu button").first).to_be_visible()
    page.select_option("#language", "en")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_after_its_last_day_the_copy_says_so_and_gives_no_result(device, page):
    validity = device.bundles["en"]["validity"]
    sleep_until(page, f"Date.parse('{validity['valid_until']}')")
    page.goto(device.app)
    expect(page.locator("#state")).to_have_text(validity["when_out_of_date"])
    expect(page.locator("#age")).to_contain_text(validity["valid_until"])
    expect(page.get_by_role("button", name="Check")).to_have_count(0)
    for flag in device.bundles["en"]["risk_flags"]:
        if flag["urgency"] == "emergency":
            expect(page.locator("#signs")).to_contain_text(flag["action"])
    assert violations(page) == []


def test_a_copy_that_heard_nothing_for_a_month_is_out_of_date(device, page):
    sleep_until(page, f"{MONTH} + Date.now()")
    page.goto(device.app)
    wanted = device.bundles["en"]["validity"]["when_out_of_date"]
    expect(page.locator("#state")).to_have_text(wanted)


def test_opened_again_in_time_it_is_a_copy_and_no_more(device, page):
    page.goto(device.app)
    expect(page.locator("#state")).to_have_text(GONE)
    expect(page.locator("#signs")).to_be_hidden()
