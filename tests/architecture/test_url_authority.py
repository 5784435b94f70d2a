"""Each role against each named address of the pages: what is not allowed is refused, and the refusal leaks nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from accounts.services import invitations, tokens
from tests.architecture.authority import ALLAUTH, API, ASKS, POSTS, Ask
from tests.conftest import ClientFor
from tests.factories import case as cases
from tests.factories.case import MARKER, OUTSIDERS, ROLES, Case

SECRETS = (MARKER, "Account of", "SECRET-")
# What everybody may know of a case; and the page of a person, on which the national roles read of which organisations.
OPEN = {"certification:check_result", "certification:register", "certification:register_entry", "accounts:person"}
# Which site asks not to be on the public register is what those who answer it have to know.
OPEN |= {"certification:listing_requests", "certification:listing_request"}


def names(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
        else:
            yield f"{prefix}{pattern.name}"


def test_every_address_has_a_name_and_a_row() -> None:
    ours = {name for name in names(get_resolver()) if not name.startswith((*ALLAUTH, API))}
    assert ours == set(ASKS)


def test_every_row_names_every_role() -> None:
    asks = (*ASKS.items(), *POSTS)
    assert {name for name, ask in asks if len(ask.expected.split()) != len(ROLES)} == set()


def send(client: Client, name: str, ask: Ask, case: Case) -> Any:
    """Undone at once, so that every address meets the same case."""
    cache.clear()
    with transaction.atomic():
        address = reverse(name, args=ask.args(case))
        response = client.post(address, ask.data(case)) if ask.data else client.get(address)
        transaction.set_rollback(True)
    return response


@pytest.fixture
def case(db: None) -> Case:
    made = cases.build()
    owner = made.people["owner"]
    assert owner is not None
    invitations.invite(actor=owner, organisation_id=made.organisation.pk, email="new@example.org", role="viewer")
    tokens.create(actor=owner, user=owner, label="t", scopes=["plans:read"], days=1)
    return made


@pytest.mark.parametrize("role", ROLES)
def test_each_address_answers_each_role_as_the_table_says(role: str, case: Case, client_for: ClientFor) -> None:
    person = case.people[role]
    client = client_for(person) if person is not None else Client()
    wrong, leaks = {}, []
    for name, ask in (*ASKS.items(), *POSTS):
        response = send(client, name, ask, case)
        if response.status_code != ask.status_for(role):
            wrong[f"{name} {'posted' if ask.data else ''}"] = f"{response.status_code}, not {ask.status_for(role)}"
        if name not in OPEN and not response.streaming and hidden(role, response.status_code):
            shown = response.content.decode(errors="replace")
            leaks += [f"{name}: {secret}" for secret in SECRETS if secret in shown]
    assert wrong == {}
    assert leaks == []


def hidden(role: str, status: int) -> bool:
    """Outsiders see nothing of the case; nobody is told anything of it with a refusal."""
    return role in OUTSIDERS or status in {403, 404}
