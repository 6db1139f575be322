"""Requests that are refused before a view sees them, as problems like all others."""

from flask import Flask, request
from werkzeug.exceptions import (
    HTTPException,
    RequestTimeout,
    RequestURITooLarge,
    ServiceUnavailable,
)

REFUSAL = "nightcramp.refusal"
"""Key in the environ of WSGI, where the server asks to refuse: one of REFUSED."""

REFUSED: dict[str, HTTPException] = {
    "slow": RequestTimeout(),
    "busy": ServiceUnavailable(retry_after=1),
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
