"""Headers that keep what we serve from being misused by the pages around it."""

from flask import Flask, Response

NOTHING_RUNS = "default-src 'none'; frame-ancestors 'none'"
"""For data: shown by itself, it may load nothing and stand in no frame."""


def register(app: Flask) -> None:
    """Add to each answer what its view has not decided otherwise."""

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", NOTHING_RUNS)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        # Any page may load our pictures and modules, isolated ones (COEP) too.
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response
