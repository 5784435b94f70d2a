"""What is issued does not change, even for somebody who writes past the services: the database itself refuses."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.models import Organisation
from certification.models import Certificate
from core import triggers
from tests.factories.accounts import make_organisation
from tests.factories.certificates import put_in
from tests.factories.events import make_venue

pytestmark = pytest.mark.django_db

# What may move after the document was made.
FREE = {"state", "ended_at", "listed"}
COLUMNS = sorted(field.column for field in Certificate._meta.concrete_fields if field.column not in FREE)


def others(certificate: Certificate) -> dict[str, object]:
    """For each column a value of the right kind that is not the present one."""
    day = timedelta(days=1)
    return {
        **{field.column: _other(getattr(certificate, field.attname)) for field in Certificate._meta.concrete_fields},
        "organisation_id": make_organisation(certificate.organisation.created_by, name="Another").pk,
        "venue_id": make_venue(certificate.organisation).pk,
        "area_id": "kent",
        "supersedes_id": certificate.pk,
        "decided_on": certificate.decided_on - day,
        "valid_from": certificate.valid_from - day,
        "valid_until": certificate.valid_until + day,
        "issued_at": timezone.now() + day,
        "created_at": timezone.now() + day,
    }


def _other(value: object) -> object:
    if isinstance(value, int):
        return value + 1
    return uuid.uuid4() if value is None or isinstance(value, uuid.UUID) else f"{value}x"[-8:]


def write(certificate: Certificate, column: str, value: object) -> None:
    with transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk).update(**{_name(column): value})


def _name(column: str) -> str:
    return next(field.attname for field in Certificate._meta.concrete_fields if field.column == column)


@pytest.mark.parametrize("state", [s for s in Certificate.State.values if s != "being_issued"])
def test_nothing_of_an_issued_certificate_changes(decided: Certificate, state: str) -> None:
    certificate = put_in(state, decided)
    values = others(certificate)

    for column in COLUMNS:
        assert values[column] != getattr(certificate, _name(column))
        with pytest.raises(DatabaseError, match="append-only"):
            write(certificate, column, values[column])

    assert Certificate.objects.filter(pk=certificate.pk).values().get() == _row(certificate)


def _row(certificate: Certificate) -> dict[str, object]:
    return {field.attname: getattr(certificate, field.attname) for field in Certificate._meta.concrete_fields}


def test_no_column_is_forgotten() -> None:
    """A column that comes later is protected, or named here as one that may move."""
    protection = triggers.PROTECTED["certification_certificate"]
    assert protection.deletes
    assert set(protection.frozen) == set(COLUMNS)
    assert not FREE & set(protection.frozen)


def test_it_is_never_being_issued_again(issued: Certificate) -> None:
    with pytest.raises(DatabaseError, match="append-only"):
        write(issued, "state", "being_issued")


@pytest.mark.parametrize("state", Certificate.State.values)
def test_no_certificate_is_deleted(decided: Certificate, state: str) -> None:
    certificate = put_in(state, decided)
    rows = Certificate.objects.filter(pk=certificate.pk)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows._raw_delete(rows.db)

    assert rows.exists()


def test_what_may_move_does(issued: Certificate) -> None:
    Certificate.objects.filter(pk=issued.pk).update(state="expired", ended_at=timezone.now(), listed=False)
    issued.refresh_from_db()
    assert (issued.state, issued.listed) == ("expired", False)


def test_before_its_document_is_made_the_dates_may_move(decided: Certificate, organisation: Organisation) -> None:
    """As the demonstration does, before anybody could have read them."""
    write(decided, "valid_from", decided.valid_from - timedelta(days=3))
    assert Certificate.objects.get().valid_from == decided.valid_from - timedelta(days=3)
