"""JSON bodies, read strictly: what a lenient reader would lose or guess is refused."""

import json
from collections import Counter

from flask import Request
from marshmallow import ValidationError
from werkzeug.exceptions import (
    BadRequest,
    RequestEntityTooLarge,
    UnsupportedMediaType,
)

from api.domain.texts import Message

LARGEST_BODY = 64 * 1024
"""Bytes. All answers together are far below it."""

READ_AT_MOST = LARGEST_BODY + 1
"""What werkzeug may read: it cuts a chunked body there, so that one too large shows."""


class _Object(dict):
    """A JSON object that remembers the keys that stood in it more than once."""

    def __init__(self, pairs: list[tuple[str, object]]):
        super().__init__(pairs)
        self.repeated: set[str] = set()
        if len(self) < len(pairs):
            times = Counter(key for key, _ in pairs)
            self.repeated = {key for key in times if times[key] > 1}


def read_json(request: Request, shape: str) -> dict:
    """The JSON object in the body; `shape` shows in errors what it should look like.

    415 for another media type, 413 over LARGEST_BODY, 400 for what is not JSON, and a
    ValidationError for what is JSON, but not an object with single keys.
    """
    if request.mimetype != "application/json":
        raise UnsupportedMediaType(Message("not-this-media-type"))
    data = request.get_data()
    if len(data) > LARGEST_BODY:
        raise RequestEntityTooLarge
    try:
        body = json.loads(data.decode(), object_pairs_hook=_Object)
        _refuse_half_characters(data, body)
    except RecursionError:
        raise ValidationError(Message("too-deep", shape=shape)) from None
    except ValueError:
        raise BadRequest(Message("not-json", shape=shape)) from None
    if not isinstance(body, dict):
        raise ValidationError(Message("not-an-object", shape=shape))
    if repeated := _repeated(body):
        raise ValidationError(repeated)
    return body


def _refuse_half_characters(data: bytes, body: object) -> None:
    """ValueError for a lone surrogate: JSON can escape one, but no text can have it."""
    if b"\\u" in data:
        json.dumps(body, ensure_ascii=False).encode()


def _repeated(body: dict) -> dict:
    """Errors for keys that stand twice, by path, two levels deep: deeper is refused."""
    message = Message("repeated-key")
    errors: dict = {key: [message] for key in sorted(body.repeated)}  # type: ignore[attr-defined]
    for key, value in body.items():
        if isinstance(value, _Object) and value.repeated:
            errors[key] = {inner: [message] for inner in sorted(value.repeated)}
    return errors
