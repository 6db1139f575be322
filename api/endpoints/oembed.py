"""/oembed: how to embed a card of which one has the address (oembed.com)."""

from html import escape
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Blueprint, Response, g, jsonify
from werkzeug.exceptions import NotFound
from werkzeug.exceptions import NotImplemented as FormatNotImplemented

from api.domain.items import Item
from api.domain.library import Catalogue
from api.domain.texts import Message
from api.web.current import language, library
from api.web.operations import read_query
from schemas.embed import CARD_KINDS, OembedQuery, OembedResponse, Theme

blueprint = Blueprint("oembed", __name__)

WIDTH = 480
HEIGHTS = {"relief-protocols": 800, "risk-flags": 480}
HEIGHT = 640
"""Pixels that suit a card when nothing smaller is asked for; it scrolls inside."""

CACHE_SECONDS = 86400


@blueprint.get("/oembed")
def read_oembed() -> Response:
    """A frame for the card, or the item, at `url`; 404 for any other address.

    501 for a format other than JSON, as oEmbed wants it.
    """
    options = read_query(OembedQuery)
    if options["format"] != "json":
        raise FormatNotImplemented(Message("only-json", format=options["format"]))
    content, kind, item, query = _card_at(options["url"])
    g.cacheable = g.localised = True
    address = f"{library().public_url}/embed/{kind}/{item.id}?{urlencode(query)}"
    width = min(WIDTH, options["maxwidth"])
    height = min(HEIGHTS.get(kind, HEIGHT), options["maxheight"])
    frame = (
        f'<iframe src="{escape(address)}" title="{escape(item.title)}"'
        f' width="{width}" height="{height}" style="border:0;max-width:100%"'
        ' loading="lazy"'
        ' sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>'
    )
    answer = {
        "version": "1.0",
        "type": "rich",
        "title": item.title,
        "html": frame,
        "width": width,
        "height": height,
        "cache_age": CACHE_SECONDS,
        "provider_name": content.service.title,
        "provider_url": library().public_url,
    }
    return jsonify(OembedResponse().dump(answer))


def _card_at(url: str) -> tuple[Catalogue, str, Item, dict[str, str]]:
    """What stands at `url`: its language, kind and item, and the query of its card."""
    base = library().public_url
    if not url.startswith((f"{base}/embed/", f"{base}/v1/")):
        raise NotFound(Message("not-embeddable", url=url))
    try:
        parts = urlsplit(url)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
    except ValueError:
        raise NotFound(Message("not-embeddable", url=url)) from None
    kind, _, id = (
        url.removeprefix(base).partition("?")[0].split("/", 2)[2].partition("/")
    )
    wanted = {"lang": language(), "theme": Theme.DARK, **query}
    content = library().catalogues.get(wanted["lang"])
    if content and kind in CARD_KINDS and wanted["theme"] in set(Theme):
        item = content.of_kind(kind).get(id)
        if item and len(wanted) == 2:
            return content, kind, item, wanted
    raise NotFound(Message("not-embeddable", url=url))
