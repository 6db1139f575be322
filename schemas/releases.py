"""Releases as `make release` records them, and as a client reads of them."""

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from api.domain.items import KINDS
from api.domain.releases import (
    Change,
    Grade,
    Happened,
    ItemChange,
    Release,
    Tombstone,
)
from schemas.base import (
    KEBAB_CASE,
    FileSchema,
    ResponseSchema,
    Slug,
    Text,
    nested_list,
    one_of,
)

VERSION = validate.Regexp(
    r"\d{4}\.(0[1-9]|1[0-2])\.\d{1,4}\Z",
    error="must be YYYY.MM.N, not {input!r}",
)
ITEM = validate.Regexp(
    rf"(risk-rules|[a-z-]+/{KEBAB_CASE})\Z",
    error="must be an address below /v1, such as causes/alcohol, not {input!r}",
)


class NotedItemFile(FileSchema):
    """An item as an editor names it among the changes."""

    item = fields.String(required=True, validate=ITEM)
    replaced_by = fields.String(validate=ITEM)


class NoteFile(FileSchema):
    """Why some items change, by the editor who changed them.

    Without `items` it stands for all changed items that no other note names.
    """

    id = Slug()
    grade = one_of(Grade)
    reason = Text(500)
    act_by = fields.Date()
    items = nested_list(NotedItemFile, load_default=tuple)

    @validates_schema(skip_on_field_errors=True)
    def can_be_acted_on(self, data, **kwargs):
        safety = data["grade"] is Grade.SAFETY
        if safety != ("act_by" in data):
            raise ValidationError(
                "stands with a safety change, and only there", "act_by"
            )
        if not data["items"] and data["grade"] is not Grade.EDITORIAL:
            raise ValidationError("only editorial changes need not be named", "items")


class NextReleaseFile(FileSchema):
    """What editors write before a release: releases/next.yaml."""

    id = Slug()
    summary = Text(500)
    changes = nested_list(NoteFile)


class ItemChangeFile(FileSchema):
    builds = ItemChange

    item = fields.String(required=True, validate=ITEM)
    change = one_of(Happened)
    languages = fields.List(fields.String(), load_default=list)
    replaced_by = fields.String(validate=ITEM)


class ChangeFile(FileSchema):
    builds = Change

    id = Slug()
    grade = one_of(Grade)
    reason = Text(500)
    act_by = fields.Date()
    items = fields.List(fields.Nested(ItemChangeFile), load_default=list)


class ReleaseFile(FileSchema):
    """A release, written by `make release` and never changed afterwards."""

    id = fields.String(required=True, validate=VERSION)
    released_on = fields.Date(required=True)
    ruleset_version = fields.String(required=True, validate=VERSION)
    content = fields.String(required=True, validate=validate.Regexp(r"[0-9a-f]{64}\Z"))
    summary = Text(500)
    changes = fields.List(fields.Nested(ChangeFile), load_default=list)
    manifest = fields.Dict(
        keys=fields.String(validate=ITEM),
        values=fields.Dict(keys=fields.String(), values=fields.String()),
    )

    @post_load
    def build(self, data, **kwargs):
        version = data.pop("id")
        return Release(version=version, **{**data, "changes": tuple(data["changes"])})


def tombstone_record(tombstone: Tombstone, public_url: str) -> dict:
    """`tombstone` as TombstoneResponse writes it, with addresses below `public_url`."""
    kind, _, id = tombstone.item.partition("/")
    replacement = tombstone.replaced_by
    return {
        "type": KINDS[kind].type,
        "id": id,
        "withdrawn_in": tombstone.withdrawn_in,
        "withdrawn_on": tombstone.withdrawn_on,
        "reason": tombstone.reason,
        "replaced_by": replacement and f"{public_url}/v1/{replacement}",
    }


class TombstoneResponse(ResponseSchema):
    """An item that is gone: delete it, and show what replaced it."""

    type = fields.String(required=True)
    id = fields.String(required=True)
    withdrawn_in = fields.String(
        required=True, metadata={"description": "The release that withdrew it."}
    )
    withdrawn_on = fields.Date(required=True)
    reason = fields.String(required=True)
    replaced_by = fields.Url(
        metadata={"description": "The item to show in its place, where there is one."}
    )
