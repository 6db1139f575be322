"""Writes the edition as a static mirror: `python -m api.export OUT`.

OUT gets every published answer as a file, and an nginx configuration that serves them
as this service does: same status, headers and bytes, for each language and encoding,
304 and preflight included. Errors are the same problem documents. What differs:

- Evaluations, searches and lists that are filtered or cut into other pages get 501
  with an advice. So does every wrong value of a parameter that is not `lang`; an
  unknown parameter gets 422, but only the first one is named.
- `?lang=ru-RU` is answered as `?lang=ru`, a trailing slash as without it, the theme of
  a card as after its language: links lead to the plain address. Pages for people ignore
  parameters, also in their links.
- If-Modified-Since is compared exactly, ranges are not served, errors stay as they are
  whatever Accept-Encoding says.
- The change feed is JSON whatever `Accept` says; Atom has an address of its own. What
  is wrong with the address of a card is said as a problem document, not as a card.
- Accept-Language and Accept-Encoding are followed as RFC 9110 describes them, but for
  qualities only to the third digit, items in quotes or with other parameters than q,
  and only the first of several header lines.
- `instance` and `detail` repeat a path as it was written, or not at all when something
  in it is not plain; `..` and `.` in a path are resolved; a path that is not there is
  404 for every method.

Everything is asked of the app itself; `api.mirror` makes the configuration. An export
has no time stamps: the same content gives the same files.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs

from flask import Flask
from flask.testing import FlaskClient

from api.app import create_app
from api.config import ConfigError, read_config
from api.domain.library import Library
from api.domain.texts import Message
from api.edition import Edition
from api.endpoints.docs import ASSETS
from api.endpoints.offline import FILES as OFFLINE
from api.loader import ContentError, load_library
from api.mirror import (
    DESCRIBED_BY_NGINX,
    Collected,
    Form,
    Place,
    Preflight,
    Problem,
    configuration,
)
from api.web.compression import ENCODINGS

MARKER = "mirror.json"
"""Says what was exported, and that the folder may be replaced by another export."""

PROBE = "nightcramp-probe"
"""Stands in questions where nginx fills in what a client wrote."""

METHOD = "NIGHTCRAMP"
"""A method that nothing takes, for the same purpose."""

INSTANCE = "nightcramp-instance"
"""Where a document of our own repeats the path."""

EVALUATIONS = "/v1/risk-evaluations"
BUNDLE = "/v1/bundle"

METHODS = ("GET", "HEAD", "POST", "OPTIONS")
REQUEST_HEADERS = ("Accept", "Accept-Language", "Content-Type", "If-None-Match")
"""What a browser may ask beforehand; the answer says which of them are allowed."""

NGINX_PROBLEMS = {
    400: "bad-request",
    413: "content-too-large",
    414: "uri-too-long",
    500: "internal-error",
}
"""What nginx itself refuses, or fails at."""

Address = tuple[str, str]
"""Path and query."""


class NotExported(Exception):
    """There is something in the way; the message says what."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def get(self, name: str) -> str:
        """The first header of this name; empty without one."""
        return next((value for key, value in self.headers if key == name), "")


class Service:
    """The app, asked as a client would ask it."""

    def __init__(self, client: FlaskClient):
        self.client = client

    def ask(self, path: str, query: str = "", method: str = "GET", **headers) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        found = self.client.open(path, query_string=query, method=method, headers=named)
        answer = Answer(found.status_code, found.headers.to_wsgi_list(), found.data)
        found.close()
        return answer


