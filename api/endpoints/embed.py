"""/embed: what apps put on their screens or run on the device."""

from pathlib import Path

from flask import Blueprint, Response, abort, g

blueprint = Blueprint("embed", __name__, url_prefix="/embed")

FOLDER = Path(__file__).resolve().parent.parent / "static" / "embed"
FILES = {path.name: path.read_bytes() for path in FOLDER.glob("*.js")}
"""Read once: small, and their ETags come from their bytes, not from a clock."""


@blueprint.get("/<name>")
def read_embed(name: str) -> Response:
    """A module to embed, readable from any origin."""
    module = FILES.get(name) or abort(404)
    g.cacheable = True
    return Response(module, mimetype="text/javascript")
