"""The content set as a Library: every item in every language, ready to be served."""

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from html import escape
from pathlib import Path
from types import MappingProxyType

from api.domain.items import (
    Attribution,
    Code,
    Illustration,
    Item,
    Links,
    Publication,
    ReliefProtocol,
    RiskFlag,
    Source,
    Step,
    Translation,
    TranslationStatus,
    Withhold,
)
from api.domain.library import Catalogue, Library
from api.domain.releases import DRAFT, Release, tombstones, version_key
from api.domain.rules import Policies, RuleSet, SelfCareActions
from api.domain.texts import Messages, Service
from api.domain.vocabulary import Urgency
from api.loader.checks import check_set
from api.loader.content_set import ORIGINAL, ContentSet, digest, read_content
from api.loader.kinds import schema_for
from api.loader.problems import ContentError
from schemas.translation import flatten, text_paths, translated


def check_content(root: Path) -> ContentSet:
    """The content under `root` with everything that is wrong with it."""
    content = read_content(root)
    check_set(content)
    return content


def load_library(root: Path, public_url: str) -> Library:
    """The content under `root`; ContentError with every problem when there is one.

    `public_url` is where clients reach the service, with no slash at the end.
    """
    with _no_collection():
        content = check_content(root)
        if content.problems:
            raise ContentError(content.problems)
        languages = (ORIGINAL, *sorted(content.translations))
        catalogues = {
            language: _Edition(content, language, public_url).catalogue()
            for language in languages
        }
    return Library(
        catalogues=MappingProxyType(catalogues),
        release=_at_hand(catalogues[ORIGINAL].releases[0], root),
        public_url=public_url,
    )


