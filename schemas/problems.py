"""The one shape of every error: RFC 9457 problem details."""

from marshmallow import fields

from schemas.base import ResponseSchema
from schemas.releases import TombstoneResponse


class ProblemErrorResponse(ResponseSchema):
    detail = fields.String(required=True)
    pointer = fields.String(
        required=True,
        metadata={
            "description": "JSON pointer to the parameter or the part of the body."
        },
    )


class ProblemResponse(ResponseSchema):
    """RFC 9457 problem details, in the asked language."""

    type = fields.Url(
        required=True, metadata={"description": "Leads to a page that explains it."}
    )
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(
        required=True, metadata={"description": "What is wrong, and what to do."}
    )
    instance = fields.String(
        required=True, metadata={"description": "The path that was asked for."}
    )
    errors = fields.List(
        fields.Nested(ProblemErrorResponse),
        metadata={"description": "422 only: every problem that was found."},
    )
    tombstone = fields.Nested(
        TombstoneResponse,
        metadata={"description": "Of a withdrawn item only: what became of it."},
    )
    whole = fields.Url(
        metadata={
            "description": "Where a bundle cannot tell what has changed: the whole one."
        }
    )
