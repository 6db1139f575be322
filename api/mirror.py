"""The static mirror as an nginx configuration: tables made from collected answers.

Plain data in, text out: nothing here knows the app. `api.export` collects the answers.

A form is one answer of the live service: an address in one language and one encoding.
nginx finds the form of a request in a few small maps (path, query, language, encoding),
looks up the file with its bytes and, in one table for each header, what the app said
beside them. Every variable of ours begins with `nc_`.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATES = Path(__file__).resolve().parent / "templates" / "nginx"
TEXTS = ("nginx.conf", "maps.conf", "server.conf", "README.txt")

LONGEST_PARAMETER = 4_000
"""Bytes; nginx reads no longer parameter than its buffer of 4096."""

DESCRIBED_BY_NGINX = {"content-type", "content-length", "date"}
"""By the name of the file, by its size, and by the clock."""

ADDRESS = "$nc_path?$nc_query"
FORM = f"{ADDRESS} $nc_language $nc_encoding"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What was asked, and what the live service answered.

    `language` is empty where it does not matter, `encoding` for the answer as it is.
    `on_304` names the headers that a 304 has too.
    """

    path: str
    query: str
    language: str
    encoding: str
    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes
    on_304: frozenset[str] = frozenset()

    @property
    def media_type(self) -> str:
        return next(value for name, value in self.headers if name == "Content-Type")

    @property
    def file(self) -> str:
        """Named by its bytes; the ending is for nginx to know the media type by."""
        digest = hashlib.sha256(self.body).hexdigest()
        return f"{digest}.{ending(self.media_type)}"


KEYS: Mapping[str, Callable[[Form], str]] = {
    "$nc_path": lambda form: form.path,
    "$nc_language": lambda form: form.language,
    "$nc_encoding": lambda form: form.encoding,
    "$nc_file": lambda form: form.file,
    ADDRESS: lambda form: f"{form.path}?{form.query}",
    FORM: lambda form: f"{form.path}?{form.query} {form.language} {form.encoding}",
}
"""What a header may depend on, as nginx sees it and as we do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A path that is in the mirror.

    It `speaks` when it has words; it is `strict` when it refuses parameters that it
    does not know, which are those other than `parameters`.
    """

    speaks: bool
    strict: bool
    parameters: frozenset[str] = frozenset({"lang"})

    @property
    def kind(self) -> str:
        if self.strict:
            return "item" if self.speaks else "data"
        return "page" if self.speaks else "asset"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A problem document by language, with probes where nginx fills in words.

    `probes` has the variable for each probe. `where` is the pattern of the paths with
    queries that get these words; of several problems, the first that fits is taken.
    """

    status: int
    bodies: Mapping[str, str]
    probes: Mapping[str, str] = field(default_factory=dict)
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preflight:
    """The answer to OPTIONS: always, and more of it when a browser asks beforehand."""

    headers: Sequence[tuple[str, str]]
    to_browsers: Sequence[tuple[str, str]]
    methods: Sequence[str]
    request_headers: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """All that a mirror is made from.

    `live_only` has the methods of each path that only the live service can answer,
    `absent` patterns of addresses that are not there when they are not among `forms`.
    `problem_headers` are those of every problem, beside its language.
    """

    languages: Sequence[str]
    encodings: Sequence[str]
    forms: Sequence[Form]
    places: Mapping[str, Place]
    live_only: Mapping[str, str]
    absent: Sequence[str]
    problems: Sequence[Problem]
    problem_headers: Sequence[tuple[str, str]]
    preflight: Preflight


@dataclass(frozen=True, slots=True)
class Table:
    """An nginx map: `source` is looked up in `lines`, `variable` is what is found."""

    source: str
    variable: str
    default: str
    lines: Sequence[tuple[str, str]]


def configuration(collected: Collected, listen: str, live_url: str) -> dict[str, str]:
    """The text of each file beside the answers, by its name."""
    headers = header_tables(collected.forms)
    on_304 = {name for form in collected.forms for name in form.on_304}
    values = {
        "listen": listen,
        "live_url": live_url,
        "forms": len(collected.forms),
        "media_types": media_types(collected.forms),
        "path_table": path_table(collected.places),
        "folders": folders(collected.places),
        "language_tables": [*language_tables(collected.languages)],
        "encoding_tables": [*encoding_tables(collected.encodings)],
        "place_tables": [*place_tables(collected)],
        "form_tables": [*form_tables(collected.forms)],
        "header_tables": [table for _, table in headers],
        "headers": [(name, table.variable) for name, table in headers],
        "headers_on_304": [
            (name, table.variable) for name, table in headers if name in on_304
        ],
        "other_statuses": sorted({form.status for form in collected.forms} - {200}),
        "preflight_tables": [*preflight_tables(collected.preflight)],
        "preflight": collected.preflight,
        "problem_tables": [*problem_tables(collected.problems)],
        "problem_statuses": sorted({p.status for p in collected.problems}),
        "problem_headers": collected.problem_headers,
    }
    templates = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    templates.filters |= {"quoted": quoted, "filled": filled, "variable": variable}
    return {name: templates.get_template(name).render(values) for name in TEXTS}


def quoted(text: str) -> str:
    """`text` as one nginx parameter; what stands as $name in it stays a variable."""
    written = text.replace("\\", "\\\\").replace('"', '\\"')
    if len(written.encode()) > LONGEST_PARAMETER:
        raise ValueError(f"too long for nginx: {text[:80]}…")
    return f'"{written}"'


def filled(text: str, probes: Mapping[str, str] | None = None) -> str:
    """`text` as the value of a variable, with other variables in place of probes."""
    written = text.replace("$", "${nc_dollar}")
    for probe, name in (probes or {}).items():
        written = written.replace(probe, f"${{{name}}}")
    return written


def variable(header: str) -> str:
    """The part of a variable's name that is for `header`."""
    return header.lower().replace("-", "_")


