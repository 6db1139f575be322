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
    send_file,
)

from api.domain.wording import Wording
from api.web.caching import ASSET
from api.web.current import catalogue, language, library

blueprint = Blueprint("docs", __name__)

# flask-swagger-ui (MIT) is used only to carry the files of Swagger UI (Apache-2.0).
SWAGGER_UI = Path(str(files("flask_swagger_ui") / "dist"))
OURS = Path(__file__).resolve().parent.parent / "static"
ASSETS = {
    path.name: path
    for folder in (SWAGGER_UI, OURS)
    for path in folder.iterdir()
    if path.is_file()
}

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


@blueprint.get("/docs/rules")
def read_rules() -> Response:
    """Every rule in words, its sources, its basis, and what nobody has signed yet."""
    content = catalogue()
    bases = next(v for v in content.vocabularies if v.id == "basis")
    ranked = [level for level in content.rules.levels if level.rank is not None]
    return _page(
        "rules.html",
        service=content.service,
        release=library().release,
        rules=content.rules,
        levels=ranked,
        titles={level.id: level.title for level in content.rules.levels},
        flags=list(content.risk_flags.values()),
        routes={route.id: route.label for route in content.rules.routes},
        bases={term.id: term for term in bases.terms},
        sources=content.sources,
        vignettes=content.vignettes.values(),
        wording=Wording(content),
    )


@blueprint.get("/problems")
def list_problems() -> Response:
    """Every kind of error, in words."""
    return _page("problems.html", problems=catalogue().messages.problems.values())


@blueprint.get("/problems/<id>")
def read_problem(id: str) -> Response:
    """What the `type` of a problem leads to."""
    problem = catalogue().messages.problems.get(id) or abort(404)
    return _page("problems.html", problems=[problem])


@blueprint.get("/docs/assets/<name>")
def read_asset(name: str) -> Response:
    """Styles, scripts and pictures of the pages."""
    response = send_file(ASSETS.get(name) or abort(404))
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
