"""Cover with and without a gap, as the pages say it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from certification.domain.cover import Gap
from certification.models import Certificate, Plan
from certification.selectors import terms
from certification.services import plans
from tests import flush
from tests.conftest import ClientFor
from tests.factories import certificates as make


def after(before: Certificate, valid_from: date) -> Certificate:
    """In memory: a certificate that takes the place of `before` from a day on."""
    return Certificate(supersedes=before, valid_from=valid_from)


def test_the_first_has_no_gap_before_it(issued: Certificate) -> None:
    assert terms.gap_before(issued) is None


def test_after_one_that_expired(issued: Certificate) -> None:
    make.running_until(make.put_in("expired", issued), date(2026, 3, 31))
    assert terms.gap_before(after(issued, date(2026, 4, 1))) is None
    assert terms.gap_before(after(issued, date(2026, 4, 11))) == Gap(date(2026, 4, 1), date(2026, 4, 10))


@pytest.mark.parametrize("state", ["revoked", "surrendered"])
def test_after_one_that_was_ended_before_its_time(issued: Certificate, state: str) -> None:
    """It covered until the day on which it was ended, whatever its own last day was."""
    make.put_in(state, issued)
    with flush.lifted("certification_certificate"):
        Certificate.objects.filter(pk=issued.pk).update(ended_at="2026-02-10T23:30:00+00:00")
    issued.refresh_from_db()
    assert terms.gap_before(after(issued, date(2026, 2, 20))) == Gap(date(2026, 2, 11), date(2026, 2, 19))


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (30, "Decided by then, cover goes on without a gap."),
        (0, "Decided by then, cover goes on without a gap."),
        (-3, "There is no cover now: the new term begins on the day of the decision"),
    ],
)
def test_the_plan_that_renews_says_where_it_stands(
    issued: Certificate, owner: User, client_for: ClientFor, left: int, said: str
) -> None:
    make.running_until(issued, timezone.localdate() + timedelta(days=left))
    if left < 0:
        make.put_in("expired", issued)
    plan = plans.begin_renewal(actor=owner, certificate_id=issued.pk)
    assert said in client_for(owner).get(f"/plans/{plan.pk}/").content.decode()
    Plan.objects.filter(pk=plan.pk).update(state="withdrawn")
    assert said not in client_for(owner).get(f"/plans/{plan.pk}/").content.decode()