def main(arguments: list[str] | None = None) -> int:
    """Export; 1, with every reason printed, when that is not possible."""
    options = read_arguments(arguments)
    try:
        refuse(options.out)
        # Each answer is asked for once, so none has to be kept; files count nothing.
        config = replace(read_config(), edition=False, metrics=False)
        library = load_library(config.content, config.public_url)
        live = options.live or library.public_url
        collected = collect(create_app(library, config), library, live)
        texts = configuration(collected, options.listen, live)
        marker = {
            "content_version": library.release.version,
            "ruleset_version": library.release.ruleset_version,
            "public_url": library.public_url,
            "forms": len(collected.forms),
        }
        texts[MARKER] = json.dumps(marker, indent=1) + "\n"
        files = {form.file: form.body for form in collected.forms}
        write(options.out, texts, files)
    except (ConfigError, ContentError, NotExported, OSError) as error:
        print(f"not exported: {error}", file=sys.stderr)
        return 1
    release = library.release.version
    print(f"{options.out}: {release}, {len(collected.forms)} forms, {len(files)} files")
    return 0


def read_arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m api.export",
        description="Write every published answer, and an nginx.conf to serve them.",
    )
    parser.add_argument("out", type=Path, help="a new or empty folder, or an export")
    parser.add_argument(
        "--listen", default="127.0.0.1:8080", help="where nginx listens (%(default)s)"
    )
    parser.add_argument(
        "--live", help="the service that evaluates and searches (default: the links')"
    )
    return parser.parse_args(arguments)


# What is asked


def collect(app: Flask, library: Library, live: str) -> Collected:
    """All forms of all addresses, and the words of every problem."""
    service = Service(app.test_client())
    forms = [ask_form(service, *asked) for asked in asked_forms(app, library, service)]
    paths = {form.path for form in forms}
    contract = json.loads(service.ask("/v1/openapi.json").body)
    live_only = {path: methods_of(service, path) for path in fixed_paths(app)}
    problem = service.ask(f"/{PROBE}")
    return Collected(
        languages=library.languages,
        encodings=ENCODINGS,
        forms=forms,
        places=places(service, contract, forms),
        live_only={
            path: methods for path, methods in live_only.items() if path not in paths
        },
        # Of versions that there are, all are among the forms.
        absent=[rf"^{BUNDLE}\?(?:lang=[^&]+&)?since=[^&]+(?:&lang=[^&]+)?$"],
        problems=[*problems(service, library, contract, live)],
        problem_headers=[
            (name, value)
            for name, value in problem.headers
            if name.lower() not in {*DESCRIBED_BY_NGINX, "content-language"}
        ],
        preflight=preflight(service),
    )


def asked_forms(
    app: Flask, library: Library, service: Service
) -> Iterator[tuple[str, str, str, str | None]]:
    """Path, query, language and encoding of every form, each once."""
    asked = dict.fromkeys(Edition(app.wsgi_app, library).addresses())
    known = {(path, query) for path, query, _, _ in asked}
    for path, query in more_addresses(app, library, service):
        if (path, query) in known:
            continue
        for language in languages_of(service, library, path, query):
            for encoding in (None, *ENCODINGS):
                asked[path, query, language, encoding] = None
    yield from asked


def more_addresses(app: Flask, library: Library, service: Service) -> Iterator[Address]:
    """Addresses beside those of the edition, whatever their status.

    What is answered for good has its place here too, such as items that were withdrawn:
    status, headers and words in each language are asked like those of any other.
    """
    content = library.catalogue(library.original)
    for release in content.releases:
        yield BUNDLE, f"since={release.version}"
        for language in library.languages:
            yield BUNDLE, f"since={release.version}&lang={language}"
            yield BUNDLE, f"lang={language}&since={release.version}"
    single = [
        *(f"/v1/{item}" for item in content.tombstones),
        *(f"/docs/assets/{name}" for name in sorted(ASSETS)),
        *(f"/docs/offline/{name}" for name in sorted(OFFLINE) if name != "index.html"),
        *(path for path in fixed_paths(app) if service.ask(path).status == 200),
    ]
    for path in single:
        yield path, ""
        if speaks(service, path):
            yield from ((path, f"lang={language}") for language in library.languages)


def fixed_paths(app: Flask) -> list[str]:
    """The paths of the app that have no variable part."""
    return sorted(
        {rule.rule for rule in app.url_map.iter_rules() if "<" not in rule.rule}
    )


