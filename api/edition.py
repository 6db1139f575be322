"""The edition: every published GET as ready bytes, served in front of Flask.

Content changes only with a release, so an answer to a published address is rendered
once, by the Flask app itself, and kept with its headers: for each language and each
encoding, as clients ask for it. A published address is a path with an exact query
string; everything else, and every request that is not plain, goes through to Flask,
which would have given the same bytes. What is kept is bounded by what is published.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import product
from typing import Any

from api.domain.items import KINDS
from api.domain.library import Catalogue, Library, pages_of
from api.web.compression import ENCODINGS, chosen_encoding
from api.web.negotiation import preferred
from api.web.version import API_VERSION
from schemas.embed import CARD_KINDS, Theme
from schemas.listing import PAGE_SIZE

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Published = Iterator[tuple[tuple[str, str], bool]]
Wsgi = Callable[[Environ, StartResponse], Iterable[bytes]]

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

NOT_PLAIN = ("HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE", "HTTP_IF_RANGE", "HTTP_IF_MATCH")
"""Conditions that Flask answers; they are rare, and have their subtleties."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A ready answer, and the headers of its 304."""

    headers: list[tuple[str, str]]
    body: bytes
    tag: str
    not_modified: list[tuple[str, str]]


def in_one_piece(app: Wsgi) -> Wsgi:
    """`app`, each answer of it whole.

    The server sends a whole answer at once. Of an iterator it would send the head
    first, and a client would be left with that if the process died in between: a
    balancer can ask another replica only while nothing has been sent.
    """

    def answer(environ: Environ, start_response: StartResponse) -> list[bytes]:
        return [_whole(app(environ, start_response))]

    return answer


def _whole(chunks: Iterable[bytes]) -> bytes:
    """The body that `chunks` make, which are closed as WSGI wants it."""
    try:
        return b"".join(chunks)
    finally:
        if hasattr(chunks, "close"):
            chunks.close()


class Edition:
    """A WSGI layer that answers for `app` what it has answered before."""

    def __init__(self, app: Wsgi, library: Library):
        self.app = app
        self.languages = library.languages
        self.published = dict(published(library))
        self.kept: dict[tuple[str, str, str, str | None], Kept] = {}

    def __call__(
        self, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        kept = self._kept(environ)
        if kept is None:
            return self.app(environ, start_response)
        condition = environ.get("HTTP_IF_NONE_MATCH")
        if condition is None:
            start_response("200 OK", kept.headers)
            return [kept.body] if environ["REQUEST_METHOD"] == "GET" else []
        if condition == kept.tag:
            start_response("304 NOT MODIFIED", kept.not_modified)
            return []
        return self.app(environ, start_response)

    def _kept(self, environ: Environ) -> Kept | None:
        """The ready answer to a plain request for a published address, or None."""
        address = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
        speaks = self.published.get(address)
        if speaks is None or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return None
        if any(header in environ for header in NOT_PLAIN):
            return None
        if "atom" in environ.get("HTTP_ACCEPT", ""):
            return None  # the change feed may be wanted in its other form
        language = ""
        if speaks:
            header = environ.get("HTTP_ACCEPT_LANGUAGE", "")
            language = preferred(header, self.languages)
        encoding = chosen_encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        key = (*address, language, encoding)
        found = self.kept.get(key)
        if found is None and (found := self._rendered(*key)) is not None:
            self.kept[key] = found
        return found

    def _rendered(
        self, path: str, query: str, language: str, encoding: str | None
    ) -> Kept | None:
        """What the app answers, and what it answers to who has that already."""
        environ = _plain_request(path, query, language, encoding)
        status, headers, body = _answer(self.app, environ)
        tag = dict(headers).get("ETag")
        if status != "200 OK" or tag is None:
            return None
        again = {**environ, "HTTP_IF_NONE_MATCH": tag, "wsgi.input": BytesIO()}
        _, not_modified, _ = _answer(self.app, again)
        return Kept(headers, body, tag, not_modified)

    def addresses(self) -> Iterator[tuple[str, str, str, str | None]]:
        """Every published address with each language and encoding that it has."""
        for (path, query), speaks in self.published.items():
            for language in self.languages if speaks else ("",):
                for encoding in (None, *ENCODINGS):
                    yield path, query, language, encoding


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


def _plain_request(
    path: str, query: str, language: str, encoding: str | None
) -> Environ:
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "edition",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_ACCEPT_LANGUAGE": language,
        "HTTP_ACCEPT_ENCODING": encoding or "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
        "wsgi.errors": BytesIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def _answer(app: Wsgi, environ: Environ) -> tuple[str, list[tuple[str, str]], bytes]:
    answered: list[Any] = []

    def start_response(status: str, headers: list, exc_info: Any = None) -> None:
        answered[:] = [status, list(headers)]

    body = _whole(app(environ, start_response))
    return answered[0], answered[1], body
