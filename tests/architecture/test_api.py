"""Each role against each operation of the API: what is not allowed is refused, and the refusal leaks nothing."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from django.core.cache import cache
from django.db import transaction

from accounts.domain.scopes import SCOPES
from core.api_scopes import ANY
from tests.api_client import Api, operations, schema
from tests.architecture.api_authority import ASKS, PUBLIC, Ask
from tests.architecture.source import ROOT
from tests.factories import case as cases
from tests.factories.case import MARKER, OUTSIDERS, ROLES, Case

SECRETS = (MARKER, "Account of", "SECRET-")


def test_every_operation_has_its_row() -> None:
    assert set(operations()) == set(ASKS)


def test_rows_ask_what_they_are_called() -> None:
    wrong = [name for name, ask in ASKS.items() if operations()[name][0] != ask.method]
    assert wrong == []


def test_every_row_names_every_role() -> None:
    assert {
        name: len(ask.expected.split()) for name, ask in ASKS.items() if len(ask.expected.split()) != len(ROLES)
    } == {}


def test_what_is_open_to_everybody_is_so_by_intent() -> None:
    assert {name for name, (_m, _p, described) in operations().items() if "security" not in described} == PUBLIC


def test_every_other_operation_names_its_scope() -> None:
    unscoped = {name for name, (_m, _p, described) in operations().items() if "x-scope" not in described}
    assert unscoped == PUBLIC | {"me_retrieve"}
    assert ANY not in {described.get("x-scope") for _m, _p, described in operations().values()}


def send(api: Api, ask: Ask, case: Case) -> Any:
    """Undone at once, so that every operation meets the same case."""
    cache.clear()
    with transaction.atomic():
        path, body = ask.path(case), ask.body(case)
        response = api.upload(path, **body) if ask.files else api.ask(ask.method, path, body)
        transaction.set_rollback(True)
    return response


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_each_operation_answers_each_role_as_the_table_says(role: str) -> None:
    case = cases.build()
    api = Api(case.people[role])
    wrong, leaks = {}, []
    for name, ask in ASKS.items():
        response = send(api, ask, case)
        if response.status_code != ask.status_for(role):
            wrong[name] = f"{response.status_code}, not {ask.status_for(role)}"
        # Which site asks not to be on the register, and why, is what those who answer it have to know.
        answers_it = name.startswith("listing_requests_") and role == "administrator"
        if name not in PUBLIC and not answers_it and not response.streaming:
            leaks += [
                name
                for secret in _hidden_from(role, response.status_code)
                if secret in response.content.decode(errors="replace")
            ]
    assert wrong == {}
    assert leaks == []


def _hidden_from(role: str, status: int) -> tuple[str, ...]:
    """Outsiders see nothing of the case; nobody is told anything of it with a refusal."""
    return SECRETS if role in OUTSIDERS or status >= 400 else ()


@pytest.mark.django_db
def test_a_token_without_the_scope_is_refused_what_its_person_may_do() -> None:
    """A token for everything but one scope, for each person and each scope that an operation needs of them."""
    case = cases.build()
    known: dict[tuple[str, str], Api] = {}
    wrong = {}
    for name, ask in ASKS.items():
        scope = operations()[name][2].get("x-scope")
        role = next((role for role in ROLES if ask.status_for(role) < 300), "owner")
        if scope is None:
            continue
        if (role, scope) not in known:
            known[role, scope] = Api(case.people[role], *(other for other in SCOPES if other != scope))
        response = send(known[role, scope], ask, case)
        if (response.status_code, response.json()["code"]) != (403, "not-permitted"):
            wrong[name] = response.status_code
    assert wrong == {}


def test_the_committed_schema_is_what_the_code_says() -> None:
    """`make schema` writes it; compared as data, since the text is the library's affair."""
    committed = yaml.safe_load((ROOT / "docs" / "openapi.yaml").read_text(encoding="utf-8"))
    assert committed == yaml.safe_load(yaml.safe_dump(_plain(schema())))


def _plain(value: Any) -> Any:
    """Without the library's and Django's own kinds of text and number."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if isinstance(value, bool | int | float | None.__class__) else str(value)