@contextmanager
def _no_collection() -> Iterator[None]:
    """Nothing made here is garbage; looking for some took a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _at_hand(last: Release, root: Path) -> Release:
    """The last release, or a draft after it where the content has changed since."""
    if last.content == digest(root):
        return last
    return replace(last, version=last.version + DRAFT)


class _Edition:
    """The content set in one language, on its way to a Catalogue."""

    def __init__(self, content: ContentSet, language: str, public_url: str):
        self.content = content
        self.language = language
        self.public_url = public_url
        self.service = self._service()
        self.claims = self._folder("claims")
        self.illustrations = self._illustrations()
        self.flags = _by_urgency(self._folder("risk-flags"))
        self.codes: list[tuple[Code, Mapping]] = self._part("codes", "codes")

    def catalogue(self) -> Catalogue:
        releases = self._releases()
        return Catalogue(
            language=self.language,
            publication=self._publication_of_rules(),
            causes=self._published("causes"),
            relief_protocols=self._illustrated(self._published("relief-protocols")),
            prevention_tips=self._published("prevention-tips"),
            risk_flags=_by_urgency(self._published("risk-flags")),
            sources=self._published("sources"),
            illustrations=self.illustrations,
            claims=self.claims,
            vignettes=self._folder("vignettes"),
            rules=self._rules(),
            service=self.service,
            vocabularies=self._part("vocabularies", "vocabularies"),
            messages=self._messages(),
            topic_codes=tuple(c for c, attached in self.codes if attached["topic"]),
            releases=releases,
            tombstones=tombstones(releases),
        )

    def _load(self, name: str):
        """The document `name` as its schema builds it, in this language."""
        shelf = self.content.translations.get(self.language, {})
        if name not in shelf:
            return self.content.loaded[name]
        schema, data = schema_for(name), self.content.originals[name].data
        texts = flatten(shelf[name].data)
        return schema.load(translated(data, text_paths(schema, data), texts))

    def _part(self, name: str, key: str):
        return self._load(name)[key]

    def _without_id(self, name: str) -> dict:
        return {key: value for key, value in self._load(name).items() if key != "id"}

    def _folder(self, folder: str) -> dict:
        return {
            id: self._load(f"{folder}/{id}") for id, *_ in self.content.of_kind(folder)
        }

    def _releases(self) -> tuple[Release, ...]:
        found = self._folder("releases").values()
        newest_first = sorted(found, key=lambda r: version_key(r.version), reverse=True)
        return tuple(newest_first)

    def _published(self, folder: str) -> dict:
        return {
            id: replace(item, publication=self._publication(folder, item))
            for id, item in self._folder(folder).items()
        }

    def _illustrations(self) -> dict[str, Illustration]:
        base, license = (
            f"{self.public_url}/embed/illustrations",
            self.service.license.id,
        )
        return {
            id: replace(found, href=f"{base}/{id}.svg", license=license)
            for id, found in self._folder("illustrations").items()
        }

    def _illustrated(self, protocols: dict[str, ReliefProtocol]) -> dict:
        return {
            id: replace(protocol, steps=tuple(map(self._with_picture, protocol.steps)))
            for id, protocol in protocols.items()
        }

    def _with_picture(self, step: Step) -> Step:
        return replace(step, illustration=self.illustrations[step.illustration_id])

    def _publication(self, folder: str, item: Item | Source) -> Publication:
        url = f"{self.public_url}/v1/{folder}/{item.id}"
        claims = tuple(self.claims[id] for id in item.claim_ids)
        return Publication(
            language=self.language,
            translation=self._translation(f"{folder}/{item.id}"),
            links=Links(self=url),
            attribution=self._attribution(
                item.title,
                url,
                self.service.credit_source
                if folder == "sources"
                else self.service.credit,
            ),
            claims=claims,
            codes=self._codes_for(folder, item, claims),
            withheld_by=self._withheld_by(getattr(item, "actions", ())),
        )

    def _translation(self, *names: str) -> Translation:
        """The state of these documents together: outdated as soon as one is."""
        if self.language == ORIGINAL:
            return Translation(status=TranslationStatus.ORIGINAL)
        if any(self.content.is_outdated(self.language, name) for name in names):
            return Translation(status=TranslationStatus.OUTDATED)
        return Translation(status=TranslationStatus.CURRENT)

    def _publication_of_rules(self) -> Publication:
        shelf = self.content.translations.get(self.language, {})
        url = f"{self.public_url}/v1/risk-rules"
        return Publication(
            language=self.language,
            translation=self._translation(*(n for n in shelf if n.startswith("risk-"))),
            links=Links(self=url),
            attribution=self._attribution(self.service.title, url, self.service.credit),
        )

    def _withheld_by(self, actions: tuple[str, ...]) -> Withhold:
        """Ids of the flags that withhold any of `actions`, by the state that does."""
        flags, wanted = self.flags.values(), set(actions)
        return Withhold(
            raised=tuple(f.id for f in flags if wanted & set(f.withhold.raised)),
            raised_or_undetermined=tuple(
                f.id for f in flags if wanted & set(f.withhold.raised_or_undetermined)
            ),
        )

    def _attribution(self, title: str, url: str, credit: str) -> Attribution:
        license = self.service.license
        fill = {"title": title, "url": url, "license": license.title}
        links = {
            "title": f'<a href="{escape(url)}">{escape(title)}</a>',
            "url": f'<a href="{escape(url)}">{escape(url)}</a>',
            "license": f'<a rel="license" href="{escape(license.url)}">'
            f"{escape(license.title)}</a>",
        }
        return Attribution(
            license=license.id,
            text=credit.format(**fill),
            html=escape(credit).format(**links),
        )

    def _codes_for(self, folder: str, item, claims) -> tuple[Code, ...]:
        """Codes attached to a flag, or else to the claims an item rests on."""
        if folder == "risk-flags":
            return self._codes_of("flags", item.id)
        found = (code for c in claims for code in self._codes_of("claims", c.id))
        return tuple(dict.fromkeys(found))

    def _codes_of(self, place: str, id: str) -> tuple[Code, ...]:
        return tuple(code for code, attached in self.codes if id in attached[place])

    def _service(self) -> Service:
        return Service(**self._without_id("service"))

    def _messages(self) -> Messages:
        data = self._load("messages")
        return Messages(
            problems={problem.id: problem for problem in data["problems"]},
            templates={entry["id"]: entry["text"] for entry in data["messages"]},
        )

    def _rules(self) -> RuleSet:
        groups = sorted(self._folder("risk-questions").values(), key=lambda g: g.order)
        return RuleSet(
            levels=self._part("risk-rules/urgency-levels", "levels"),
            routes=self._part("risk-rules/routes", "routes"),
            groups=tuple(groups),
            facts=self._part("risk-rules/facts", "facts"),
            scores=self._part("risk-rules/scores", "scores"),
            checks=self._part("risk-rules/consistency-checks", "checks"),
            self_care=SelfCareActions(
                **self._without_id("risk-rules/self-care-actions")
            ),
            policies=Policies(**self._without_id("risk-rules/policies")),
        )


def _by_urgency(flags: dict[str, RiskFlag]) -> dict[str, RiskFlag]:
    """Most urgent first, then by the id."""
    urgencies = list(Urgency)
    ranked = sorted(flags.values(), key=lambda flag: urgencies.index(flag.urgency))
    return {flag.id: flag for flag in ranked}
