"""The house stands: floors, no circles, lazy imports, exports."""

from __future__ import annotations

import ast
import graphlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import summarizer

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "summarizer"

# Lowest first. A module may import from its own floor and those below; rooms named apart on one floor stay apart.
FLOORS: tuple[tuple[tuple[str, ...], ...], ...] = (
    (("types", "errors", "version", "timing", "progress", "folders"),),
    (("config", "sections", "request", "text", "models.protocol", "data", "render"),),
    (("models",), ("stages",), ("testing",)),
    (("ahead", "chain", "job", "orders", "parts"),),
    (("__init__",), ("batch",), ("service",)),
    (("cli", "__main__"),),
)
FRAMEWORKS = ("torch", "transformers", "ctranslate2", "sentencepiece", "gradio", "fastapi", "ray")


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Dotted name inside the package, and syntax tree, of every module."""
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)
        yield name, ast.parse(path.read_text("utf-8"))


# Read while no test has threads yet: CPython 3.11 counts the depth of all threads' trees as one (python/cpython#106905).
TREES = dict(modules())


def imports(tree: ast.Module) -> Iterator[str]:
    """Everything imported anywhere in a module, inside functions too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def place(name: str) -> tuple[int, int]:
    """Floor and room of a module, by its longest known prefix."""
    found = [
        (len(prefix), floor, number)
        for floor, rooms in enumerate(FLOORS)
        for number, room in enumerate(rooms)
        for prefix in room
        if name == prefix or name.startswith(prefix + ".")
    ]
    assert found, f"the module {name!r} is on no floor; give it a place in FLOORS"
    return max(found)[1:]


def inside(name: str, known: set[str]) -> str | None:
    """``summarizer.text.clean.clean`` -> ``text.clean``; None for other packages."""
    if name.split(".", maxsplit=1)[0] != "summarizer":
        return None
    parts = name.split(".")[1:]
    while parts and ".".join(parts) not in known:
        parts.pop()
    return ".".join(parts) or "__init__"


def arrows() -> Iterator[tuple[str, str]]:
    for name, tree in TREES.items():
        for imported in imports(tree):
            target = inside(imported, set(TREES))
            if target is not None and target != name:
                yield name, target


def test_no_arrow_points_upward_or_across() -> None:
    """A module imports from its own room and from the floors below it."""
    wrong = []
    for name, target in arrows():
        (floor, room), (target_floor, target_room) = place(name), place(target)
        if target_floor > floor or (target_floor == floor and target_room != room):
            wrong.append(f"{name} -> {target}")
    assert not wrong


def test_no_circle() -> None:
    """No module imports itself over others."""
    graph: dict[str, set[str]] = {}
    for name, target in arrows():
        graph.setdefault(name, set()).add(target)
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


@pytest.mark.parametrize("framework", ["torch", "transformers", "ctranslate2", "sentencepiece"])
def test_only_the_models_room_imports_frameworks(framework: str) -> None:
    """Torch and its like are imported in ``models/`` alone."""
    users = {name for name, tree in TREES.items() for imported in imports(tree) if imported.split(".")[0] == framework}
    assert {name.split(".")[0] for name in users} <= {"models"}


def test_import_loads_no_framework() -> None:
    """``import summarizer`` stays light."""
    program = f"import sys, json, summarizer; print(json.dumps([m for m in {FRAMEWORKS} if m in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert json.loads(done.stdout) == []


def test_exports_exist_and_are_all() -> None:
    """Every name of ``__all__`` can be had, and ``__all__`` is sorted."""
    assert [name for name in summarizer.__all__ if not hasattr(summarizer, name)] == []
    assert summarizer.__all__ == sorted(summarizer.__all__)


def test_every_module_opens_with_its_promise() -> None:
    """A module without a docstring says nothing of what it is for; an empty package file needs none."""
    assert [name for name, tree in TREES.items() if tree.body and not ast.get_docstring(tree)] == []