def ending(media_type: str) -> str:
    """The ending of the names of files of this type: json, html-charset-utf-8."""
    return re.sub(r"[^a-z0-9]+", "-", media_type.lower().partition("/")[2]).strip("-")


def media_types(forms: Iterable[Form]) -> dict[str, str]:
    """The media type of each ending; ValueError where two types would have the same."""
    found: dict[str, str] = {}
    for media_type in sorted({form.media_type for form in forms}):
        if found.setdefault(ending(media_type), media_type) != media_type:
            raise ValueError(f"{media_type} has the ending of another media type")
    return found


def path_table(paths: Iterable[str]) -> Table:
    """The path that is asked for, without a trailing slash; empty in the wrong case.

    nginx looks up strings in any case: what has capitals, or should have, is told here.
    Folders keep their slash.
    """
    capitals = [path for path in sorted(paths) if path != path.lower()]
    exact = [(f"~^{re.escape(path)}/?$", path) for path in capitals]
    wrong = [(f"~*^{re.escape(path)}/?$", "") for path in capitals]
    kept = [(f"~^{re.escape(path)}$", path) for path in folders(paths)]
    bare = (r"~^(?<nc_bare_path>/.*[^/])/$", "$nc_bare_path")
    lines = [*exact, *wrong, ("~[A-Z]", ""), *kept, bare]
    return Table("$uri", "nc_path", "$uri", lines)


def folders(paths: Iterable[str]) -> list[str]:
    """Those that end in a slash; without it, they redirect."""
    return sorted(path for path in paths if path.endswith("/") and path != "/")


# Accept-Language and Accept-Encoding

# Possessive (*+), so that a header of thousands of spaces is read once and not squared.
START = r",[ \t]*+"
Q = r"[ \t]*+;[ \t]*+[qQ]="
WHOLE = r"[ \t]*+(?:;[ \t]*+(?:[qQ]=1(?:\.0+)?)?)?"
END = r"[ \t]*+(?:,|$)"


def language_tables(languages: Sequence[str]) -> Iterator[Table]:
    """The language of ?lang= and that of Accept-Language, as `negotiation` has them.

    A tag belongs to the longest of our languages that it begins with (RFC 4647).
    """
    longest_first = sorted(languages, key=len, reverse=True)
    tags = {tag: re.escape(tag).replace(r"\-", "[-_]") for tag in longest_first}
    ours, rest = "|".join(tags.values()), "(?:[-_][^,;]*+)?"
    asked = [(f"~*^={pattern}(?:[-_]|$)", tag) for tag, pattern in tags.items()]
    yield Table("$nc_lang_given", "nc_lang", "", asked)

    header = ",$http_accept_language"
    yield from quality_tables("language", header, f"(?:{ours}){rest}", "~*")
    best = at_best_quality(f"(?<nc_tag>{ours}){rest}")
    source = f"$nc_language_quality{header}"
    yield Table(source, "nc_tag_found", "", [(f"~*{p}", "$nc_tag") for p in best])
    exact = [(f"~*^{pattern}$", tag) for tag, pattern in tags.items()]
    yield Table("$nc_tag_found", "nc_accepted_language", languages[0], exact)


