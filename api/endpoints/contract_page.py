"""/docs/contract: how to hold the service to its contract, and scripts that do it."""

from pathlib import Path

from flask import Blueprint, Response, abort, g

from api.web.checks import checks
from api.web.current import evaluator, library
from api.web.pages import page

blueprint = Blueprint("contract_page", __name__, url_prefix="/docs/contract")

FOLDER = Path(__file__).resolve().parent.parent / "static" / "contract"
TYPES = {".py": "text/x-python", ".mjs": "text/javascript"}
FILES = {
    path.name: path.read_bytes()
    for suffix in TYPES
    for path in sorted(FOLDER.glob(f"*{suffix}"))
}


@blueprint.get("")
def read_contract_page() -> Response:
    """What may be relied on, every check, and the scripts to copy."""
    return page(
        "contract.html",
        base=library().public_url,
        checks=checks(library(), evaluator()),
        scripts={name: body.decode() for name, body in FILES.items()},
    )


@blueprint.get("/<name>")
def read_script(name: str) -> Response:
    """One of the scripts, for `curl -O`."""
    body = FILES.get(name) or abort(404)
    g.cacheable = True
    return Response(body, mimetype=TYPES[Path(name).suffix])
