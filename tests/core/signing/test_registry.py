"""Public halves are kept for ever, and nobody swaps one."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from core.models import SigningKey, SigningOutage
from core.signing import registry
from core.signing.errors import KeyUnavailable
from tests.core.signing.authorities import authority

pytestmark = pytest.mark.django_db


def test_the_first_use_is_kept_and_the_next_costs_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    chain = authority().chain
    registry.register_document_key(chain)
    with django_assert_num_queries(1):
        registry.register_document_key(chain)
    assert [c.certificates for c in registry.document_chains()] == [chain.certificates]


def test_a_change_of_keys_retires_the_old_and_keeps_it() -> None:
    old, new = authority().chain, authority(name="The next").chain
    for chain in (old, new):
        registry.register_document_key(chain)
    retired = dict(SigningKey.objects.values_list("kid", "retired_at"))
    assert (retired[old.kid] is None, retired[new.kid] is None) == (False, True)
    assert [chain.kid for chain in registry.document_chains()] == [new.kid, old.kid]
    found = registry.issuer()
    assert found == registry.Issuer("The next", demonstration=False)
    # Undone.
    registry.register_document_key(old)
    assert registry.issuer() == registry.Issuer(old.name, demonstration=False)


def test_before_anything_was_signed_there_is_no_issuer() -> None:
    assert registry.issuer() is None


@pytest.mark.parametrize("column", ["public", "kid", "purpose", "first_used_at"])
def test_the_database_refuses_to_swap_a_public_half(column: str) -> None:
    registry.register_document_key(authority().chain)
    value = timezone.now() if column == "first_used_at" else "other"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        SigningKey.objects.update(**{column: value})
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        SigningKey.objects.all()._raw_delete(SigningKey.objects.all().db)


def test_a_row_that_somebody_put_there_first_is_not_believed() -> None:
    chain = authority().chain
    SigningKey.objects.create(
        purpose="document", kid=chain.kid, public=authority().chain.pem, first_used_at=timezone.now()
    )
    with pytest.raises(KeyUnavailable, match="another key"):
        registry.register_document_key(chain)


def test_one_outage_is_open_at_most() -> None:
    SigningOutage.objects.create(began_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        SigningOutage.objects.create(began_at=timezone.now())
