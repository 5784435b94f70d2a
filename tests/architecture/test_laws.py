"""House laws that a parser can hold (house.md, section 2)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest
from django.core.management import call_command

from tests.architecture import source
from tests.architecture.source import ROOT, Source

WRITES = {"save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
# `update` and `delete` are also methods of dicts and sets; they count when called on something that ends in a queryset.
QUERY_WRITES = {"update", "delete"}
QUERYSET = re.compile(r"\bobjects\b|_set\b|\bfilter\(|\ball\(|\bexclude\(")
# The floor keeps its own tables; allauth's adapter saves a person at sign-up through its own form.
MAY_WRITE = {
    "core/audit.py",
    "core/outbox.py",
    "core/notify.py",
    "core/signing/registry.py",
    "core/mailings.py",
    "core/sweeps.py",
    "accounts/api_auth.py",
}


def calls(file: Source) -> Iterator[ast.Call]:
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node


def saves_a_row(call: ast.Call) -> bool:
    """`row.save()`; not a service's `save(actor=…)`, nor a document's `save(target)`."""
    assert isinstance(call.func, ast.Attribute)
    return call.func.attr == "save" and not call.args and "actor" not in {k.arg for k in call.keywords}


def writes(file: Source) -> list[str]:
    found = []
    for call in calls(file):
        assert isinstance(call.func, ast.Attribute)
        name, owner = call.func.attr, ast.unparse(call.func.value)
        orm = name in WRITES and (QUERYSET.search(owner) or saves_a_row(call))
        if orm or (name in QUERY_WRITES and QUERYSET.search(owner)):
            found.append(f"{file.path}:{call.lineno} {owner}.{name}")
    return found


def test_only_services_write() -> None:
    elsewhere = [f for f in source.project() if not source.in_room(f, "services") and f.path not in MAY_WRITE]
    assert [w for f in elsewhere for w in writes(f)] == []


def test_the_write_detector_detects() -> None:
    bad = Source(
        "x.py", "", ast.parse("Plan.objects.filter(pk=1).update(state='x')\nplan.save()\nPlan.objects.create()")
    )
    assert len(writes(bad)) == 3


def test_state_has_one_writer() -> None:
    def assigns_state(file: Source) -> list[str]:
        targets = [
            t
            for node in ast.walk(file.tree)
            if isinstance(node, ast.Assign | ast.AugAssign)
            for t in (node.targets if isinstance(node, ast.Assign) else [node.target])
        ]
        return [
            f"{file.path}:{t.lineno} {ast.unparse(t)}"
            for t in targets
            if isinstance(t, ast.Attribute)
            and t.attr == "state"
            and ast.unparse(t.value) in {"plan", "certificate", "bulletin", "place"}
        ]

    writers = [row for f in source.project() for row in assigns_state(f)]
    assert {row.split(":")[0] for row in writers} == {
        "certification/services/_moves.py",
        "advisories/services/_moves.py",
    }


def test_only_one_module_reads_the_environment() -> None:
    def reads(file: Source) -> bool:
        return any(
            (isinstance(n, ast.Attribute) and n.attr in {"environ", "getenv"} and ast.unparse(n.value) == "os")
            for n in ast.walk(file.tree)
        )

    assert [f.path for f in source.project() if reads(f) and f.path != "config/env.py"] in (
        [],
        ["config/settings/test.py"],
    )


def tidies_up_and_raises(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def test_broad_excepts_are_at_a_task_s_top_alone() -> None:
    def broad(file: Source) -> list[str]:
        return [
            f"{file.path}:{n.lineno}"
            for n in ast.walk(file.tree)
            if isinstance(n, ast.ExceptHandler)
            and (n.type is None or ast.unparse(n.type) in {"Exception", "BaseException"})
            and not tidies_up_and_raises(n)
        ]

    found = [row for f in source.project() for row in broad(f)]
    assert [row for row in found if not row.startswith("core/outbox.py")] == []


def test_no_junk_drawers() -> None:
    names = {"utils.py", "helpers.py", "misc.py", "signals.py", "common.py"}
    assert [f.path for f in source.project() if f.path.rsplit("/", 1)[-1] in names] == []


def test_saving_and_deleting_are_not_overridden() -> None:
    overridden = [
        f"{f.path}:{n.lineno}"
        for f in source.project()
        if source.in_room(f, "models")
        for n in source.functions(f)
        if n.name in {"save", "delete"}
    ]
    assert overridden == []


def test_domain_rooms_import_the_standard_library_and_each_other() -> None:
    outside = re.compile(r"^(django|celery|rest_framework|redis|yaml|jsonschema|config|core\.(?!domain))")
    found = []
    for f in source.project():
        if not source.in_room(f, "domain"):
            continue
        for node in ast.walk(f.tree):
            names = (
                [a.name for a in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            found += [f"{f.path}: {n}" for n in names if outside.match(n)]
    assert found == []


INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")|<style|\son[a-z]+\s*=|\sstyle\s*=|javascript:",
    re.IGNORECASE,
)
# A PDF's HTML and a mail are no pages: no browser runs them under the policy.
NO_PAGES = ("templates/pdf/", "templates/email/")


def test_no_template_has_inline_script_or_style() -> None:
    found = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        name = path.relative_to(ROOT).as_posix()
        text = re.sub(r"{%\s*comment.*?endcomment\s*%}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        found += [f"{name}: {m.group(0)}" for m in INLINE.finditer(text) if not name.startswith(NO_PAGES)]
    assert found == []


@pytest.mark.parametrize("bad", ["<script>x</script>", "<p style='x'>", "<a onclick='x'>", "<style>"])
def test_the_inline_detector_detects(bad: str) -> None:
    assert INLINE.search(bad)


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


PRIVATE = re.compile(r"/(work|root|farm)/|pypi\.org|registry\.npmjs|files\.pythonhosted|deb\.debian", re.IGNORECASE)


def test_no_tracked_text_names_a_registry_or_a_machine() -> None:
    here = __file__
    suffixes = {".py", ".md", ".toml", ".yml", ".yaml", ".txt", ".html", ".json", ".mjs", ".scss", ".sh"}
    skip = {".git", ".venv", "node_modules", "var", "dist", ".mypy_cache", ".ruff_cache"}
    found = [
        str(p.relative_to(ROOT))
        for p in ROOT.rglob("*")
        if p.suffix in suffixes and p.is_file() and not skip & set(p.relative_to(ROOT).parts) and str(p) != here
        if PRIVATE.search(p.read_text(encoding="utf-8", errors="ignore"))
    ]
    assert found == []
