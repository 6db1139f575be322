"""Builds the Flask application: configuration, library, endpoints, errors."""

from pathlib import Path

from flask import Flask
from flask_cors import CORS

from api.config import Config, read_config
from api.domain.evaluation import Evaluator
from api.domain.library import Library
from api.edition import Edition, in_one_piece
from api.endpoints import (
    bundle,
    cards,
    causes,
    changes,
    contract_kit,
    contract_page,
    description,
    discovery,
    docs,
    embed,
    front,
    health,
    oembed,
    offline,
    prevention_tips,
    relief_protocols,
    risk_evaluations,
    risk_flags,
    risk_rules,
    search,
    service,
    sources,
)
from api.endpoints.risk_reports import RiskReports
from api.loader import load_library
from api.search import TantivySearch
from api.web import caching, compression, errors, negotiation, security
from api.web.bodies import READ_AT_MOST
from api.web.encoding import OrjsonProvider
from api.web.openapi import build_api

CONTENT = Path(__file__).resolve().parent.parent / "content"

CONTRACTED = (
    service,
    causes,
    relief_protocols,
    prevention_tips,
    risk_flags,
    risk_evaluations,
    risk_rules,
    sources,
    search,
    bundle,
    changes,
    contract_kit,
    health,
)
PAGES = (
    description,
    discovery,
    docs,
    embed,
    cards,
    oembed,
    front,
    offline,
    contract_page,
)

EXPOSED_HEADERS = [
    "ETag",
    "Last-Modified",
    "Link",
    "Retry-After",
    "RateLimit",
    "RateLimit-Policy",
    "Deprecation",
    "Sunset",
    "Content-Language",
]


def create_app(library: Library | None = None, config: Config | None = None) -> Flask:
    """The app around `library`, or around the content beside it.

    Raises ContentError or ConfigError, with every problem, rather than serve in part.
    """
    config = config or read_config()
    library = library or load_library(CONTENT, config.public_url)
    app = Flask(__name__, static_folder=None)
    app.json = OrjsonProvider(app)
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.config["MAX_CONTENT_LENGTH"] = READ_AT_MOST
    app.extensions["library"] = library
    app.extensions["search_index"] = TantivySearch(library)
    app.extensions["evaluator"] = make_evaluator(library)
    app.extensions["risk_reports"] = {
        language: RiskReports(catalogue, library.release.ruleset_version)
        for language, catalogue in library.catalogues.items()
    }
    _register_layers(app, library)
    api = build_api(app, library)
    for module in CONTRACTED:
        api.register_blueprint(module.blueprint)
    for module in PAGES:
        app.register_blueprint(module.blueprint)
    app.wsgi_app = in_one_piece(app.wsgi_app)  # type: ignore[method-assign, assignment]
    if config.edition:
        app.wsgi_app = Edition(app.wsgi_app, library)  # type: ignore[method-assign]
    return app


def make_evaluator(library: Library) -> Evaluator:
    """Rules are the same in every language; only their words differ."""
    content = library.catalogue(library.original)
    return Evaluator(
        content.rules,
        content.risk_flags.values(),
        content.relief_protocols.values(),
        content.prevention_tips.values(),
    )


def _register_layers(app: Flask, library: Library) -> None:
    """What happens around each view; after a request the last registered runs first."""
    # flask-cors (MIT): preflight and exposed headers on every answer, errors included.
    CORS(
        app,
        send_wildcard=True,
        methods=["GET", "HEAD", "POST", "OPTIONS"],
        allow_headers=["Content-Type", "Accept", "Accept-Language", "If-None-Match"],
        expose_headers=EXPOSED_HEADERS,
        max_age=86400,
    )
    caching.register_conditions(app)
    compression.register(app)
    caching.register_validators(app, library)
    negotiation.register(app, library)
    security.register(app)
    errors.register(app)
