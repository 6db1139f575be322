"""/embed: what apps put on their screens or run on the device."""

from pathlib import Path

from flask import Blueprint, Response, abort, g

from api.web.caching import FOREVER
from api.web.current import catalogue
from api.web.version import API_VERSION

PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""Its one style is its colour by itself."""

blueprint = Blueprint("embed", __name__)

FOLDER = Path(__file__).resolve().parent.parent / "static" / "embed"
FILES = {path.name: path.read_bytes() for path in FOLDER.glob("*.js")}
"""Read once: small, and their ETags come from their bytes, not from a clock."""


@blueprint.get("/embed/illustrations/<id>.svg")
def read_illustration(id: str) -> Response:
    """A picture of a movement, for itself or to be put into a page."""
    picture = catalogue().illustrations.get(id) or abort(404)
    g.cacheable = True
    response = Response(picture.file, mimetype="image/svg+xml")
    response.headers["Content-Security-Policy"] = PICTURE_POLICY
    license = catalogue().service.license.url
    response.headers["Link"] = f'<{license}>; rel="license"'
    return response


@blueprint.get("/embed/<name>")
def read_embed(name: str) -> Response:
    """A module to embed, readable from any origin."""
    module = FILES.get(name) or abort(404)
    g.cacheable = True
    return Response(module, mimetype="text/javascript")


@blueprint.get(f"/embed@{API_VERSION}/<name>")
def read_pinned(name: str) -> Response:
    """The same under its version, for hosts that want to know what they run.

    It stands beside /embed, not in it, so that a module finds its siblings and the
    service from either address.
    """
    response = read_embed(name)
    response.headers["Cache-Control"] = FOREVER
    return response
