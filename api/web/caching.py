"""Strong validators and cache rules on every answer (RFC 9110, RFC 9111)."""

from flask import Flask, Response, g, request
from werkzeug.datastructures import Headers

from api.domain.library import Library

CONTENT = "public, max-age=300, stale-while-revalidate=86400, stale-if-error=604800"
"""Content changes only with a release; five minutes is how late a safety fix may be."""
OWN = CONTENT.replace("public", "private")
"""For what no cache between us and the client may keep: what was searched for tells an
ailment, and RateLimit is about one client. Its own cache may, so 304 works; the listed
form, no-cache="RateLimit", would be read as a plain no-cache by most."""
ASSET = "public, max-age=86400"
FOREVER = "public, max-age=31536000, immutable"
"""For what has its version in its address."""
NOTHING = "no-store"

KEPT_ON_304 = ("Content-Language", "Last-Modified")
"""RFC 9110 wants them beside the validators; werkzeug drops them as entity headers."""


class CacheableResponse(Response):
    """A response whose 304 says the same of the copy at hand as its 200 does."""

    def get_wsgi_headers(self, environ) -> Headers:
        headers = super().get_wsgi_headers(environ)
        if self.status_code == 304:
            for name in KEPT_ON_304:
                if name in self.headers:
                    headers[name] = self.headers[name]
        return headers


def register_conditions(app: Flask) -> None:
    """Answer 304 where the copy at hand is still right; after all else is settled."""
    app.response_class = CacheableResponse

    @app.after_request
    def answer_conditionally(response: Response) -> Response:
        if response.status_code == 200 and g.get("cacheable"):
            response.make_conditional(request)
            # The server says when it answered; a kept answer could only say it wrong.
            response.headers.pop("Date", None)
        return response


def register_validators(app: Flask, library: Library) -> None:
    """Give each answer its cache rule, and content its validators."""
    released = library.release.released_at

    @app.after_request
    def validate(response: Response) -> Response:
        if response.status_code == 200 and g.get("cacheable"):
            response.last_modified = released
            response.headers.setdefault("Cache-Control", g.get("cache_rule", CONTENT))
            response.add_etag()
            return response
        if response.status_code not in (200, 206, 304) or not response.cache_control:
            response.headers["Cache-Control"] = NOTHING
        return response
