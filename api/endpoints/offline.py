"""/docs/offline/: an example app that helps without a network, to read and to copy."""

from mimetypes import guess_type
from pathlib import Path

from flask import Blueprint, Response, abort, g, redirect
from werkzeug.wrappers import Response as Redirect

from api.web.current import library
from api.web.pages import guarded

blueprint = Blueprint("offline", __name__, url_prefix="/docs/offline")

FOLDER = Path(__file__).resolve().parent.parent / "static" / "offline"
FILES = {path.name: path.read_bytes() for path in FOLDER.iterdir()}
TYPES = {".webmanifest": "application/manifest+json", ".js": "text/javascript"}


@blueprint.get("", strict_slashes=True)
@blueprint.get("/index.html")
def lead_to_page() -> Redirect:
    """To the public address: a redirect of Flask's own would go where Host says."""
    return redirect(f"{library().public_url}/docs/offline/", 308)


@blueprint.get("/", strict_slashes=True)
def read_page() -> Response:
    """The page of the example."""
    return read_file("index.html")


@blueprint.get("/<name>")
def read_file(name: str) -> Response:
    """One file of the example."""
    body = FILES.get(name) or abort(404)
    g.cacheable = True
    kind = TYPES.get(Path(name).suffix) or guess_type(name)[0]
    return guarded(Response(body, mimetype=kind))