def languages_of(
    service: Service, library: Library, path: str, query: str
) -> tuple[str, ...]:
    """The languages that an address has without ?lang=; one empty one without words."""
    follows_header = not language_in(query) and speaks(service, path, query)
    return library.languages if follows_header else ("",)


def speaks(service: Service, path: str, query: str = "") -> bool:
    """Whether an address has words."""
    return "Accept-Language" in service.ask(path, query).get("Vary")


def language_in(query: str) -> str:
    return parse_qs(query).get("lang", [""])[0]


def ask_form(
    service: Service, path: str, query: str, language: str, encoding: str | None
) -> Form:
    """One form. ValueError if its 304 says of it what its 200 does not.

    The 304 is asked for without encoding only: it has the same headers in each.
    """
    wanted = {"Accept_Language": language, "Accept_Encoding": encoding or "identity"}
    answer = service.ask(path, query, **wanted)
    on_304: set[str] = set()
    tag = answer.get("ETag")
    if tag and not encoding:
        again = service.ask(path, query, **wanted, If_None_Match=tag)
        said = [pair for pair in again.headers if pair[0].lower() != "date"]
        if again.status != 304 or not set(said) <= set(answer.headers):
            raise ValueError(f"{path}?{query}: 200 and 304 do not agree")
        on_304 = {name for name, _ in said}
    return Form(
        path=path,
        query=query,
        language=language or language_in(query),
        encoding=encoding or "",
        status=answer.status,
        headers=answer.headers,
        body=answer.body,
        on_304=frozenset(on_304),
    )


def places(service: Service, contract: Mapping, forms: list[Form]) -> dict[str, Place]:
    """What each path makes of a language, and of parameters that it does not know."""
    taken: dict[str, set[str]] = {}
    for form in forms:
        taken.setdefault(form.path, {"lang"}).update(parse_qs(form.query))
    return {
        path: Place(
            speaks=speaks(service, path),
            strict=service.ask(path, f"{PROBE}=1").status == 422,
            parameters=frozenset(names | contracted_parameters(contract, path)),
        )
        for path, names in sorted(taken.items())
    }


def contracted_parameters(contract: Mapping, path: str) -> set[str]:
    operation = contract["paths"].get(path, {}).get("get", {})
    listed = [resolved(contract, entry) for entry in operation.get("parameters", ())]
    return {entry["name"] for entry in listed if entry["in"] == "query"}


def resolved(contract: Mapping, entry: Mapping) -> Mapping:
    """A parameter, also when it is a reference to one of the components."""
    name = entry.get("$ref", "").rpartition("/")[2]
    return contract["components"]["parameters"][name] if name else entry


def methods_of(service: Service, path: str) -> str:
    """Sorted: the app has them in an order of its own in each process."""
    return ", ".join(
        sorted(service.ask(path, method="OPTIONS").get("Allow").split(", "))
    )


def preflight(service: Service) -> Preflight:
    """What OPTIONS answers, without and with the questions of a browser."""
    usual = service.ask("/v1", method="OPTIONS")
    asked = service.ask(
        "/v1",
        method="OPTIONS",
        Access_Control_Request_Method="GET",
        Access_Control_Request_Headers=", ".join(REQUEST_HEADERS),
    )
    by_nginx = {*DESCRIBED_BY_NGINX, "allow", "access-control-allow-headers"}
    headers = [pair for pair in usual.headers if pair[0].lower() not in by_nginx]
    more = [
        pair
        for pair in asked.headers
        if pair not in headers and pair[0].lower() not in by_nginx
    ]
    return Preflight(
        headers=headers,
        to_browsers=more,
        methods=asked.get("Access-Control-Allow-Methods").split(", "),
        request_headers=asked.get("Access-Control-Allow-Headers").split(", "),
    )


# Problems


