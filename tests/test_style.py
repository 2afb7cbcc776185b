# SPDX-License-Identifier: Apache-2.0
"""Style is a test. Each says what it keeps and names every place that does not."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "standclear"
MODULES = sorted(PACKAGE.rglob("*.py"))
PURE = [m for m in MODULES if m.relative_to(PACKAGE).parts[0] in ("core", "geometry")]
SOURCES = sorted(p for top in ("src", "tests", "bench", "tools") for p in (ROOT / top).rglob("*.py"))
NOT_TEXT = {".geojson", ".png", ".woff2", ".zlib"}  # data and pictures
NOT_OURS = {"node_modules", "build", "dist", "__pycache__", "static"}

MODULE_LINES = 400
FUNCTION_LINES = 50

# Written so that this file does not match itself.
UNFINISHED = re.compile(r"\b(?:TO[D]O|FIX[M]E|XX[X]|HAC[K])\b")
BARE_SILENCE = re.compile(r"#\s*noq[a]\b(?!:\s*[A-Z])|#\s*type:\s*ignor[e]\b(?!\[)")
MACHINE = re.compile(r"pypi[.]org|pythonhosted[.]org|registry[.]npmjs|/(?:home|Users)/\w|/roo[t]/|/wor[k]/")
FORBIDDEN_WORDS = re.compile(r"\b(?:safe|approved)\b", re.IGNORECASE)

Function = ast.FunctionDef | ast.AsyncFunctionDef
Documented = Function | ast.ClassDef


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def place(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def matches(pattern: re.Pattern[str], path: Path) -> list[str]:
    lines = path.read_text("utf-8").splitlines()
    return [
        f"{place(path, n)} {line.strip()[:80]}" for n, line in enumerate(lines, 1) if pattern.search(line)
    ]


def length(function: Function) -> int:
    """Lines from the first statement after the docstring to the last."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


def public(body: list[ast.stmt]) -> Iterator[Documented]:
    """Public functions and classes, and the public methods of those; not what is local to a function."""
    for node in body:
        if isinstance(node, Documented) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public(node.body)


def is_overload(node: Documented) -> bool:
    return any(isinstance(d, ast.Name) and d.id in ("overload", "override") for d in node.decorator_list)


def docstring_constants(tree: ast.Module) -> set[int]:
    """Every string that stands alone as a statement: docstrings of modules, functions, classes and values."""
    statements = [n.value for n in ast.walk(tree) if isinstance(n, ast.Expr)]
    return {id(value) for value in statements if isinstance(value, ast.Constant)}


def said_aloud(path: Path) -> Iterator[tuple[int, str]]:
    """String literals that a user may come to see, parts of f-strings included."""
    silent = docstring_constants(tree_of(path))
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            yield node.lineno, node.value


def is_set(node: ast.expr) -> bool:
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in ("set", "frozenset")
    return isinstance(node, ast.Set | ast.SetComp)


def iterated(tree: ast.Module) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            yield node.iter
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("list", "tuple")
        ):
            yield from node.args


def is_ours(path: Path) -> bool:
    parts = path.relative_to(ROOT).parts
    hidden = any(part.startswith(".") for part in parts) and parts[0] != ".ci"
    return not hidden and NOT_OURS.isdisjoint(parts) and path.suffix not in NOT_TEXT


def our_texts() -> list[Path]:
    return sorted(p for p in ROOT.rglob("*") if p.is_file() and is_ours(p))


def test_a_module_fits_in_400_lines() -> None:
    sizes = {m: len(m.read_text("utf-8").splitlines()) for m in MODULES}
    assert not [f"{place(m, 1)} has {n} lines" for m, n in sizes.items() if n > MODULE_LINES]


def test_a_function_fits_on_one_screen() -> None:
    functions = [(m, f) for m in MODULES for f in ast.walk(tree_of(m)) if isinstance(f, Function)]
    assert not [
        f"{place(m, f.lineno)} {f.name} has {length(f)} lines"
        for m, f in functions
        if length(f) > FUNCTION_LINES
    ]


def test_every_module_says_what_it_is() -> None:
    assert not [place(m, 1) for m in MODULES if not ast.get_docstring(tree_of(m))]


def test_a_package_opens_with_one_line_that_says_what_it_is() -> None:
    said = {m: ast.get_docstring(tree_of(m)) or "" for m in MODULES if m.name == "__init__.py"}
    assert not [place(m, 2) for m, text in said.items() if not text.partition("\n")[0].endswith(".")]


def test_every_folder_with_modules_is_a_package() -> None:
    folders = sorted({m.parent for m in MODULES})
    assert not [str(f.relative_to(ROOT)) for f in folders if not (f / "__init__.py").exists()]


def test_everything_public_has_a_docstring() -> None:
    nodes = [(m, n) for m in MODULES for n in public(tree_of(m).body) if not is_overload(n)]
    assert not [f"{place(m, n.lineno)} {n.name}" for m, n in nodes if not ast.get_docstring(n)]


def test_every_source_names_its_licence_first() -> None:
    spdx = "# SPDX-License-Identifier: Apache-2.0"
    heads = {p: p.read_text("utf-8").splitlines()[:2] for p in SOURCES}
    assert not [place(p, 1) for p, head in heads.items() if spdx not in head]


def test_nothing_is_left_for_later_in_a_comment() -> None:
    assert not [hit for p in SOURCES for hit in matches(UNFINISHED, p)]


def test_a_check_is_silenced_by_name_or_not_at_all() -> None:
    assert not [hit for p in SOURCES for hit in matches(BARE_SILENCE, p)]


def test_no_file_names_a_machine_or_a_registry() -> None:
    assert not [hit for p in our_texts() for hit in matches(MACHINE, p)]


def test_nobody_is_told_that_something_is_safe_or_approved() -> None:
    strings = [(m, line, text) for m in MODULES for line, text in said_aloud(m)]
    assert not [
        f"{place(m, line)} {text[:80]!r}" for m, line, text in strings if FORBIDDEN_WORDS.search(text)
    ]


@pytest.mark.parametrize("module", PURE, ids=lambda m: str(m.relative_to(PACKAGE)))
def test_no_decision_depends_on_the_order_of_a_set(module: Path) -> None:
    assert not [place(module, node.lineno) for node in iterated(tree_of(module)) if is_set(node)]
