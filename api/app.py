"""Builds the Flask application: configuration, library, endpoints, errors."""

from datetime import UTC, datetime
from functools import partial

from flask import Flask
from flask_cors import CORS
from werkzeug.middleware.proxy_fix import ProxyFix

from api.config import Config, read_config
from api.domain.evaluation import Evaluator
from api.domain.library import Library
from api.edition import Edition
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
    metrics,
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
from api.telemetry.metrics import Metrics
from api.web import (
    caching,
    compression,
    deprecation,
    errors,
    limits,
    negotiation,
    refusals,
    route,
    security,
)
from api.web.bodies import READ_AT_MOST
from api.web.counters import Counters
from api.web.encoding import OrjsonProvider
from api.web.openapi import build_api

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
    metrics,
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
    "X-Request-Id",
]

ALLOWED_HEADERS = [
    "Content-Type",
    "Accept",
    "Accept-Language",
    "If-None-Match",
    "X-API-Key",
    "X-Request-Id",
    "traceparent",
    "tracestate",
]


def create_app(
    library: Library | None = None,
    config: Config | None = None,
    telemetry: Metrics | None = None,
    counters: str = "memory://",
) -> Flask:
    """The app around `library`, or around the content beside it.

    `telemetry` is what it counts its work in, and `counters` the address of a storage
    where requests are counted when Redis does not do that; by default both are of this
    process alone. Raises ContentError or ConfigError, with every problem, rather than
    serve in part.
    """
    config = config or read_config()
    library = library or load_library(config.content, config.public_url)
    app = Flask(__name__, static_folder=None)
    app.json = OrjsonProvider(app)
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.config["MAX_CONTENT_LENGTH"] = READ_AT_MOST
    app.extensions["clock"] = partial(datetime.now, UTC)
    app.extensions["library"] = library
    app.extensions["metrics"] = (telemetry or Metrics()) if config.metrics else None
    app.extensions["checks"] = {}
    app.extensions["stopping"] = False
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
    if config.rate_limit:
        _register_limits(app, config, counters)
    if config.trusted_proxies:
        # Who asks, and nothing else: links follow from the public address, so that no
        # request can bend them.
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=config.trusted_proxies, x_proto=0
        )
    edition = Edition(app.wsgi_app, library) if config.edition else None
    app.extensions["edition"] = edition
    if edition is not None:
        app.wsgi_app = edition  # type: ignore[method-assign, assignment]
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


def _register_limits(app: Flask, config: Config, counters: str) -> None:
    quotas = {
        "evaluations": config.evaluations_per_minute,
        "searches": config.searches_per_minute,
    }
    names = {fingerprint: name for name, fingerprint in config.api_keys}
    limited = limits.Limits(quotas=quotas, names=names)
    storage = Counters(counters, config.rate_limit_storage)
    app.extensions["counters"] = storage
    limits.register(app, limited, storage)


def _register_layers(app: Flask, library: Library) -> None:
    """What happens around each view; after a request the last registered runs first."""
    route.register(app)
    # flask-cors (MIT): preflight and exposed headers on every answer, errors included.
    CORS(
        app,
        send_wildcard=True,
        methods=["GET", "HEAD", "POST", "OPTIONS"],
        allow_headers=ALLOWED_HEADERS,
        expose_headers=EXPOSED_HEADERS,
        max_age=86400,
    )
    caching.register_conditions(app)
    compression.register(app)
    caching.register_validators(app, library)
    negotiation.register(app, library)
    refusals.register(app)
    deprecation.register(app)
    security.register(app)
    errors.register(app)
