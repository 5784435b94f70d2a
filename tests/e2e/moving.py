"""Who takes part in the moves of certificates: for each story and way of browsing a place, its holder and two officers."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

WAYS: Final = (0, 1)
# Suspended, reinstated, varied and revoked; handed to another organisation and given up; something changed.
MOVED, PASSED_ON, CHANGED = "moved", "passed-on", "changed"
STORIES: Final = (MOVED, PASSED_ON, CHANGED)
OVERDUE: Final = "Have the loading bay gate mended and tested."


def person(role: str, story: str, way: int) -> str:
    """An address: a code of two-step verification is good once, so nobody has two stories."""
    return f"{role}-{story}-{way + 1}@example.org"


def place(story: str, way: int) -> str:
    return f"{story.replace('-', ' ').capitalize()} Hall {way + 1}"


def fill() -> None:
    from django.utils import timezone

    from events.models import Venue
    from tests.factories import accounts as people
    from tests.factories import conditions, threat

    reviewer, signer = people.make_officer("adviser"), people.make_officer("authoriser")
    for story in STORIES:
        for way in WAYS:
            for role in ("adviser", "authoriser"):
                people.make_officer(role, email=person(role, story, way), name=f"{role} {story} {way + 1}".title())
            trust = people.make_organisation(people.make_user("Hilda Holder", email=person("holder", story, way)))
            certificate = threat.certified_hall(trust, name=place(story, way), reviewer=reviewer, signer=signer)
            if story == MOVED:
                conditions.add(certificate, "PHY-01", timezone.localdate() - timedelta(days=3), OVERDUE)
            if story == PASSED_ON:
                taker = people.make_user("Tess Taker", email=person("taker", story, way))
                people.make_organisation(taker, name=f"Taking Trust {way + 1}")
            if story == CHANGED:
                # Somebody else answers for the hall since it was certified.
                Venue.objects.filter(pk=certificate.venue_id).update(senior_name="Nadia New")
