"""What an embedded card and oEmbed take and answer."""

from enum import StrEnum

from marshmallow import fields

from api.domain.texts import Message
from schemas.base import ResponseSchema
from schemas.listing import Choice, Count, LanguageQuery

CARD_KINDS = ("relief-protocols", "prevention-tips", "causes", "risk-flags")
"""What has cards. A source is shown at its own publisher."""

LARGEST_SIDE = 4000
"""Pixels; what asks for more has made a mistake."""


class Theme(StrEnum):
    """Dark unless asked otherwise: it is read at night. `auto` follows the device."""

    DARK = "dark"
    LIGHT = "light"
    AUTO = "auto"


class CardQuery(LanguageQuery):
    theme = Choice(Theme, by_value=True, load_default=Theme.DARK)


class OembedQuery(LanguageQuery):
    url = fields.String(
        required=True, error_messages={"required": Message("missing-parameter")}
    )
    format = fields.String(load_default="json")
    maxwidth = Count(LARGEST_SIDE, load_default=LARGEST_SIDE)
    maxheight = Count(LARGEST_SIDE, load_default=LARGEST_SIDE)


class OembedResponse(ResponseSchema):
    """oEmbed 1.0, of the type `rich`: `html` is a frame around a card."""

    version = fields.String(required=True)
    type = fields.String(required=True)
    title = fields.String(required=True)
    html = fields.String(required=True)
    width = fields.Integer(required=True, metadata={"description": "Pixels."})
    height = fields.Integer(required=True, metadata={"description": "Pixels."})
    cache_age = fields.Integer(required=True, metadata={"description": "Seconds."})
    provider_name = fields.String(required=True)
    provider_url = fields.Url(required=True)
