"""Which module may import which, read from the sources and tried in fresh processes."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


TREES = {
    name_of(path): ast.parse(path.read_text(encoding="utf-8"))
    for folder in ("api", "schemas")
    for path in sorted((ROOT / folder).rglob("*.py"))
}


def inside(name: str, layers: set[str]) -> bool:
    return any(name == layer or name.startswith(f"{layer}.") for layer in layers)


def modules_of(*layers: str) -> list[str]:
    return [name for name in TREES if inside(name, set(layers))]


def imports(tree: ast.AST) -> Iterator[str]:
    """Every imported name, in full: `from a import b` is `a.b`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_stdlib(name: str) -> bool:
    return name.partition(".")[0] in sys.stdlib_module_names


def is_ours(name: str) -> bool:
    return inside(name, {"api", "schemas"})


LAYERS = {
    "api.domain": {"api.domain"},
    "api.config": set(),
    "api.compatibility": {"api.compatibility"},
    "api.search": {"tantivy", "api.domain"},
    "api.telemetry": {"structlog", "prometheus_client", "orjson", "api.telemetry"},
    "schemas": {"marshmallow", "api.domain", "schemas"},
    "api.loader": {"marshmallow", "yaml", "api.domain", "api.loader", "schemas"},
}
"""What each may import beside the standard library."""

OUR_PARTS = {
    "api.web": {"api.web", "api.domain", "schemas"},
    "api.endpoints": {"api.web", "api.domain", "schemas"},
}
"""What each may import of ours, beside third parties."""


def members(layers) -> list[tuple[str, str]]:
    return [(layer, module) for layer in layers for module in modules_of(layer)]


def test_every_package_is_looked_at():
    for layer in (*LAYERS, *OUR_PARTS, "api.app"):
        assert modules_of(layer), layer
    assert len(TREES) > 40


@pytest.mark.parametrize(("layer", "module"), members(LAYERS))
def test_an_inner_module_knows_only_its_layer_and_what_lies_inside(layer, module):
    foreign = {name for name in imports(TREES[module]) if not is_stdlib(name)}
    assert {name for name in foreign if not inside(name, LAYERS[layer])} == set()


@pytest.mark.parametrize(("layer", "module"), members(OUR_PARTS))
def test_an_outer_module_knows_nothing_beside_or_outside_it(layer, module):
    ours = {name for name in imports(TREES[module]) if is_ours(name)}
    assert {name for name in ours if not inside(name, OUR_PARTS[layer])} == set()


def test_only_the_entry_points_know_the_app():
    knowing = {
        module
        for module, tree in TREES.items()
        if any(inside(name, {"api.app"}) for name in imports(tree))
    }
    assert knowing <= {
        "api.contract",
        "api.explain",
        "api.export",
        "api.release",
        "api.serve",
    }


def test_the_app_is_the_only_one_to_know_every_endpoint():
    endpoints = set(modules_of("api.endpoints")) - {"api.endpoints"}
    imported = set(imports(TREES["api.app"]))
    assert {
        name for name in endpoints if not any(inside(i, {name}) for i in imported)
    } == (set())


@pytest.mark.parametrize("module", TREES)
def test_nothing_is_imported_inside_a_function(module):
    functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    inner = [
        name
        for node in ast.walk(TREES[module])
        if isinstance(node, functions)
        for name in imports(node)
    ]
    assert inner == []


def comes_along(module: str) -> set[str]:
    """The modules that a fresh process has more of after importing `module`."""
    script = (
        "import sys; before = set(sys.modules);"
        f" import {module}; print(*sorted(set(sys.modules) - before))"
    )
    run = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(run.stdout.split())


def test_importing_the_package_imports_nothing_else():
    assert comes_along("api") == {"api"}


@pytest.mark.parametrize("module", modules_of("api.domain"))
def test_the_domain_comes_alone(module):
    along = comes_along(module)
    assert module in along
    foreign = {name for name in along if not is_stdlib(name)}
    assert {name for name in foreign if not inside(name, {"api.domain"})} == {"api"}
