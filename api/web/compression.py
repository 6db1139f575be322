"""Answers in gzip or Brotli, the same bytes each time.

Our own dozen lines: Flask-Compress stamps gzip with the time of day, and an answer must
have the same bytes, and so the same strong ETag, on every worker and in every export.
"""

import gzip
from functools import lru_cache

import brotli
from flask import Flask, Response, request
from werkzeug.http import parse_accept_header

ENCODINGS = ("br", "gzip")
"""Smallest answer first; without one of them, the answer as it is."""

SMALLEST = 512
"""Bytes; below this, an answer would hardly get smaller."""

COMPRESSIBLE = (
    "application/json",
    "application/problem+json",
    "application/feed+json",
    "application/atom+xml",
    "text/",
    "image/svg+xml",
)


def register(app: Flask) -> None:
    """Compress what gets smaller, in the encoding that the client prefers."""

    @app.after_request
    def compress(response: Response) -> Response:
        if response.direct_passthrough or not _is_compressible(response):
            return response
        response.vary.add("Accept-Encoding")
        encoding = chosen_encoding(request.headers.get("Accept-Encoding", ""))
        if encoding is not None:
            response.set_data(compressed(response.get_data(), encoding))
            response.headers["Content-Encoding"] = encoding
            _distinguish(response, encoding)
        return response


@lru_cache(maxsize=1024)
def chosen_encoding(accepted: str) -> str | None:
    """The encoding for an Accept-Encoding header; None for the answer as it is."""
    qualities = dict(parse_accept_header(accepted))
    rest = qualities.get("*", 0)
    ranked = [(qualities.get(name, rest), name) for name in ENCODINGS]
    quality, best = max(ranked, key=lambda pair: pair[0])
    return best if quality > 0 and quality >= qualities.get("identity", 0) else None


def compressed(body: bytes, encoding: str) -> bytes:
    """`body` in `encoding`, without a time stamp."""
    if encoding == "br":
        return brotli.compress(body, quality=6)
    return gzip.compress(body, compresslevel=6, mtime=0)


def _is_compressible(response: Response) -> bool:
    return (
        response.status_code not in (204, 206, 304)
        and (response.mimetype or "").startswith(COMPRESSIBLE)
        and len(response.get_data()) >= SMALLEST
    )


def _distinguish(response: Response, encoding: str) -> None:
    """A strong tag names bytes, and these are others than without the encoding."""
    tag, weak = response.get_etag()
    if tag is not None and not weak:
        response.set_etag(f"{tag}-{encoding}")
