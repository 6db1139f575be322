"""Writes pictures of every page, card and element: python -m tests.browser.screenshots.

Phone and desktop, light and dark, into the folder that is named (screenshots/).
"""

import sys
from collections.abc import Callable
from pathlib import Path
from urllib.request import urlopen

import orjson
from playwright.sync_api import Browser, Page

from tests.browser.pages_support import (
    DESKTOP,
    PHONE,
    check_to_the_end,
    harmless,
    host_page,
    hosted,
    launched,
    opened,
    served,
)

PROTOCOL = "calf-stretch"
PAGES = {
    "front": "/",
    "front-ru": "/?lang=ru",
    "docs": "/docs",
    "rules": "/docs/rules",
    "contract": "/docs/contract",
    "contract-ru": "/docs/contract?lang=ru",
    "changes": "/docs/changes",
    "problems": "/problems",
    "problem": "/problems/withdrawn",
}
CARDS = {
    "card-relief": f"/embed/relief-protocols/{PROTOCOL}",
    "card-relief-ru": f"/embed/relief-protocols/{PROTOCOL}?lang=ru",
    "card-tip": "/embed/prevention-tips/magnesium",
    "card-cause": "/embed/causes/alcohol",
    "card-flag": "/embed/risk-flags/suspected-dvt",
    "card-error": "/embed/causes/no-such-cause",
}
LONG = ("docs", "rules", "changes", "problems")
"""Of these the first screen is enough."""

EMERGENCY = {"breathless_severe": "yes", "chest_or_upper_back_pain": "yes"}

Shoot = Callable[[Page, str], None]


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0] if arguments else "screenshots")
    folder.mkdir(parents=True, exist_ok=True)

    def shoot(page: Page, name: str, whole: bool = True) -> None:
        page.screenshot(path=folder / f"{name}.png", full_page=whole)

    with launched() as browser, served() as base:
        for size, viewport in (("phone", PHONE), ("desktop", DESKTOP)):
            for scheme in ("light", "dark"):
                look = {"viewport": viewport, "color_scheme": scheme}
                end = f"{size}-{scheme}"
                shoot_pages(browser, base, look, end, shoot)
                shoot_cards(browser, base, look, end, shoot)
                shoot_elements(browser, base, look, end, shoot)
                shoot_offline(browser, base, look, end, shoot)
        shoot_print(browser, base, shoot)
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")
    return 0


def shoot_pages(browser: Browser, base: str, look: dict, end: str, shoot) -> None:
    for name, path in PAGES.items():
        with opened(browser, **look) as watched:
            page = watched.page
            page.goto(base + path, wait_until="networkidle")
            if name == "docs":
                page.locator(".opblock").first.wait_for()
            if name.startswith("front"):
                page.get_by_role("button", name="Send").or_(
                    page.get_by_role("button", name="Отправить")
                ).click()
                page.locator("#answer").wait_for()
                page.locator("iframe").scroll_into_view_if_needed()
                page.wait_for_load_state("networkidle")
            shoot(page, f"{name}-{end}", whole=name not in LONG)


def shoot_cards(browser: Browser, base: str, look: dict, end: str, shoot) -> None:
    for name, path in CARDS.items():
        with opened(browser, **look) as watched:
            sign = "&" if "?" in path else "?"
            watched.page.goto(f"{base}{path}{sign}theme={look['color_scheme']}")
            shoot(watched.page, f"{name}-{end}")


def shoot_elements(browser: Browser, base: str, look: dict, end: str, shoot) -> None:
    theme = look["color_scheme"]
    module = f'<script type="module" src="{base}/embed/nightcramp.js"></script>'
    paper = {"light": "#faf6f0", "dark": "#10141c"}[theme]
    style = f"<style>body {{ margin: 0; background: {paper}; }}</style>"
    element = f'{style}{module}<nightcramp-%s theme="{theme}"%s></nightcramp-%s>'
    pages = {
        "/relief": host_page(
            element % ("relief", f' protocol="{PROTOCOL}"', "relief"), "en"
        ),
        "/check": host_page(element % ("check", "", "check"), "en"),
    }
    with hosted(pages) as host:
        with opened(browser, **look) as watched:
            page = watched.page
            page.clock.install()
            page.goto(f"{host}/relief")
            relief = page.locator("nightcramp-relief")
            relief.locator("#start").wait_for()
            shoot(page, f"relief-start-{end}")
            relief.locator("#start").click()
            page.clock.run_for(7000)
            shoot(page, f"relief-running-{end}")
            page.clock.run_for(3_600_000)
            relief.locator("#again").wait_for()
            shoot(page, f"relief-end-{end}")
        with urlopen(f"{base}/v1/risk-rules") as answered:
            calm = harmless(orjson.loads(answered.read()))
        with opened(browser, **look) as watched:
            page = watched.page
            page.goto(f"{host}/check")
            check = page.locator("nightcramp-check")
            check.locator("#start").wait_for()
            shoot(page, f"check-start-{end}")
            check_to_the_end(page, calm | EMERGENCY)
            shoot(page, f"check-emergency-{end}")
            check.locator("#again").click()
            check.locator("#start").click()
            shoot(page, f"check-question-{end}")
            page.reload()
            check_to_the_end(page, calm)
            shoot(page, f"check-self-care-{end}")


def shoot_offline(browser: Browser, base: str, look: dict, end: str, shoot) -> None:
    with opened(browser, **look) as watched:
        watched.page.goto(f"{base}/docs/offline/")
        watched.page.locator("#menu button").first.wait_for()
        watched.page.wait_for_load_state("networkidle")
        shoot(watched.page, f"offline-{end}")


def shoot_print(browser: Browser, base: str, shoot) -> None:
    with opened(browser, viewport={"width": 794, "height": 1123}) as watched:
        watched.page.goto(base + CARDS["card-relief"])
        watched.page.emulate_media(media="print")
        shoot(watched.page, "card-relief-print")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
