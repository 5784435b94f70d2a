"""Two people at once, with real transactions on either database."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from accounts.models import Organisation, User
from core import audit
from core.errors import Conflict
from events.models import TierDetermination, Venue
from events.services import venues
from tests.factories import events as make


@pytest.mark.django_db(transaction=True)
def test_of_two_colleagues_who_save_at_once_one_wins_and_the_other_is_told(
    organisation: Organisation, owner: User, colleague: User
) -> None:
    venue = make.make_venue(organisation)
    start = threading.Barrier(2)
    outcomes: dict[str, str] = {}

    def save(user: User, name: str) -> None:
        try:
            start.wait(timeout=10)
            venues.change(actor=user, venue_id=venue.pk, data=make.venue_data(name=name), expected_version=1)
            outcomes[name] = "saved"
        except Conflict as conflict:
            current = conflict.current
            outcomes[name] = current.name if isinstance(current, Venue) else "?"
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=pair) for pair in ((owner, "Mine"), (colleague, "Theirs"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    stored = Venue.objects.get(pk=venue.pk)
    loser = "Theirs" if stored.name == "Mine" else "Mine"
    assert outcomes == {stored.name: "saved", loser: stored.name}
    assert stored.version == 2
    assert TierDetermination.objects.filter(venue=venue).count() == 2
    assert audit.verify_all().problem == ""
