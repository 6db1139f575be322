"""The language of an answer: ?lang= first, then Accept-Language, then the original."""

from functools import lru_cache
from urllib.parse import quote, urlencode

from flask import Flask, Response, g, request
from werkzeug.datastructures import LanguageAccept
from werkzeug.exceptions import NotAcceptable
from werkzeug.http import parse_accept_header

from api.domain.library import Library
from api.domain.texts import Message

LONGEST_TAG = 8
"""Subtags of a language tag that are looked at; real tags have fewer."""


def register(app: Flask, library: Library) -> None:
    """Negotiate before each request; say after it what was chosen, and what else is."""

    @app.before_request
    def choose_language() -> None:
        header = request.headers.get("Accept-Language", "")
        g.language = preferred(header, library.languages)
        if request.method == "OPTIONS":
            return
        if wanted := request.args.get("lang"):
            g.language = _supported(wanted, library)
        elif wanted is not None:
            raise _not_acceptable(wanted, library)

    @app.after_request
    def declare_language(response: Response) -> Response:
        if g.get("localised") or response.mimetype == "application/problem+json":
            response.content_language.add(g.get("language", library.original))
            response.vary.add("Accept-Language")
        if g.get("localised") and response.status_code == 200:
            _link_alternates(response, library)
        return response


@lru_cache(maxsize=1024)
def preferred(header: str, languages: tuple[str, ...]) -> str:
    """The first of the preferred languages that is there, or else the original."""
    accepted = parse_accept_header(header, LanguageAccept)
    wanted = (tag for tag, quality in accepted if quality > 0)
    found = (_lookup(tag, languages) for tag in wanted)
    return next(filter(None, found), languages[0])


def _lookup(tag: str, languages: tuple[str, ...]) -> str | None:
    """The language for a BCP 47 tag, by RFC 4647 lookup: ru-RU falls back to ru."""
    parts = tag.lower().replace("_", "-").split("-")[:LONGEST_TAG]
    while parts:
        if (found := "-".join(parts)) in languages:
            return found
        parts.pop()
    return None


def _supported(tag: str, library: Library) -> str:
    if found := _lookup(tag, library.languages):
        return found
    raise _not_acceptable(tag, library)


def _not_acceptable(tag: str, library: Library) -> NotAcceptable:
    languages = ", ".join(library.languages)
    return NotAcceptable(Message("no-such-language", language=tag, languages=languages))


def _link_alternates(response: Response, library: Library) -> None:
    """Where the same answer is in each language, as `Link` headers."""
    path = quote(request.path)
    for language in library.languages:
        arguments = [*request.args.items(), ("lang", language)]
        query = urlencode(dict(arguments))
        response.headers.add(
            "Link",
            f"<{library.public_url}{path}?{query}>;"
            f' rel="alternate"; hreflang="{language}"',
        )
