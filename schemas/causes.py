"""Causes: why cramps happen, or are said to."""

from marshmallow import fields

from api.domain.items import Cause
from schemas.base import Text
from schemas.items import EvidencedItemFile, EvidencedItemResponse
from schemas.listing import EvidencedItemQuery, PageResponse


class CauseFile(EvidencedItemFile):
    builds = Cause

    what_to_do = Text(500)


class CauseResponse(EvidencedItemResponse):
    what_to_do = fields.String(
        required=True,
        metadata={"description": "What to do with this knowledge."},
    )


class CausePageResponse(PageResponse):
    items = fields.List(fields.Nested(CauseResponse), required=True)


class CauseQuery(EvidencedItemQuery):
    """What a client may ask of the list of causes."""
