"""Which route a request took: what logs and metrics name in place of its address."""

from flask import Flask, Response, request

ROUTE = "nightcramp.route"
"""Key in the environ of WSGI: `/v1/causes/<id>`, or empty where no view was found."""


def register(app: Flask) -> None:
    """Tell the server by the environ, and clients which methods a route takes."""

    @app.before_request
    def tell_route() -> None:
        request.environ[ROUTE] = request.url_rule.rule if request.url_rule else ""

    @app.after_request
    def order_methods(response: Response) -> Response:
        """Flask takes them from a set, in another order in each process."""
        if "Allow" in response.headers:
            methods = response.headers["Allow"].split(", ")
            response.headers["Allow"] = ", ".join(sorted(methods))
        return response
