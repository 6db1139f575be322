"""A real server, a page of an app on another origin, and a real browser."""

import json
import shutil
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.servers import serving, start_ready, stop

PAGES = Path(__file__).parent / "pages"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
MILLISECONDS = 15_000
"""Generous: a busy machine is no failure, a screen that never comes is."""


@pytest.fixture(scope="session")
def chromium():
    path = shutil.which("chromium")
    if not path:
        pytest.fail("`chromium` is not on PATH: see setup-dev in the Makefile")
    expect.set_options(timeout=MILLISECONDS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def service() -> Iterator[str]:
    """The address of the service."""
    server, base = start_ready()
    yield base
    stop(server)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format, *arguments):
        pass


@pytest.fixture(scope="session")
def app() -> Iterator[str]:
    """The address of an app that embeds: another port, so another origin."""
    handler = partial(Quiet, directory=str(PAGES))
    with serving(ThreadingHTTPServer(("127.0.0.1", 0), handler)) as address:
        yield address


class Embedder:
    """A page of the app with an element in it, and all that happened there."""

    def __init__(self, page: Page, app: str, service: str):
        self.page, self.app, self.service = page, app, service
        self.errors: list[str] = []
        self.requests: list[str] = []
        page.set_default_timeout(MILLISECONDS)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))

    def embed(self, element: str, name: str = "app.html") -> None:
        """Open the page, and put `element` in as an app does: markup and one script."""
        self.page.goto(f"{self.app}/{name}")
        self.page.evaluate(
            """([element, module]) => {
              window.happened = [];
              for (const name of ["ready", "start", "step", "pause", "resume", "stop",
                                  "end", "error", "result"]) {
                document.addEventListener(`nightcramp-${name}`, ({ detail }) =>
                  happened.push({ name, detail, at: Date.now() }));
              }
              document.getElementById("place").innerHTML = element;
              const script = document.createElement("script");
              script.type = "module";
              script.src = module;
              document.head.append(script);
            }""",
            [element, f"{self.service}/embed/nightcramp.js"],
        )

    def ready(self, element: str) -> None:
        self.embed(element)
        self.page.wait_for_function("happened.some(({ name }) => name === 'ready')")

    @property
    def happened(self) -> list[dict]:
        return self.page.evaluate("happened")

    def names(self) -> list[str]:
        return [event["name"] for event in self.happened]

    def by_id(self, id: str):
        return self.page.locator(f"#place #{id}")

    def press(self, *ids: str) -> None:
        for id in ids:
            self.by_id(id).click()

    def focused(self) -> str | None:
        """The id of what has the focus inside the element."""
        return self.page.evaluate(
            "document.activeElement.shadowRoot?.activeElement?.id"
        )

    def set(self, name: str, value) -> None:
        """An attribute of the element; None takes it off."""
        self.page.evaluate(
            """([name, value]) => {
              const element = document.querySelector("#place > *");
              value === null ? element.removeAttribute(name)
                             : element.setAttribute(name, value);
            }""",
            [name, value],
        )


@pytest.fixture
def visit(chromium, app, service):
    """Opens pages of the app; at the end, none of them may have had an error."""
    opened = []

    def open_page(init: str = "", at: str | None = None, **options) -> Embedder:
        context = chromium.new_context(**{"viewport": PHONE, **options})
        if init:
            context.add_init_script(init)
        embedder = Embedder(context.new_page(), app, at or service)
        opened.append((context, embedder))
        return embedder

    yield open_page
    for context, _ in opened:
        context.close()
    assert [embedder.errors for _, embedder in opened] == [[] for _ in opened]


PHONE = {"width": 390, "height": 844}
SMALL = {"width": 320, "height": 640}


@pytest.fixture
def embedder(visit):
    return visit()


@pytest.fixture(scope="session")
def read(service):
    """JSON of the service, and what it says to a body."""

    def read_json(path: str, body=None):
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        with urlopen(Request(f"{service}{path}", data, headers), timeout=30) as answer:
            return json.load(answer)

    return read_json
