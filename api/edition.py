"""The edition: every published GET as ready bytes, served in front of Flask.

Content changes only with a release, so an answer to a published address is rendered
once, by the Flask app itself, and kept with its headers: for each language and each
encoding, as clients ask for it. A published address is a path with an exact query
string; everything else, and every request that is not plain, goes through to Flask,
which would have given the same bytes. What is kept is bounded by what is published.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from io import BytesIO
from itertools import product

from api.domain.items import KINDS
from api.domain.library import Catalogue, Library, pages_of
from api.web.compression import ENCODINGS, chosen_encoding
from api.web.negotiation import preferred
from api.web.refusals import REFUSAL
from api.web.route import ROUTE
from api.web.version import API_VERSION
from api.web.wsgi import Answer, Environ, StartResponse, Wsgi, ask, make_environ
from schemas.embed import CARD_KINDS, Theme
from schemas.listing import PAGE_SIZE

Published = Iterator[tuple[tuple[str, str], bool]]
Header = Callable[[str], str | None]
Form = tuple[str, str, str, str | None]
"""Path, query, language and encoding of one ready answer."""

SPEAKING = (
    "/",
    "/v1",
    "/v1/bundle",
    "/v1/changes",
    "/v1/changes.atom",
    "/v1/risk-questions",
    "/v1/risk-rules",
    "/docs",
    "/docs/changes",
    "/docs/contract",
    "/docs/rules",
    "/problems",
    "/llms.txt",
)
"""Pages and documents that have words, beside lists and items."""

SILENT = (
    "/v1/risk-rules/vectors",
    "/v1/openapi.json",
    "/v1/contract-kit",
    "/docs/contract/nightcramp_contract.mjs",
    "/docs/contract/nightcramp_contract.py",
    "/embed/evaluator.js",
    "/embed/nightcramp.js",
    f"/embed@{API_VERSION}/evaluator.js",
    f"/embed@{API_VERSION}/nightcramp.js",
    "/.well-known/api-catalog",
)
"""The same in every language."""

NOT_PLAIN = ("if-modified-since", "range", "if-range", "if-match")
"""Conditions that Flask answers; they are rare, and have their subtleties."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A ready answer, the headers of its 304, and the route that led to it."""

    headers: list[tuple[str, str]]
    body: bytes
    tag: str
    not_modified: list[tuple[str, str]]
    route: str

    def answer(self, method: str, condition: str | None) -> Answer | None:
        """Status, headers and body for a client that sent `condition` as If-None-Match.

        None when the condition is not simply this tag: Flask knows the subtleties.
        """
        if condition is None:
            return 200, self.headers, self.body if method == "GET" else b""
        if condition == self.tag:
            return 304, self.not_modified, b""
        return None


