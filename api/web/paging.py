"""A selection as a page with absolute links, in the body and in the Link header."""

from urllib.parse import urlencode

from flask import request

from api.domain.library import Published, page_of
from api.web.current import library


def paged(items: list[Published], arguments: dict):
    """The asked page of `items`, as body and headers of the answer."""
    page = page_of(items, arguments["page"], arguments["page_size"])
    links = {"self": _address(page.number)}
    if page.number < page.pages:
        links["next"] = _address(page.number + 1)
    if 1 < page.number <= page.pages:
        links["prev"] = _address(page.number - 1)
    body = {"items": page.items, "total": page.total, "links": links}
    relations = [f'<{url}>; rel="{name}"' for name, url in links.items()]
    return body, {"Link": ", ".join(relations)}


def _address(number: int) -> str:
    """The address of another page of the list that was asked for."""
    query = urlencode({**request.args.to_dict(), "page": number})
    return f"{library().public_url}{request.path.rstrip('/')}?{query}"
