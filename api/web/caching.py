"""Strong validators and cache rules on every answer (RFC 9110, RFC 9111)."""

from datetime import UTC, datetime, time

from flask import Flask, Response, g, request

from api.domain.library import Library

CONTENT = "public, max-age=300, stale-while-revalidate=86400, stale-if-error=604800"
"""Content changes only with a release; five minutes is how late a safety fix may be."""
ASSET = "public, max-age=86400"
NOTHING = "no-store"


def register(app: Flask, library: Library) -> None:
    """Give each answer its cache rule; content also its validators and conditions."""
    released = datetime.combine(library.release.released_on, time(), UTC)

    @app.after_request
    def validate(response: Response) -> Response:
        if response.status_code == 200 and g.get("cacheable"):
            response.last_modified = released
            response.headers["Cache-Control"] = CONTENT
            response.add_etag()
            response.make_conditional(request)
            return response
        if response.status_code not in (200, 304) or not response.cache_control:
            response.headers["Cache-Control"] = NOTHING
        return response