class Edition:
    """A WSGI layer that answers for `app` what it has answered before."""

    def __init__(self, app: Wsgi, library: Library):
        self.app = app
        self.languages = library.languages
        self.published = dict(published(library))
        self.kept: dict[Form, Kept] = {}

    def __call__(
        self, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        """What is ready, or what the app says; that is kept when it is published."""
        if REFUSAL in environ:
            return self.app(environ, start_response)
        header = partial(_header, environ)
        asked = self._asked(
            environ["REQUEST_METHOD"],
            environ["PATH_INFO"],
            environ.get("QUERY_STRING", ""),
            header,
        )
        kept = self._keep(*asked) if asked else None
        condition = header("if-none-match")
        answer = kept.answer(environ["REQUEST_METHOD"], condition) if kept else None
        if kept is None or answer is None:
            return self.app(environ, start_response)
        status, headers, body = answer
        environ[ROUTE] = kept.route
        start_response(f"{status} {HTTPStatus(status).phrase.upper()}", headers)
        return [body]

    def at_hand(
        self, method: str, path: str, query: str, header: Header
    ) -> tuple[Kept, Answer] | None:
        """What is ready already; None for all that wants more work.

        `header` gives the value of a header by its name in lower case, or None.
        """
        asked = self._asked(method, path, query, header)
        kept = self.kept.get(asked) if asked else None
        answer = kept.answer(method, header("if-none-match")) if kept else None
        return (kept, answer) if kept and answer else None

    def _asked(self, method: str, path: str, query: str, header: Header) -> Form | None:
        """The form that a plain request for a published address asks for, or None."""
        speaks = self.published.get((path, query))
        if speaks is None or method not in ("GET", "HEAD"):
            return None
        if any(header(name) is not None for name in NOT_PLAIN):
            return None
        if "atom" in (header("accept") or ""):
            return None  # the change feed may be wanted in its other form
        language = ""
        if speaks:
            language = preferred(header("accept-language") or "", self.languages)
        return path, query, language, chosen_encoding(header("accept-encoding") or "")

    def _keep(self, *asked: *Form) -> Kept | None:
        found = self.kept.get(asked)
        if found is None and (found := self._rendered(*asked)) is not None:
            self.kept[asked] = found
        return found

    def _rendered(
        self, path: str, query: str, language: str, encoding: str | None
    ) -> Kept | None:
        """What the app answers, and what it answers to who has that already."""
        environ = _plain_request(path, query, language, encoding)
        status, headers, body = ask(self.app, environ)
        tag = dict(headers).get("ETag")
        if status != 200 or tag is None or has_sunset(headers):
            return None
        again = {**environ, "HTTP_IF_NONE_MATCH": tag, "wsgi.input": BytesIO()}
        _, not_modified, _ = ask(self.app, again)
        return Kept(headers, body, tag, not_modified, environ[ROUTE])

    def addresses(self) -> Iterator[Form]:
        """Every published address with each language and encoding that it has."""
        for (path, query), speaks in self.published.items():
            for language in self.languages if speaks else ("",):
                for encoding in (None, *ENCODINGS):
                    yield path, query, language, encoding


def has_sunset(headers: list[tuple[str, str]]) -> bool:
    """Will there be another answer one day, without a new release?"""
    return any(name == "Sunset" for name, _ in headers)


def published(library: Library) -> Published:
    """Path and query of every published address; does Accept-Language matter to it?"""
    content = library.catalogue(library.original)
    for path in (*SPEAKING, *_speaking(content)):
        yield from _in_each_language(library, path, "")
    for path in (*SILENT, *_silent(content)):
        yield (path, ""), False
    yield from _pages(library, content)
    yield from _cards(library, content)
    if not library.release.is_draft:
        yield from _deltas(library, content)


def _speaking(content: Catalogue) -> Iterator[str]:
    for id in content.messages.problems:
        yield f"/problems/{id}"
    for kind in KINDS:
        yield f"/v1/{kind}"
        yield from (f"/v1/{kind}/{id}" for id in content.of_kind(kind))
    for kind in CARD_KINDS:
        yield from (f"/embed/{kind}/{id}" for id in content.of_kind(kind))


def _silent(content: Catalogue) -> Iterator[str]:
    return (f"/embed/illustrations/{id}.svg" for id in content.illustrations)


def _pages(library: Library, content: Catalogue) -> Published:
    for kind in KINDS:
        pages = pages_of(len(content.of_kind(kind)), PAGE_SIZE)
        for page in range(1, pages + 1):
            yield from _in_each_language(library, f"/v1/{kind}", f"page={page}")
            for language in library.languages:  # as the links of a page have it
                yield (f"/v1/{kind}", f"lang={language}&page={page}"), False


def _cards(library: Library, content: Catalogue) -> Published:
    """Cards in each theme that their snippets ask for."""
    for kind in CARD_KINDS:
        for id in content.of_kind(kind):
            for language, theme in product(library.languages, Theme):
                query = f"lang={language}&theme={theme}"
                yield (f"/embed/{kind}/{id}", query), False


def _deltas(library: Library, content: Catalogue) -> Published:
    for release in content.releases:
        if release.manifest is not None:
            since = f"since={release.version}"
            yield from _in_each_language(library, "/v1/bundle", since)


def _in_each_language(library: Library, path: str, query: str) -> Published:
    yield (path, query), True
    for language in library.languages:
        wanted = f"{query}&lang={language}" if query else f"lang={language}"
        yield (path, wanted), False


def _header(environ: Environ, name: str) -> str | None:
    return environ.get(f"HTTP_{name.upper().replace('-', '_')}")


def _plain_request(
    path: str, query: str, language: str, encoding: str | None
) -> Environ:
    headers = {
        "HTTP_ACCEPT_LANGUAGE": language,
        "HTTP_ACCEPT_ENCODING": encoding or "",
    }
    return make_environ("GET", path, query) | headers
