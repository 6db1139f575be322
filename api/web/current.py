"""What the request at hand is answered from, and in which language."""

from datetime import datetime
from urllib.parse import urlsplit

from flask import current_app, g

from api.domain.evaluation import Evaluator
from api.domain.library import Catalogue, Library, SearchIndex
from api.domain.vectors import Vector, vectors


def library() -> Library:
    """The library of the app that is handling this request."""
    return current_app.extensions["library"]


def now() -> datetime:
    """What time it is, in UTC, to the app that is handling this request."""
    return current_app.extensions["clock"]()


def root() -> str:
    """The path that all addresses begin with where clients are: often none.

    It is that of the public address. A proxy that has it in front takes it off.
    """
    return urlsplit(library().public_url).path


def language() -> str:
    """The language that was negotiated for this request."""
    return g.get("language", library().original)


def catalogue() -> Catalogue:
    """The whole content in the language of this request."""
    return library().catalogue(language())


def evaluator() -> Evaluator:
    """The compiled rules of the library."""
    return current_app.extensions["evaluator"]


def degraded() -> list[str]:
    """What does not work as it should, while the service goes on without it."""
    checks = current_app.extensions["checks"]
    return [name for name, works in checks.items() if not works()]


def conformance_vectors() -> list[Vector]:
    """Every vector of the rule set, derived anew: half a second of work."""
    content = library().catalogue(library().original)
    flags, vignettes = content.risk_flags.values(), content.vignettes.values()
    return vectors(evaluator(), content.rules, flags, vignettes)


def risk_reports():
    """What puts evaluations into the language of this request."""
    return current_app.extensions["risk_reports"][language()]


def search_index() -> SearchIndex:
    """What answers searches over the library."""
    return current_app.extensions["search_index"]


def metrics():
    """What counts, or None where nothing is to be counted."""
    return current_app.extensions["metrics"]


def stopping() -> bool:
    """Is the service about to end? Then balancers should look for another one."""
    return bool(current_app.extensions["stopping"])
