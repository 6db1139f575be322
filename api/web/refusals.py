"""Requests that are refused before a view sees them, as problems like all others."""

from urllib.parse import quote

import orjson
from flask import Flask, request
from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    InternalServerError,
    RequestTimeout,
    RequestURITooLarge,
    ServiceUnavailable,
)

from api.web.negotiation import preferred
from api.web.wsgi import Answer, Wsgi, ask, make_environ

REFUSAL = "nightcramp.refusal"
"""Key in the environ of WSGI, where the server asks to refuse: one of REFUSED."""

REFUSED: dict[str, HTTPException] = {
    "slow": RequestTimeout(),
    "torn": BadRequest(),
    "busy": ServiceUnavailable(retry_after=1),
    "broken": InternalServerError(),
}

LONGEST_ADDRESS = 8192
"""Characters of path and query: what RFC 9110 wants to be read, and no more."""


def register(app: Flask) -> None:
    """Refuse what the server asks to, and addresses that are too long."""

    @app.before_request
    def refuse() -> None:
        if reason := request.environ.get(REFUSAL):
            raise REFUSED[reason]
        if len(request.path) + len(request.query_string) > LONGEST_ADDRESS:
            raise RequestURITooLarge


class Refusals:
    """Answers for the server to give when it has no time, or no way, to ask the app.

    The app has made them before, one for each of REFUSED in each language.
    """

    def __init__(self, app: Wsgi, languages: tuple[str, ...]):
        self.languages = languages
        self.made = {
            (reason, language): _made(app, reason, language)
            for reason in REFUSED
            for language in languages
        }

    def answer(self, reason: str, path: str, accepted: str) -> Answer:
        """For a request of `path`, in the language of an Accept-Language."""
        made = self.made[reason, preferred(accepted, self.languages)]
        status, headers, problem = made
        body = orjson.dumps(problem | {"instance": quote(path)})
        return status, [*headers, ("content-length", str(len(body)))], body


def _made(
    app: Wsgi, reason: str, language: str
) -> tuple[int, list[tuple[str, str]], dict]:
    """A refusal without what belongs to one request: its address, and so the length."""
    asked = {REFUSAL: reason, "HTTP_ACCEPT_LANGUAGE": language}
    status, headers, body = ask(app, make_environ("GET", "/", "") | asked)
    kept = [header for header in headers if header[0].lower() != "content-length"]
    return status, kept, orjson.loads(body)
