"""Addressing: whom a bulletin reaches, each once, whatever is killed when."""

from __future__ import annotations

from collections import Counter

import pytest

from accounts.models import Organisation, User
from advisories.models import BulletinPlace, BulletinRecipient
from advisories.services import bulletins, receipts
from core.models import OutgoingMail
from tests.factories import advisories as make
from tests.factories.events import make_venue


def mails(kind: str) -> Counter[str]:
    return Counter(OutgoingMail.objects.filter(kind=kind).values_list("to", flat=True))


@pytest.mark.django_db
def test_from_draft_to_retraction(
    organisation: Organisation, organiser: User, colleague: User, viewer: User, adviser: User, authoriser: User
) -> None:
    make_venue(organisation)
    make_venue(organisation)
    published = make.make_published(adviser, approver=authoriser, severity="Severe")
    assert BulletinPlace.objects.filter(bulletin=published).count() == 2
    assert set(BulletinRecipient.objects.values_list("user_id", flat=True)) == {organiser.pk, colleague.pk}
    assert mails("bulletin.published") == Counter([organiser.email, colleague.email])

    assert receipts.acknowledge(actor=organiser, bulletin_id=published.pk) == 2
    bulletins.retract(actor=adviser, bulletin_id=published.pk, reason="It was a laundry.")
    make.run_delivery()
    assert mails("bulletin.retracted") == Counter([organiser.email, colleague.email])
