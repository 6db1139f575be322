"""A description without what is said to people: the contract itself."""

from typing import Any

WORDS = {
    *("title", "description", "summary", "example", "examples", "externalDocs"),
    *("$comment", "xml"),
}
"""Keywords that tell people something, and no program."""

NAMING = {
    *("paths", "webhooks", "callbacks", "responses", "headers", "content", "schemas"),
    *("requestBodies", "securitySchemes", "pathItems", "links", "variables", "scopes"),
    *("properties", "patternProperties", "dependentSchemas", "$defs", "mapping"),
}
"""Keywords whose keys are names of our own: a property may be called `title`."""

DATA = {"default", "enum", "const", "required"}


def wordless(value: Any, named: bool = False) -> Any:
    """`value` without its words; are its keys `named` by us?"""
    if isinstance(value, list):
        return [wordless(part) for part in value]
    if not isinstance(value, dict):
        return value
    return {
        key: inner
        if key in DATA and not named
        else wordless(inner, not named and key in NAMING)
        for key, inner in value.items()
        if named or key not in WORDS
    }


def contract_of(description: dict) -> dict:
    """What clients hold on to: not the words, the place or the version of it."""
    paths, components = (description.get(k, {}) for k in ("paths", "components"))
    return {
        "paths": wordless(paths, True),
        "components": {
            kind: wordless(named, True) for kind, named in components.items()
        },
        "security": description.get("security", []),
        "webhooks": wordless(description.get("webhooks", {}), True),
    }