def problems(
    service: Service, library: Library, contract: Mapping, live: str
) -> Iterator[Problem]:
    """Every problem that nginx answers itself, the most specific of a status first."""

    def probed(status: int, probe: str, variable: str, where: str = "", **request):
        """What the app says to a probe, with a variable in its place."""
        path = request["path"]
        bodies = {
            language: service.ask(**request, Accept_Language=language).body.decode()
            for language in library.languages
        }
        probes = {f',"instance":"{path}"': "nc_instance", probe: variable}
        return Problem(status=status, bodies=bodies, probes=probes, where=where)

    for template in contract["paths"]:
        base, has_id, _ = template.partition("{id}")
        if has_id:
            where = rf"^{base}(?<nc_id>[^/? ]+)/?\?"
            yield probed(404, PROBE, "nc_id", where, path=f"{base}{PROBE}")
    where = rf"^{BUNDLE}/?\?(?:.*&)?since=(?<nc_since>[\w.~%+-]+)"
    yield probed(404, PROBE, "nc_since", where, path=BUNDLE, query=f"since={PROBE}")
    yield probed(404, f"/{PROBE}", "nc_shown_path", path=f"/{PROBE}")
    yield probed(405, METHOD, "nc_shown_method", path="/v1", method=METHOD)
    yield probed(406, PROBE, "nc_shown_lang", path="/v1", query=f"lang={PROBE}")
    yield probed(422, PROBE, "nc_unknown_parameter", path="/v1", query=f"{PROBE}=1")
    base = library.public_url
    advice = partial(
        Message,
        rules=f"{base}/v1/risk-rules",
        evaluator=f"{base}/embed/evaluator.js",
        live=live,
    )
    where, id = rf"^{EVALUATIONS}/?\?", "not-implemented"
    yield own_problem(library, 501, id, advice("mirror-cannot-evaluate"), where)
    yield own_problem(library, 501, id, advice("mirror-cannot-answer"))
    for status, id in NGINX_PROBLEMS.items():
        yield own_problem(library, status, id)


def own_problem(
    library: Library, status: int, id: str, said: Message | None = None, where: str = ""
) -> Problem:
    """A problem that the app never has: its words are content all the same."""
    bodies = {}
    for language, content in library.catalogues.items():
        words = content.messages
        kind = words.problems[id]
        body = {
            "type": f"{library.public_url}/problems/{id}",
            "title": kind.title,
            "status": status,
            "detail": said.within(words) if said else kind.description,
        }
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        bodies[language] = f"{text.removesuffix('}')}{INSTANCE}}}"
    probes = {INSTANCE: "nc_instance"}
    return Problem(status=status, bodies=bodies, probes=probes, where=where)


# What is written


def refuse(out: Path) -> None:
    """NotExported when something other than an export is where it shall be."""
    if out.exists() and not out.is_dir():
        raise NotExported(f"{out} is not a folder")
    if out.exists() and any(out.iterdir()) and not (out / MARKER).is_file():
        raise NotExported(f"{out} is not empty, and nothing in it is an export")


def write(out: Path, texts: Mapping[str, str], files: Mapping[str, bytes]) -> None:
    """Put a mirror into `out`, so that whatever was exported there stays whole.

    Files are named by their bytes: new ones stand beside the old ones until the tables
    change over, each text in one step. The files of the last export are left for the
    nginx that still serves it; those of any before it are removed.
    """
    answers = out / "files"
    answers.mkdir(parents=True, exist_ok=True)
    (out / "temp").mkdir(exist_ok=True)
    (out / MARKER).touch()
    tables = out / "maps.conf"
    before = tables.read_text(encoding="utf-8") if tables.exists() else ""
    for name, body in files.items():
        if not (answers / name).exists():
            put(answers / name, body)
    for name, text in texts.items():
        put(out / name, text.encode())
    for path in answers.iterdir():
        if path.name not in files and path.name not in before:
            path.unlink()


def put(path: Path, content: bytes) -> None:
    """Write a file in one step: it is whole, or it is not there."""
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.write_bytes(content)
    os.replace(unfinished, path)


if __name__ == "__main__":
    sys.exit(main())
