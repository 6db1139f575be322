"""The change feed: JSON Feed 1.1, with what our clients act on in `_nightcramp`."""

from marshmallow import fields

from schemas.base import ResponseSchema


class ChangedItemResponse(ResponseSchema):
    type = fields.String(required=True)
    id = fields.String(required=True)
    href = fields.Url(required=True)
    change = fields.String(
        required=True,
        metadata={"description": "`added`, `changed` or `withdrawn`."},
    )
    languages = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "The languages in which it is another than before."},
    )
    replaced_by = fields.Url(
        metadata={"description": "Of a withdrawn item: what to show in its place."}
    )


class ChangeDetailResponse(ResponseSchema):
    about = fields.Url(required=True)
    content_version = fields.String(required=True)
    grade = fields.String(
        required=True,
        metadata={
            "description": "`editorial`: no advice changed; `guidance`: advice "
            "changed; `safety`: who was shown the old text may come to harm."
        },
    )
    act_by = fields.Date(
        metadata={"description": "Of a safety change: have it in your app by then."}
    )
    items = fields.List(fields.Nested(ChangedItemResponse), required=True)


class FeedItemResponse(ResponseSchema):
    id = fields.String(required=True)
    url = fields.Url(required=True)
    title = fields.String(required=True)
    content_text = fields.String(required=True)
    date_published = fields.String(
        required=True, metadata={"format": "date-time", "description": "RFC 3339."}
    )
    tags = fields.List(fields.String(), required=True)
    _nightcramp = fields.Nested(ChangeDetailResponse, required=True)


class FeedAuthorResponse(ResponseSchema):
    name = fields.String(required=True)
    url = fields.Url(required=True)


class ChangeFeedResponse(ResponseSchema):
    """A JSON Feed 1.1 of every change to the content, newest first."""

    version = fields.Url(required=True)
    title = fields.String(required=True)
    description = fields.String(required=True)
    home_page_url = fields.Url(required=True)
    feed_url = fields.Url(required=True)
    authors = fields.List(fields.Nested(FeedAuthorResponse), required=True)
    language = fields.String(required=True)
    items = fields.List(fields.Nested(FeedItemResponse), required=True)
