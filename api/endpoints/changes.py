"""/v1/changes: what each release changed, as JSON Feed and as Atom."""

from datetime import datetime
from html import escape

# feedgenerator (BSD): Django's writer of Atom, kept by the Pelican team.
from feedgenerator import Atom1Feed
from flask import Response, jsonify, request

from api.domain.items import KINDS
from api.domain.library import Catalogue
from api.domain.releases import Change, ItemChange, Release
from api.web.current import catalogue, library
from api.web.operations import Resource, reads
from schemas.changes import ChangeFeedResponse
from schemas.risk_rules import RULE_SET

JSON_FEED = "application/feed+json"
ATOM = "application/atom+xml"

blueprint = Resource(
    "Changes",
    __name__,
    url_prefix="/v1",
    description="Every change to the content, graded by what depends on it.",
)


@reads(
    blueprint,
    "/changes",
    ChangeFeedResponse,
    operation_id="getChanges",
    example="/v1/changes",
    media_type=JSON_FEED,
    links={"getBundle": {"since": "/items/0/_nightcramp/content_version"}},
)
def get_changes():
    """Read the change feed

    JSON Feed 1.1, newest first; `_nightcramp` has the grade and the items. Who asks
    for application/atom+xml gets Atom, as at /v1/changes.atom.
    """
    answer = _atom() if _wants_atom() else _json_feed()
    answer.vary.add("Accept")
    return answer


@reads(
    blueprint,
    "/changes.atom",
    {"type": "string"},
    operation_id="getChangesAtom",
    example="/v1/changes.atom",
    media_type=ATOM,
)
def get_changes_atom():
    """Read the change feed as Atom

    For feed readers. The grade is a category; the items are named in the text.
    """
    return _atom()


def _wants_atom() -> bool:
    """Only who names Atom gets it: the edition keeps the JSON for everyone else."""
    named = "atom" in request.headers.get("Accept", "")
    kinds = [JSON_FEED, "application/json", ATOM]
    return named and request.accept_mimetypes.best_match(kinds) == ATOM


def _json_feed() -> Response:
    response = jsonify(ChangeFeedResponse().dump(_feed()))
    response.mimetype = JSON_FEED
    return response


def _atom() -> Response:
    feed = _feed()
    atom = Atom1Feed(
        title=feed["title"],
        link=feed["home_page_url"],
        description=feed["description"],
        language=feed["language"],
        author_name=feed["authors"][0]["name"],
        author_link=feed["authors"][0]["url"],
        feed_url=f"{library().public_url}/v1/changes.atom?lang={feed['language']}",
    )
    for entry in feed["items"]:
        published = datetime.fromisoformat(entry["date_published"])
        atom.add_item(
            title=entry["title"],
            link=entry["url"],
            description=_as_html(entry["content_text"]),
            unique_id=entry["id"],
            pubdate=published,
            updateddate=published,
            categories=entry["tags"],
        )
    return Response(atom.writeString("utf-8"), mimetype=ATOM)


def _as_html(text: str) -> str:
    """The summary of an Atom entry is HTML; signs and lines are to stay as they are."""
    return "<br>".join(escape(line) for line in text.splitlines())


def _feed() -> dict:
    content, base = catalogue(), library().public_url
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": content.messages.templates["change-feed"],
        "description": content.service.description,
        "home_page_url": f"{base}/docs/changes?lang={content.language}",
        "feed_url": f"{base}/v1/changes?lang={content.language}",
        "authors": [{"name": content.service.title, "url": f"{base}/docs"}],
        "language": content.language,
        "items": [
            _entry(content, release, change)
            for release in content.releases
            for change in release.changes
        ],
    }


def _entry(content: Catalogue, release: Release, change: Change) -> dict:
    base = library().public_url
    return {
        "id": f"{base}/docs/changes#{release.version}.{change.id}",
        "url": f"{base}/docs/changes?lang={content.language}"
        f"#{release.version}.{change.id}",
        "title": f"{release.version} – {_label(content, 'change-grade', change.grade)}",
        "content_text": _text(content, change),
        "date_published": release.released_at.isoformat().replace("+00:00", "Z"),
        "tags": [change.grade],
        "_nightcramp": {
            "about": f"{base}/docs/changes",
            "content_version": release.version,
            "grade": change.grade,
            "act_by": change.act_by,
            "items": [_item(base, entry) for entry in change.items],
        },
    }


def _text(content: Catalogue, change: Change) -> str:
    """The reason, the date to act by, and every item with what happened to it."""
    lines = [change.reason]
    if change.act_by:
        template = content.messages.templates["act-by"]
        lines.append(template.format(date=change.act_by.isoformat()))
    for entry in change.items:
        happened = _label(content, "change", entry.change)
        lines.append(f"{happened}: {_title(content, entry.item)}")
    return "\n".join(lines)


def _title(content: Catalogue, item: str) -> str:
    """The title of an item that is there today; else its address."""
    kind, _, id = item.partition("/")
    items = content.of_kind(kind) if kind in KINDS else {}
    return items[id].title if id in items else item


def _label(content: Catalogue, vocabulary: str, id: str) -> str:
    return content.terms(vocabulary)[id].label


def _item(base: str, entry: ItemChange) -> dict:
    kind, _, id = entry.item.partition("/")
    return {
        "type": KINDS[kind].type if id else RULE_SET,
        "id": id or kind,
        "href": f"{base}/v1/{entry.item}",
        "change": entry.change,
        "languages": entry.languages,
        "replaced_by": entry.replaced_by and f"{base}/v1/{entry.replaced_by}",
    }
