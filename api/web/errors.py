"""Every error as RFC 9457 problem details, in the language that was asked for.

One table maps domain exceptions and HTTP statuses to problem types; the words are
content (content/messages.yaml), the type URIs lead to pages of this service.
"""

import traceback
from http import HTTPStatus
from urllib.parse import quote

import structlog
from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from api.domain.answers import InvalidAnswers
from api.domain.library import UnknownId
from api.domain.releases import NoSuchVersion, Tombstone, VersionTooOld
from api.domain.texts import Message, Messages
from api.web.current import catalogue, language, library
from api.web.deprecation import Retired
from api.web.route import ROUTE
from schemas.base import flat_errors
from schemas.releases import TombstoneResponse, tombstone_record

PROBLEM_TYPES = {
    400: "bad-request",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    408: "request-timeout",
    410: "withdrawn",
    413: "content-too-large",
    414: "uri-too-long",
    415: "unsupported-media-type",
    422: "invalid-request",
    429: "too-many-requests",
    500: "internal-error",
    501: "not-implemented",
    503: "unavailable",
}
"""The problem type of each status; other 4xx are bad requests, other 5xx internal."""

OWN_HEADERS = {"content-type", "content-length"}
"""Headers of a werkzeug error that describe the body we replace."""

log = structlog.get_logger()


def register(app: Flask) -> None:
    """Answer domain errors as problems; HTTP errors reach `problem` through the Api."""
    app.register_error_handler(UnknownId, unknown_id)
    app.register_error_handler(NoSuchVersion, _no_such_version)
    app.register_error_handler(VersionTooOld, _version_too_old)
    app.register_error_handler(InvalidAnswers, _invalid_answers)
    app.register_error_handler(Retired, _retired)
    app.log_exception = _log_exception  # type: ignore[method-assign]


def failure(error: BaseException) -> dict[str, str]:
    """Where it went wrong, not with what: a message may quote a health answer."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    return {"kind": type(error).__name__, "trace": frames}


def _log_exception(exc_info) -> None:
    log.error("failed", route=request.environ[ROUTE], **failure(exc_info[1]))


def unknown_id(error: UnknownId) -> Response:
    """Not found, or gone: then the answer says what became of it."""
    tombstone = catalogue().tombstones.get(f"{error.kind}/{error.id}")
    if tombstone is None:
        return _answer(404, Message("no-such-item", kind=error.kind, id=error.id))
    return withdrawn(tombstone)


def withdrawn(tombstone: Tombstone) -> Response:
    """Gone: what became of it, and what to show in its place."""
    said = TombstoneResponse().dump(tombstone_record(tombstone, library().public_url))
    message = Message("withdrawn-for" if tombstone.replaced_by else "withdrawn", **said)
    return _answer(410, message, tombstone=said)


def _no_such_version(error: NoSuchVersion) -> Response:
    newest = library().release.version
    message = Message("no-such-version", version=error.version, newest=newest)
    return _answer(404, message, "no-such-version", whole=_whole_bundle())


def _version_too_old(error: VersionTooOld) -> Response:
    message = Message("version-too-old", version=error.version)
    return _answer(410, message, "version-too-old", whole=_whole_bundle())


def _retired(error: Retired) -> Response:
    ended = error.deprecation
    notice = ended.address(library().public_url)
    message = Message("retired", sunset=f"{ended.sunset}", notice=notice)
    return _answer(410, message, "retired")


def _whole_bundle() -> str:
    """What to take in place of changes that nobody can tell."""
    return f"{library().public_url}/v1/bundle?lang={language()}"


def _invalid_answers(error: InvalidAnswers) -> Response:
    words = catalogue().messages
    errors = [
        {
            "detail": problem.message.within(words),
            "pointer": _pointer("answers", problem.question),
        }
        for problem in error.problems
    ]
    return _answer(422, Message("see-errors"), errors=errors)


def problem(error: HTTPException) -> Response:
    """The answer to an HTTP error, its own headers (Allow, Retry-After, …) kept."""
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    messages = getattr(error, "data", {}).get("messages")
    response = _answer(status, _detail(error, status), errors=_errors(messages))
    for name, value in error.get_headers():
        if name.lower() not in OWN_HEADERS:
            response.headers[name] = value
    return response


def type_uri(id: str) -> str:
    """Where the page on a problem type is."""
    return f"{library().public_url}/problems/{id}"


def _answer(status: int, detail: str, type: str = "", **more) -> Response:
    """A problem of `type`, or of the type of `status`; of `more`, what is not empty."""
    messages = catalogue().messages
    fallback = "bad-request" if status < 500 else "internal-error"
    kind = messages.problems[type or PROBLEM_TYPES.get(status, fallback)]
    body = {
        "type": type_uri(kind.id),
        "title": kind.title,
        "status": status,
        "detail": _words(detail, messages) or kind.description,
        "instance": quote(request.path),
    }
    response = jsonify(body | {key: value for key, value in more.items() if value})
    response.status_code = status
    response.content_type = "application/problem+json"
    return response


def _words(text: str, messages: Messages) -> str:
    return text.within(messages) if isinstance(text, Message) else text


def _detail(error: HTTPException, status: int) -> str:
    if isinstance(error.description, Message):
        return error.description
    if status == HTTPStatus.NOT_FOUND:
        return Message("no-such-address", path=quote(request.path))
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
        return Message("no-such-method", method=request.method, allowed=allowed)
    if status == HTTPStatus.UNPROCESSABLE_ENTITY:
        return Message("see-errors")
    return ""


def _errors(messages: dict | None) -> list[dict]:
    """Validation messages by location and field, as a flat list with pointers."""
    words = catalogue().messages
    return [
        {"detail": _words(message, words), "pointer": _pointer(*map(str, keys))}
        for location in (messages or {}).values()
        for keys, message in flat_errors(location)
    ]


def _pointer(*keys: str | None) -> str:
    """The JSON pointer (RFC 6901) through `keys`; None ends it."""
    named = (key for key in keys if key is not None)
    return "".join(f"/{key.replace('~', '~0').replace('/', '~1')}" for key in named)