def encoding_tables(encodings: Sequence[str]) -> Iterator[Table]:
    """The encoding for Accept-Encoding, as `compression.chosen_encoding` has it.

    `*` stands for the encodings that the header does not name; once it names all of
    them, `*` is struck out.
    """
    is_named = {name: rf".*,[ \t]*+{name}[ \t]*+(?:[;,]|$)" for name in encodings}
    all_named = "".join(f"(?={pattern})" for pattern in is_named.values())
    star = rf"~^{all_named}(?<nc_before_star>.*,)[ \t]*+\*(?<nc_after_star>.*)$"
    no_star = "${nc_before_star}none${nc_after_star}"
    header = ",$http_accept_encoding"
    yield Table(header, "nc_codings", header, [(star, no_star)])

    any_of_all = rf"(?:{'|'.join(encodings)}|identity|\*)"
    yield from quality_tables("encoding", "$nc_codings", any_of_all, "~")
    best = [
        (f"~{pattern}", name)
        for name in encodings
        for pattern in (
            *at_best_quality(name),
            *at_best_quality(r"\*", unless=is_named[name]),
        )
    ]
    yield Table("$nc_encoding_quality$nc_codings", "nc_encoding", "", best)


def quality_tables(name: str, header: str, item: str, match: str) -> Iterator[Table]:
    """Maps that end in the highest quality of `item` in a list: 100, 0.750 or 0.000.

    They find it digit by digit, highest first; a digit that is not there is a zero.
    `header` is the list with a comma before it, `match` how nginx compares (~ or ~*).
    Without any such item the result is `00`.
    """
    digits = range(9, -1, -1)
    whole = (f"{match}{START}{item}{WHOLE}{END}", "1")
    found = [
        (rf"{match}{START}{item}{Q}0\.{digit}\d*{END}", f"0.{digit}")
        for digit in digits
    ]
    yield Table(header, f"nc_{name}_tenths", "", [whole, *found])
    for known, more, pattern in (
        ("tenths", "hundredths", r"0\.\d"),
        ("hundredths", "quality", r"0\.\d\d"),
    ):
        start = f"{match}^({pattern})(?:,.*)?{START}{item}{Q}"
        so_far = f"${{nc_{name}_{known}}}"
        found = [
            (rf"{start}\g{{1}}{digit}\d*{END}", f"{so_far}{digit}") for digit in digits
        ]
        source = f"$nc_{name}_{known}{header}"
        yield Table(source, f"nc_{name}_{more}", f"{so_far}0", found)


def at_best_quality(item: str, unless: str = "") -> list[str]:
    """Patterns of the first `item` that has the quality before the list; never zero.

    None of them fits a list that fits `unless`.
    """
    refused = f"(?!{unless})" if unless else ""
    start = f"{refused}(?:,.*?)??{START}{item}"
    return [
        f"^100{start}{WHOLE}{END}",
        rf"^(0\.[1-9])00{start}{Q}\g{{1}}(?:0\d*)?{END}",
        rf"^(0\.\d[1-9])0{start}{Q}\g{{1}}(?:0\d*)?{END}",
        rf"^(0\.\d\d[1-9]){start}{Q}\g{{1}}\d*{END}",
    ]


# Addresses and their answers


def place_tables(collected: Collected) -> Iterator[Table]:
    """What a path is, which methods it takes, and what its query has too much."""
    places, live_only = collected.places, collected.live_only
    kinds = [(path, place.kind) for path, place in sorted(places.items())]
    live = [(path, "live") for path in sorted(live_only)]
    yield Table("$nc_path", "nc_kind", "", [*kinds, *live])
    methods = sorted(live_only.items())
    yield Table("$nc_path", "nc_allow", "GET, HEAD, OPTIONS", methods)
    unknown = [*unknown_parameters(places)]
    yield Table("$nc_kind:$nc_path?$args", "nc_unknown_parameter", "", unknown)
    absent = [(f"~{pattern}", "1") for pattern in collected.absent]
    yield Table(ADDRESS, "nc_absent", "", absent)


