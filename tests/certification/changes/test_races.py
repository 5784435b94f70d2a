"""Two colleagues tell at the same instant: one change, one plan, and the other is told. On both databases."""

from __future__ import annotations

import pytest

from accounts.models import Organisation, User
from certification.models import MaterialChange, Plan
from certification.services import changes
from certification.services.changes import Report
from core.errors import Conflict
from tests.certification.organiser.test_races import at_once
from tests.factories import certificates as make

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_colleagues_tell_at_once(
    organisation: Organisation, organiser: User, colleague: User, adviser: User, authoriser: User
) -> None:
    certificate = make.put_in("in_force", make.decided_certificate(organisation, reviewer=adviser, signer=authoriser))
    given = Report(declared=frozenset({"layout"}), description="A gate.")

    def tell(actor: User) -> MaterialChange:
        return changes.report(actor=actor, certificate_id=certificate.pk, given=given)

    results = at_once(lambda: tell(organiser), lambda: tell(colleague))
    assert sorted(type(result).__name__ for result in results) == [Conflict.__name__, MaterialChange.__name__]
    assert MaterialChange.objects.get().plan == Plan.objects.get(state="draft")
