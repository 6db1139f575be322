"""/docs and /problems: pages for people, with nothing from any other host."""

from functools import cache
from importlib.resources import files
from mimetypes import guess_type
from pathlib import Path

from flask import Blueprint, Response, abort, g

from api.domain.wording import Wording
from api.web.caching import ASSET
from api.web.current import catalogue, library
from api.web.pages import page

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


@blueprint.get("/docs")
def read_docs() -> Response:
    """Read the contract and try it."""
    return page("docs.html", service=catalogue().service)


@blueprint.get("/docs/rules")
def read_rules() -> Response:
    """Every rule in words, its sources, its basis, and what nobody has signed yet."""
    content = catalogue()
    ranked = [level for level in content.rules.levels if level.rank is not None]
    return page(
        "rules.html",
        service=content.service,
        release=library().release,
        rules=content.rules,
        levels=ranked,
        titles={level.id: level.title for level in content.rules.levels},
        flags=list(content.risk_flags.values()),
        routes={route.id: route.label for route in content.rules.routes},
        bases=content.terms("basis"),
        sources=content.sources,
        vignettes=content.vignettes.values(),
        wording=Wording(content),
    )


@blueprint.get("/docs/changes")
def read_changes() -> Response:
    """What each release changed, for people; the feeds lead here."""
    content = catalogue()
    grades, changes = content.terms("change-grade"), content.terms("change")
    return page(
        "changes.html",
        releases=content.releases,
        grades=grades.values(),
        labels={id: term.label for id, term in (grades | changes).items()},
        act_by=content.messages.templates["act-by"],
    )


@blueprint.get("/problems")
def list_problems() -> Response:
    """Every kind of error, in words."""
    return page("problems.html", problems=catalogue().messages.problems.values())


@blueprint.get("/problems/<id>")
def read_problem(id: str) -> Response:
    """What the `type` of a problem leads to."""
    problem = catalogue().messages.problems.get(id) or abort(404)
    return page("problems.html", problems=[problem])


@blueprint.get("/docs/assets/<name>")
def read_asset(name: str) -> Response:
    """Styles, scripts and pictures of the pages."""
    body = _read(ASSETS.get(name) or abort(404))
    g.cacheable = True
    response = Response(body, mimetype=guess_type(name)[0])
    response.headers["Cache-Control"] = ASSET
    return response


@cache
def _read(asset: Path) -> bytes:
    """Its tag comes from its bytes, so that it is the same on every machine."""
    return asset.read_bytes()
