"""/docs and /problems: pages for people, with nothing from any other host."""

from importlib.resources import files
from pathlib import Path

from flask import (
    Blueprint,
    Response,
    abort,
    g,
    make_response,
    render_template,
    send_from_directory,
)

from api.web.caching import ASSET
from api.web.current import catalogue, language, library

blueprint = Blueprint("docs", __name__)

# flask-swagger-ui (MIT) is used only to carry the files of Swagger UI (Apache-2.0).
SWAGGER_UI = Path(str(files("flask_swagger_ui") / "dist"))
OURS = Path(__file__).resolve().parent.parent / "static"

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data:; font-src 'self'; connect-src 'self' {public_url};"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Swagger UI sets style attributes, so inline styles are allowed; scripts are not.
It tries requests against the public address, however the page itself was reached."""


@blueprint.get("/docs")
def read_docs() -> Response:
    """Read the contract and try it."""
    return _page("docs.html", service=catalogue().service)


@blueprint.get("/problems")
def list_problems() -> Response:
    """Every kind of error, in words."""
    return _page("problems.html", problems=catalogue().messages.problems.values())


@blueprint.get("/problems/<id>")
def read_problem(id: str) -> Response:
    """What the `type` of a problem leads to."""
    problem = catalogue().messages.problems.get(id) or abort(404)
    return _page("problems.html", problems=[problem])


@blueprint.get("/docs/assets/<path:name>")
def read_asset(name: str) -> Response:
    """Styles, scripts and pictures of the pages."""
    folder = OURS if (OURS / name).is_file() else SWAGGER_UI
    response = send_from_directory(folder, name)
    response.headers["Cache-Control"] = ASSET
    return response


def _page(template: str, **values) -> Response:
    g.cacheable = g.localised = True
    page = render_template(
        template, language=language(), languages=library().languages, **values
    )
    response = make_response(page)
    policy = POLICY.format(public_url=library().public_url)
    response.headers["Content-Security-Policy"] = policy
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
