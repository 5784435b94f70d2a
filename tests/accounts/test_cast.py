"""The cast is what it says, on committed data too."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import Organisation, PoliceArea, User
from accounts.selectors import authority
from core.models import AuditEvent
from tests.factories import accounts as people


def test_areas_are_the_46_of_the_united_kingdom(db: None) -> None:
    nations = list(PoliceArea.objects.values_list("nation", flat=True))
    assert {n: nations.count(n) for n in set(nations)} == {
        "England": 39, "Wales": 4, "Scotland": 1, "Northern Ireland": 1, "Great Britain": 1,
    }  # fmt: skip


def test_officers_serve_their_area(adviser: User, authoriser: User, other_area_adviser: User) -> None:
    assert (authority(adviser).advises(people.AREA), authority(adviser).authorises(people.AREA)) == (True, False)
    assert (authority(authoriser).advises(people.AREA), authority(authoriser).authorises(people.AREA)) == (False, True)
    assert dict(authority(other_area_adviser).areas) == {people.OTHER_AREA: frozenset({"adviser"})}


def test_members_hold_their_roles(organisation: Organisation, owner: User, colleague: User, viewer: User) -> None:
    roles = [authority(person).organisations[organisation.pk] for person in (owner, colleague, viewer)]
    assert roles == ["owner", "editor", "viewer"]


@pytest.mark.parametrize("attempt", [1, 2])
def test_flush_keeps_areas_and_triggers(transactional_db: None, attempt: int) -> None:
    """Twice: the second run stands on what the flush after the first one left."""
    assert (PoliceArea.objects.count(), AuditEvent.objects.count()) == (46, 0)
    people.make_user()
    for statement in ("UPDATE core_auditevent SET action = 'x'", "DELETE FROM core_auditevent"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert AuditEvent.objects.count() == 1
