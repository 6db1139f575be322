"""Reads `Link` headers (RFC 8288), as this service writes them."""

import re

LINK = re.compile(r'<([^>]*)>; rel="([^"]*)"(?:; hreflang="([^"]*)")?')


def related(response) -> dict[str, str]:
    """Addresses by relation, without the alternates."""
    return {rel: url for url, rel, _ in _links(response) if rel != "alternate"}


def alternates(response) -> dict[str, str]:
    """Addresses of the same answer by language."""
    return {tag: url for url, rel, tag in _links(response) if rel == "alternate"}


def _links(response) -> list[tuple[str, str, str]]:
    return LINK.findall(", ".join(response.headers.getlist("Link")))
