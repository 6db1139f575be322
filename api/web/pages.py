"""Pages for people, with a policy that lets in nothing from any other host."""

from flask import Response, g, make_response, render_template

from api.web.current import language, library, root

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data:; font-src 'self'; connect-src 'self' {public_url};"
    " frame-src 'self'; manifest-src 'self'; worker-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Swagger UI sets style attributes, so inline styles are allowed; scripts are not.
It tries requests against the public address, however the page itself was reached."""


def page(template: str, **values) -> Response:
    """The page that `template` makes of `values`, in the language of this request."""
    g.cacheable = g.localised = True
    rendered = render_template(
        template,
        language=language(),
        languages=library().languages,
        root=root(),
        **values,
    )
    return guarded(make_response(rendered))


def guarded(response: Response) -> Response:
    """`response` as a page, or a part of one, that loads from this service only."""
    policy = POLICY.format(public_url=library().public_url)
    response.headers["Content-Security-Policy"] = policy
    return response