def unknown_parameters(places: Mapping[str, Place]) -> Iterator[tuple[str, str]]:
    """The first parameter that a strict path does not know."""
    usual = Place(speaks=True, strict=True).parameters
    for path, place in sorted(places.items()):
        if place.strict and place.parameters != usual:
            start = rf"~^{place.kind}:{re.escape(path)}\?"
            yield start + other_parameter(place.parameters), "$nc_parameter"
            yield start, ""
    yield rf"~^(?:item|data):[^?]*\?{other_parameter(usual)}", "$nc_parameter"


def other_parameter(known: Iterable[str]) -> str:
    """A parameter with a plain name that is none of `known`."""
    names = "|".join(map(re.escape, sorted(known)))
    return rf"(?:.*?&)??(?!(?:{names})(?:[=&]|$))(?<nc_parameter>[\w.%+~-]+)(?:[=&]|$)"


def form_tables(forms: Sequence[Form]) -> Iterator[Table]:
    """The file of each form; its status, where that is not 200."""
    key = KEYS[FORM]
    yield Table(FORM, "nc_file", "", sorted((key(form), form.file) for form in forms))
    others = {(form.file, str(form.status)) for form in forms if form.status != 200}
    yield Table("$nc_file", "nc_status", "200", [("", ""), *sorted(others)])


def header_tables(forms: Sequence[Form]) -> list[tuple[str, Table]]:
    """Each header with its table; one that comes several times has as many."""
    columns: dict[tuple[str, int], dict[int, str]] = {}
    for number, form in enumerate(forms):
        seen: Counter[str] = Counter()
        for name, value in form.headers:
            if name.lower() not in DESCRIBED_BY_NGINX:
                column = columns.setdefault((name, seen[name]), {})
                # Said once for all, where a header repeats the path it belongs to.
                column[number] = filled(value, {form.path: "nc_path"})
                seen[name] += 1
    return [
        (name, header_table(f"nc_{variable(name)}_{nth}", forms, column))
        for (name, nth), column in columns.items()
    ]


def header_table(name: str, forms: Sequence[Form], values: dict[int, str]) -> Table:
    """The shortest table that tells the value of every form; no value is empty."""
    tables = []
    for source, key in KEYS.items():
        found: dict[str, str] = {}
        if all(
            found.setdefault(key(form), values.get(number, ""))
            == values.get(number, "")
            for number, form in enumerate(forms)
        ):
            default = Counter(found.values()).most_common(1)[0][0]
            lines = sorted(pair for pair in found.items() if pair[1] != default)
            tables.append(Table(source, name, default, lines))
    return min(tables, key=lambda table: len(table.lines))


# Preflight and problems


def preflight_tables(preflight: Preflight) -> Iterator[Table]:
    """Is a browser asking beforehand, and if so, what it may send."""
    methods = "|".join(preflight.methods)
    asks = (f"~*^OPTIONS:(?:{methods})$", "1")
    source = "$request_method:$http_access_control_request_method"
    yield Table(source, "nc_preflight", "", [asks])
    allowed = []
    for header in sorted(preflight.request_headers):
        name = f"nc_may_{variable(header)}"
        line = (f"~*{START}(?<{name}_>{header}){END}", f", ${name}_")
        yield Table(",$http_access_control_request_headers", name, "", [line])
        allowed.append(f"${name}")
    line = ("~^1:, (?<nc_may_all>.+)$", "$nc_may_all")
    source = f"$nc_preflight:{''.join(allowed)}"
    yield Table(source, "nc_preflight_headers", "", [line])
    for name, value in preflight.to_browsers:
        line = ("1", filled(value))
        yield Table("$nc_preflight", f"nc_preflight_{variable(name)}", "", [line])


def problem_tables(problems: Sequence[Problem]) -> Iterator[Table]:
    """The problem document of each status, by address and language."""
    for status in sorted({problem.status for problem in problems}):
        lines = [
            (f"~{problem.where}.* {language}$", filled(body, problem.probes))
            for problem in problems
            if problem.status == status
            for language, body in problem.bodies.items()
        ]
        source = "$nc_shown_path?$args $nc_problem_language"
        yield Table(source, f"nc_problem_{status}", "", lines)
