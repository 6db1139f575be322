"""Behind a real nginx that takes a prefix off: every link leads to under the prefix."""

import http.client
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest

from tests import nginx, servers

CONFIGURATION = """
worker_processes 1;
pid nginx.pid;
error_log stderr crit;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path temp/body;
    proxy_temp_path temp/proxy;
    fastcgi_temp_path temp/fastcgi;
    uwsgi_temp_path temp/uwsgi;
    scgi_temp_path temp/scgi;
    server {{
        listen 127.0.0.1:{port};
        location /cramps/ {{
            proxy_pass http://127.0.0.1:{service}/;
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        }}
    }}
}}
"""

STARTS = [
    *("/", "/docs", "/docs/rules", "/docs/changes", "/problems", "/docs/offline/"),
    *("/v1", "/v1/openapi.json", "/v1/bundle", "/v1/changes", "/v1/changes.atom"),
    *("/llms.txt", "/.well-known/api-catalog", "/v1/search?q=calf"),
    *("/embed/relief-protocols/calf-stretch", "/embed/causes/nowhere"),
    *("/docs/offline/manifest.webmanifest", "/v1/causes?page=2&page_size=5"),
]

ATTRIBUTES = ("href", "src", "action", "data-description")
QUOTED = re.compile(r'"((?:\./|\.\./)[\w./-]*|[\w-]+\.(?:css|js|webmanifest))"')
ADDRESS = re.compile(r"https?://[^\s\"'<>()\\]+")
LINKED = re.compile(r"<([^>]*)>")


class Links(HTMLParser):
    """Every address that a page leads to or loads from."""

    def __init__(self, text: str):
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            path = name == "value" and (value or "").startswith("/")
            if value and (path or name in ATTRIBUTES):
                self.found.append(value)


@dataclass
class Answer:
    status: int
    kind: str
    text: str
    headers: http.client.HTTPMessage


@dataclass
class Proxy:
    """nginx, and the service behind it."""

    port: int

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def base(self) -> str:
        return f"{self.origin}/cramps"

    def ask(self, address: str, **headers: str) -> Answer:
        parts = urlsplit(address)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        query = f"?{parts.query}" if parts.query else ""
        connection.request("GET", parts.path + query, headers=headers)
        got = connection.getresponse()
        text = got.read().decode(errors="replace")
        connection.close()
        kind = got.headers.get_content_type()
        return Answer(got.status, kind, text, got.headers)

    def links(self, address: str) -> set[str]:
        """Where an answer leads to on this host, in full."""
        answer = self.ask(address)
        found = LINKED.findall(", ".join(answer.headers.get_all("Link", [])))
        if answer.kind == "text/html":
            found += Links(answer.text).found
        elif answer.kind == "text/javascript" and "/docs/offline/" in address:
            found += QUOTED.findall(answer.text)
        elif answer.kind == "application/manifest+json":
            manifest = json.loads(answer.text)
            found += [manifest["start_url"], *(i["src"] for i in manifest["icons"])]
        else:
            found += ADDRESS.findall(answer.text)
        full = {urldefrag(urljoin(address, link))[0] for link in found}
        return {link for link in full if link.startswith(f"{self.origin}/")}


@pytest.fixture(scope="module")
def proxy(tmp_path_factory) -> Iterator[Proxy]:
    port = servers.free_port()
    folder = tmp_path_factory.mktemp("prefix")
    (folder / "temp").mkdir()
    service, address = servers.start_ready(
        NIGHTCRAMP_PUBLIC_URL=f"http://127.0.0.1:{port}/cramps",
        NIGHTCRAMP_TRUSTED_PROXIES="1",
        NIGHTCRAMP_RATE_LIMIT="on",
        NIGHTCRAMP_SEARCHES_PER_MINUTE="100000",
    )
    text = CONFIGURATION.format(port=port, service=urlsplit(address).port)
    (folder / "nginx.conf").write_text(text, encoding="utf-8")
    with nginx.running(folder, port):
        yield Proxy(port)
    servers.stop(service)


@pytest.fixture(scope="module")
def links(proxy) -> dict[str, set[str]]:
    return {path: proxy.links(proxy.base + path) for path in STARTS}


@pytest.mark.parametrize("path", STARTS)
def test_every_link_leads_to_under_the_prefix(proxy, links, path):
    assert {x for x in links[path] if not f"{x}/".startswith(f"{proxy.base}/")} == set()


def test_every_link_leads_somewhere(proxy, links):
    """Templates, such as `{id}`, are for the client to fill in, and the base of all of
    them is no link itself."""
    found = {link for led in links.values() for link in led if "{" not in link}
    found.remove(proxy.base)
    assert len(found) > 300
    posted = {f"{proxy.base}/v1/risk-evaluations": 405}
    wrong = {
        link: status
        for link in sorted(found)
        if (status := proxy.ask(link).status) != posted.get(link, 200)
    }
    assert wrong == {}


def test_what_the_offline_app_loads_is_there(proxy):
    found = {
        link
        for name in ("", "app.js", "sw.js", "manifest.webmanifest")
        for link in proxy.links(f"{proxy.base}/docs/offline/{name}")
    }
    for path in (
        "/embed/nightcramp.js",
        "/embed/evaluator.js",
        "/docs/assets/icon.svg",
    ):
        assert f"{proxy.base}{path}" in found
    assert [link for link in found if proxy.ask(link).status != 200] == []
    app = proxy.ask(f"{proxy.base}/docs/offline/app.js").text
    assert "fetch(`../../v1/bundle?" in app


def test_pages_of_a_list_can_be_walked(proxy):
    address, total = f"{proxy.base}/v1/causes?page_size=7", 0
    while address:
        page = json.loads(proxy.ask(address).text)
        total += len(page["items"])
        address = page["links"].get("next")
    assert total == page["total"]


def test_a_problem_leads_to_its_page(proxy):
    problem = json.loads(proxy.ask(f"{proxy.base}/v1/causes/nowhere").text)
    assert problem["type"] == f"{proxy.base}/problems/not-found"
    assert proxy.ask(problem["type"]).status == 200


def test_the_contract_names_the_public_address(proxy):
    contract = json.loads(proxy.ask(f"{proxy.base}/v1/openapi.json").text)
    assert contract["servers"] == [{"url": proxy.base}]


@pytest.mark.parametrize("name", ["", "/index.html"])
def test_a_redirect_keeps_the_prefix(proxy, name):
    answer = proxy.ask(f"{proxy.base}/docs/offline{name}", Host="evil.example")
    assert answer.status == 308
    assert answer.headers["Location"] == f"{proxy.base}/docs/offline/"
    assert "evil" not in answer.text


def test_only_the_proxy_says_who_asks(proxy):
    """What a client claims stands before what nginx adds, and is not believed."""
    address = f"{proxy.base}/v1/search?q=calf"
    left = [
        int(answer.headers["RateLimit"].split(";")[1].removeprefix("r="))
        for claimed in ("192.0.2.1", "192.0.2.2", "192.0.2.3")
        if (answer := proxy.ask(address, **{"X-Forwarded-For": claimed}))
    ]
    assert left == [left[0], left[0] - 1, left[0] - 2]
