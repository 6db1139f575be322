"""/v1/bundle: everything in one language, or what has changed since a version."""

from collections.abc import Iterator
from datetime import date

from api.domain.items import Item
from api.domain.library import Catalogue
from api.domain.releases import (
    Manifest,
    NoSuchVersion,
    changed_between,
    manifest_of,
)
from api.web.current import catalogue, library
from api.web.encoding import once
from api.web.operations import Resource, reads
from api.web.version import API_VERSION
from schemas.bundle import BUNDLED, BundleQuery, BundleResponse, fingerprint
from schemas.releases import tombstone_record
from schemas.risk_rules import rule_set_record

REFRESH_AFTER_SECONDS = 24 * 60 * 60
"""A copy that can reach us learns of a safety change within a day: our own choice."""

STALE_AFTER_SECONDS = 30 * REFRESH_AFTER_SECONDS
"""How long a device may hear nothing before it must say so: our own choice."""

blueprint = Resource(
    "Bundle",
    __name__,
    url_prefix="/v1/bundle",
    description="The whole content for offline use, and what has changed in it.",
)


@reads(
    blueprint,
    "",
    BundleResponse,
    operation_id="getBundle",
    query=BundleQuery,
    fails=((404, "NotFound"), (410, "Gone")),
    links={"getBundle": {"since": "/content_version"}},
)
def get_bundle(arguments):
    """Read everything at once, or what has changed

    Keep it for offline use. Ask again with `since` and put the changed items into it,
    in the order of `manifest`; delete what `manifest` does not have.
    """
    content, since = catalogue(), arguments.get("since")
    # Only versions that there are get past this, so what is kept stays bounded.
    before = None if since is None else _manifest(content, since)
    return once(("bundle", content.language, since), lambda: _bundle(since, before))


def _manifest(content: Catalogue, since: str) -> Manifest:
    """That of the release `since`; a draft cannot say what has changed since any."""
    if library().release.is_draft:
        raise NoSuchVersion(since)
    return manifest_of(content.releases, since)


def _bundle(since: str | None, before: Manifest | None) -> dict:
    content = catalogue()
    published = dict(_published(content))
    wanted = published.keys() if before is None else _changed(content, before)
    lists: dict[str, list] = {key: [] for key in BUNDLED}
    for address, item in published.items():
        if address in wanted:
            lists[_list_of(address)].append(item)
    manifest = [_entry(address, item) for address, item in published.items()]
    return {**_head(content, since), **lists, "manifest": manifest}


def _head(content: Catalogue, since: str | None) -> dict:
    """What every bundle says of itself, changes or not."""
    release, base = library().release, library().public_url
    language = f"lang={content.language}"
    own_query = language if since is None else f"since={since}&{language}"
    tombstones = content.tombstones.values()
    head = {
        "since": since,
        "content_version": release.version,
        "ruleset_version": release.ruleset_version,
        "api_version": API_VERSION,
        "released_on": release.released_on,
        "validity": _validity(content),
        "title": content.service.title,
        "disclaimer": content.service.disclaimer,
        "clinical_review": content.service.clinical_review,
        "license": content.service.license,
        "vocabularies": content.vocabularies,
        "illustrations": tuple(content.illustrations.values()),
        "tombstones": [tombstone_record(stone, base) for stone in tombstones],
        "language": content.language,
        "translation": content.publication.translation,
        "links": {
            "self": f"{base}/v1/bundle?{own_query}",
            "next_changes": f"{base}/v1/bundle?since={release.version}&{language}",
            "feed": f"{base}/v1/changes?{language}",
        },
    }
    return BundleResponse(exclude=(*BUNDLED, "manifest")).dump(head)


def _entry(address: str, item: dict) -> dict:
    return {
        "type": item["type"],
        "id": item["id"],
        "href": f"{library().public_url}/v1/{address}",
        "sha256": fingerprint(item),
    }


def _published(content: Catalogue) -> Iterator[tuple[str, dict]]:
    """Every item by its address below /v1, as its own address answers it."""
    for key, schema in BUNDLED.items():
        address = key.replace("_", "-")
        if key == "risk_rules":
            rules = rule_set_record(content, library().release, library().public_url)
            yield address, schema().dump(rules)
            continue
        shape = schema()
        for id, item in getattr(content, key).items():
            yield f"{address}/{id}", shape.dump(item)


def _list_of(address: str) -> str:
    return address.partition("/")[0].replace("-", "_")


def _changed(content: Catalogue, before: Manifest) -> frozenset[str]:
    """The addresses of what has changed since `before` was the manifest."""
    now = content.releases[0].manifest
    return changed_between(before, now or {}, content.language)


def _validity(content: Catalogue) -> dict:
    return {
        "refresh_after_seconds": REFRESH_AFTER_SECONDS,
        "stale_after_seconds": STALE_AFTER_SECONDS,
        "valid_until": _first_review(content),
        "when_out_of_date": content.service.when_out_of_date,
    }


def _first_review(content: Catalogue) -> date:
    """When the first review of an item is due."""
    return min(
        item.review.review_due for item in content.items if isinstance(item, Item)
    )
