"""/: the developer's front page: what this is, try it, see it embedded, copy it."""

from flask import Blueprint, Response

from api.web.current import catalogue, library
from api.web.pages import page

blueprint = Blueprint("front", __name__)

GALLERY = "calf-stretch"
"""The protocol that the gallery shows: the best supported one."""

TRIES = (
    "/v1/relief-protocols/calf-stretch",
    "/v1/relief-protocols?when=during&site=calf&position=in-bed",
    "/v1/prevention-tips?recommendation=commercial-claim",
    "/v1/causes?verdict=contested",
    "/v1/risk-flags/suspected-dvt",
    "/v1/search?q=magnesium",
    "/v1/changes",
)
"""Requests to try first; each shows something else."""


@blueprint.get("/")
def read_front() -> Response:
    """What a developer sees who comes here first."""
    content = catalogue()
    return page(
        "front.html",
        service=content.service,
        release=library().release,
        counts={
            "causes": len(content.causes),
            "relief": len(content.relief_protocols),
            "tips": len(content.prevention_tips),
            "flags": len(content.risk_flags),
            "sources": len(content.sources),
        },
        base=library().public_url,
        protocol=content.relief_protocols[GALLERY],
        tries=TRIES,
    )
