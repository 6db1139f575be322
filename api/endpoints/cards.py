"""/embed/…/{id}: one item as a page to put into a frame, without script or cookie."""

import base64
import hashlib
from pathlib import Path
from urllib.parse import urlencode

from flask import Blueprint, Response, g, make_response, render_template, request
from markupsafe import Markup, escape
from werkzeug.exceptions import HTTPException

from api.domain.items import Illustration
from api.domain.library import UnknownId, find
from api.web import errors
from api.web.current import catalogue, language, library
from api.web.operations import read_query
from schemas.embed import CARD_KINDS, CardQuery, Theme

blueprint = Blueprint("cards", __name__, url_prefix="/embed")

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
STYLE = (TEMPLATES / "card.css").read_text(encoding="utf-8")
"""Inside each card, so that it is on the screen after one request."""

STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()

POLICY = (
    "default-src 'none'; img-src data:; connect-src 'self';"
    " base-uri 'none'; form-action 'none';"
    f" style-src 'sha256-{STYLE_HASH}'"
)
"""No `frame-ancestors`: a card may stand in any frame. It has no script to protect, nor
one to connect: `connect-src` lets auditors such as Lighthouse read /robots.txt."""

KINDS = ", ".join(f'"{kind}"' for kind in CARD_KINDS)


@blueprint.get(f"/<any({KINDS}):kind>/<string:id>")
def read_card(kind: str, id: str) -> Response:
    """The card of one item, in the asked language and theme."""
    options = read_query(CardQuery)
    item = find(catalogue().of_kind(kind), kind, id)
    g.cacheable = g.localised = True
    card = f"{library().public_url}/embed/{kind}/{id}?lang={language()}"
    shown = f"{card}&theme={options['theme']}"
    return _card(
        kind,
        options["theme"],
        address=card,
        item=item,
        picture=_inline,
        sources=catalogue().sources,
        outdated=item.publication.translation.status == "outdated",
        terms=catalogue().terms,
        oembed=f"{library().public_url}/oembed?{urlencode({'url': shown})}",
    )


@blueprint.errorhandler(HTTPException)
def show_error(error: HTTPException) -> Response:
    """Whatever is wrong, said where the reader looks, with the right status."""
    return _problem_card(errors.problem(error))


@blueprint.errorhandler(UnknownId)
def show_unknown_id(error: UnknownId) -> Response:
    return _problem_card(errors.unknown_id(error))


def _inline(picture: Illustration) -> Markup:
    """The picture as part of the page; checked content, so its markup is let in."""
    label = f'<svg role="img" aria-label="{escape(picture.alt)}" '
    return Markup(picture.svg.replace("<svg ", label, 1))


def _problem_card(problem: Response) -> Response:
    g.localised = True
    asked = request.args.get("theme")
    theme = Theme(asked) if asked in set(Theme) else Theme.DARK
    card = _card("problem", theme, problem=problem.get_json())
    card.status_code = problem.status_code
    return card


def _card(kind: str, theme: Theme, **values) -> Response:
    page = render_template(
        f"card-{kind}.html",
        language=language(),
        theme=theme,
        css=STYLE,
        service=catalogue().service,
        **values,
    )
    response = make_response(page)
    response.headers["Content-Security-Policy"] = POLICY
    return response
