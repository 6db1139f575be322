"""What the request at hand is answered from, and in which language."""

from flask import current_app, g

from api.domain.evaluation import Evaluator
from api.domain.library import Catalogue, Library, SearchIndex
from api.domain.vectors import Vector, vectors


def library() -> Library:
    """The library of the app that is handling this request."""
    return current_app.extensions["library"]


def language() -> str:
    """The language that was negotiated for this request."""
    return g.get("language", library().original)


def catalogue() -> Catalogue:
    """The whole content in the language of this request."""
    return library().catalogue(language())


def evaluator() -> Evaluator:
    """The compiled rules of the library."""
    return current_app.extensions["evaluator"]


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
