"""Pages in a real Chromium, watched: what they ask for, what they complain of."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.servers import serving, start_ready, stop

ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}

AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
"""axe-core (MPL-2.0), as axe-playwright-python carries it."""

ANSWERS = """
(wanted) => wanted.filter(([id, value]) => {
  const root = document.querySelector("nightcramp-check").shadowRoot;
  const input = root.getElementById(`${id}-${value}`) ??
    root.getElementById(`${id}-number`);
  if (!input) return false;
  if (input.type === "number") {
    input.value = value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  } else input.click();
  return true;
})
"""


def chromium() -> str:
    """Where it is; without it nothing here is proved, so that is a failure."""
    found = shutil.which("chromium")
    if not found:
        pytest.fail("`chromium` is not on PATH: see setup-dev in the Makefile")
    return found


@contextmanager
def launched() -> Iterator[Browser]:
    """A browser of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=list(ARGUMENTS)
        )
        yield browser
        browser.close()


@contextmanager
def served() -> Iterator[str]:
    """The address of the real server."""
    server, base = start_ready()
    try:
        yield base
    finally:
        stop(server)


@contextmanager
def hosted(pages: Mapping[str, str]) -> Iterator[str]:
    """The address of another origin that serves `pages` by path: an app's."""

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self):
            page = pages.get(urlsplit(self.path).path)
            self.send_response(200 if page else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write((page or "").encode())

        def log_message(self, format, *arguments):
            pass

    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Pages)) as address:
        yield address


def host_page(body: str, language: str = "en", title: str = "An app") -> str:
    """A page of an app around `body`."""
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{title}</title><link rel="icon" href="data:,"></head>'
        f"<body>{body}</body></html>"
    )


class Watched:
    """A page, the hosts that it asked, and what it said in its console."""

    def __init__(self, page: Page):
        self.page = page
        self.asked: set[str] = set()
        self.complaints: list[str] = []
        page.on("request", self._note)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _note(self, request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob", "about"):
            self.asked.add(f"{parts.scheme}://{parts.netloc}")

    def _hear(self, message) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.text} {message.location.get('url')}")


@contextmanager
def opened(browser: Browser, **context) -> Iterator[Watched]:
    """A page in a context of its own."""
    private = browser.new_context(**{"viewport": DESKTOP, "locale": "en"} | context)
    try:
        yield Watched(private.new_page())
    finally:
        private.close()


def violations(page: Page) -> list[str]:
    """Each rule of axe that `page`, its frames not counted, breaks, and where."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "async () => (await axe.run(document, {iframes: false,"
        " resultTypes: ['violations']})).violations"
    )
    return [
        f"{rule['id']} {node['target']} {node['html'][:120]}"
        for rule in found
        for node in rule["nodes"]
    ]


def answer(page: Page, answers: Mapping[str, str | float]) -> None:
    """Give the screen of the check those of `answers` that it asks for."""
    page.evaluate(ANSWERS, list(answers.items()))


def harmless(rules: Mapping) -> dict[str, str | float]:
    """The answer to each question that nothing follows from."""
    return {
        question["id"]: question["negative"]
        for group in rules["groups"]
        for question in group["questions"]
    }


def check_to_the_end(page: Page, answers: Mapping[str, str | float]) -> None:
    """From the first screen of the check to its result, by `answers`."""
    check = page.locator("nightcramp-check")
    check.locator("#start").click()
    while not check.locator("#again").count():
        answer(page, answers)
        check.locator("#next").click()
