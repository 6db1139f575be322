"""The real rules, and how long Hypothesis may search for exceptions to them."""

import os

import pytest
from hypothesis import HealthCheck, settings

from api.app import make_evaluator
from tests.domain.interviews import Interviews

EXAMPLES = os.environ.get("EXAMPLES")
"""How many examples to try per property, other ones each time."""

SHARED = {
    "deadline": None,
    "database": None,
    "suppress_health_check": [HealthCheck.too_slow],
}
settings.register_profile("quick", max_examples=200, derandomize=True, **SHARED)
settings.register_profile("thorough", max_examples=int(EXAMPLES or 1), **SHARED)
settings.load_profile("thorough" if EXAMPLES else "quick")


@pytest.fixture(scope="session")
def content(library):
    return library.catalogue(library.original)


@pytest.fixture(scope="session")
def evaluator(library):
    return make_evaluator(library)


@pytest.fixture(scope="session")
def interviews(evaluator, content):
    return Interviews(evaluator, content.rules, content.risk_flags.values())
