"""House manners: sizes beyond which a thing must be split (house.md, section 3)."""

from __future__ import annotations

import ast

import pytest
from django.apps import apps

from tests.architecture import source
from tests.architecture.source import Source

FUNCTION_LINES = 45
VIEW_LINES = 40
FILE_LINES = 500
PARAMETERS = 8
MODEL_FIELDS = 35
CONFTEST_LINES = 250
APPS = ("core", "accounts", "events", "certification", "advisories")


def too_long(sources: tuple[Source, ...]) -> list[str]:
    found = []
    for file in sources:
        limit = VIEW_LINES if source.in_room(file, "views", "api") else FUNCTION_LINES
        found += [
            f"{file.path}:{node.lineno} {node.name} has {source.length(node)} lines, limit {limit}"
            for node in source.functions(file)
            if source.length(node) > limit
        ]
    return found


def test_functions_stay_short() -> None:
    assert too_long(source.project()) == []


def test_files_stay_short() -> None:
    every = (*source.project(), *source.tests())
    assert [f"{f.path}: {f.lines}" for f in every if f.lines > FILE_LINES] == []


def test_functions_take_few_parameters() -> None:
    def count(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
        given = node.args
        names = [a.arg for a in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
        return len([n for n in names if n not in {"self", "cls"}])

    assert [
        f"{f.path}:{n.lineno} {n.name}" for f in source.project() for n in source.functions(f) if count(n) > PARAMETERS
    ] == []


@pytest.mark.parametrize("app", APPS)
def test_models_stay_small(app: str) -> None:
    crowded = {m.__name__: len(m._meta.fields) for m in apps.get_app_config(app).get_models()}
    assert {name: n for name, n in crowded.items() if n > MODEL_FIELDS} == {}


def test_the_cast_stays_readable() -> None:
    assert [f.path for f in source.tests() if f.path.endswith("conftest.py") and f.lines > CONFTEST_LINES] == []


def test_the_ruler_measures() -> None:
    long_one = Source("x.py", "", ast.parse("def f():\n" + "    a = 1\n" * 60))
    assert len(too_long((long_one,))) == 1
