"""Which route a request took: what logs and metrics name in place of its address."""

from flask import Flask, request

ROUTE = "nightcramp.route"
"""Key in the environ of WSGI: `/v1/causes/<id>`, or empty where no view was found."""


def register(app: Flask) -> None:
    """Tell the server around the app, by the environ of the request."""

    @app.before_request
    def tell_route() -> None:
        request.environ[ROUTE] = request.url_rule.rule if request.url_rule else ""
