"""Days that are counted back from the start of an event: set on the pages and by the service, for events alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organisation, User
from certification.domain.departures import Condition
from certification.models import Certificate
from core.errors import InvalidInput
from tests.factories import reviews as made
from tests.factories.certification import small_standard
from tests.factories.events import make_event

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]
TEN_DAYS_BEFORE = Condition("GOV-01", "Walk the route.", 10, before_event=True)


def test_it_is_recommended_signed_and_due_before_the_start(
    organisation: Organisation, adviser: User, authoriser: User, client_for: ClientFor
) -> None:
    small_standard()
    event = make_event(organisation)
    plan = made.judged_plan(organisation, reviewer=adviser, subject=event, level=4, levels={"GOV-01": 2})
    url = reverse("certification:recommend", args=[plan.pk])
    assert "Count these days back from the start of the event" in client_for(adviser).get(url).content.decode()
    data = {
        "outcome": "certify_with_conditions",
        "summary": "Fair.",
        "condition-GOV-01-include": "on",
        "condition-GOV-01-text": "Walk the route.",
        "condition-GOV-01-days": "10",
        "condition-GOV-01-before_event": "on",
    }
    assert client_for(adviser).post(url, data).status_code == 302
    assert plan.recommendations.get().conditions == [TEN_DAYS_BEFORE.as_dict()]
    decide = client_for(authoriser).get(reverse("certification:decide", args=[plan.pk])).content.decode()
    assert "10 days before the event starts" in decide
    made.sign_as_recommended(plan, by=authoriser)
    starts = timezone.localdate(event.starts_at)
    assert Certificate.objects.get().conditions.get().due_on == starts - timedelta(days=10)


def test_a_venue_has_no_start(organisation: Organisation, adviser: User, client_for: ClientFor) -> None:
    small_standard()
    plan = made.judged_plan(organisation, reviewer=adviser, level=4, levels={"GOV-01": 2})
    page = client_for(adviser).get(reverse("certification:recommend", args=[plan.pk])).content.decode()
    assert "Count these days back" not in page
    with pytest.raises(InvalidInput, match="only a plan for an event"):
        made.recommend(plan, reviewer=adviser, outcome="certify_with_conditions", conditions=(TEN_DAYS_BEFORE,))
