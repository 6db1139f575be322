"""/v1/openapi.json: the contract, as it is generated from the views."""

from flask import Blueprint, Response, current_app, g

from api.web.openapi import describe, serialize

blueprint = Blueprint("description", __name__)


@blueprint.get("/v1/openapi.json")
def get_description() -> Response:
    """The OpenAPI description; its examples are answers of this very service."""
    g.cacheable = True
    text = current_app.extensions.get("description")
    if text is None:
        text = current_app.extensions["description"] = serialize(describe(current_app))
    return Response(text, mimetype="application/json")
