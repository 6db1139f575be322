"""/embed: what apps put on their screens or run on the device."""

from pathlib import Path

from flask import Blueprint, Response, abort, g

from api.web.current import catalogue

PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""Its one style is its colour by itself."""

blueprint = Blueprint("embed", __name__, url_prefix="/embed")

FOLDER = Path(__file__).resolve().parent.parent / "static" / "embed"
FILES = {path.name: path.read_bytes() for path in FOLDER.glob("*.js")}
"""Read once: small, and their ETags come from their bytes, not from a clock."""


@blueprint.get("/illustrations/<id>.svg")
def read_illustration(id: str) -> Response:
    """A picture of a movement, for itself or to be put into a page."""
    picture = catalogue().illustrations.get(id) or abort(404)
    g.cacheable = True
    response = Response(picture.file, mimetype="image/svg+xml")
    response.headers["Content-Security-Policy"] = PICTURE_POLICY
    license = catalogue().service.license.url
    response.headers["Link"] = f'<{license}>; rel="license"'
    return response


@blueprint.get("/<name>")
def read_embed(name: str) -> Response:
    """A module to embed, readable from any origin."""
    module = FILES.get(name) or abort(404)
    g.cacheable = True
    return Response(module, mimetype="text/javascript")
