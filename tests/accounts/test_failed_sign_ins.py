"""Wrong passwords are on the record, once in a while, with a count and without an address."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from accounts.services import sign_ins
from core import audit
from core.models import AuditChain, AuditEvent

pytestmark = pytest.mark.django_db


def events() -> list[tuple[str, str, object]]:
    """Chain, target and facts of each, oldest first."""
    found = AuditEvent.objects.filter(action="user.sign_in_failed").select_related("chain").order_by("pk")
    return [(event.chain.key, event.target_id, event.facts) for event in found]


def fail(capture: DjangoCaptureOnCommitCallbacks, email: str, *, at: datetime, times: int = 1) -> None:
    with time_machine.travel(at, tick=False):
        for _ in range(times):
            with capture(execute=True):
                sign_ins.failed(email=email)


def test_the_page_says_so_to_the_record(client: Client, organiser: User) -> None:
    client.post(reverse("account_login"), {"login": organiser.email.upper(), "password": "wrong-password-1"})

    assert events() == [(f"user:{organiser.pk}", str(organiser.pk), {"failures": 1})]
    assert AuditEvent.objects.get(action="user.sign_in_failed").actor is None
    assert audit.verify_all().problem == ""


def test_an_account_has_one_event_in_fifteen_minutes_and_the_next_counts_what_came_between(
    organiser: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    start = timezone.now()
    fail(django_capture_on_commit_callbacks, organiser.email, at=start, times=4)
    fail(django_capture_on_commit_callbacks, organiser.email, at=start + timedelta(minutes=14, seconds=59))
    assert [facts for *_case, facts in events()] == [{"failures": 1}]

    fail(django_capture_on_commit_callbacks, organiser.email, at=start + timedelta(minutes=15))
    fail(django_capture_on_commit_callbacks, organiser.email, at=start + timedelta(minutes=30))
    assert [facts for *_case, facts in events()] == [{"failures": 1}, {"failures": 5}, {"failures": 1}]


def test_addresses_without_an_account_share_one_and_are_written_nowhere(
    organiser: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    start = timezone.now()
    for number in range(20):
        fail(django_capture_on_commit_callbacks, f"made-up-{number}@example.org", at=start)
    fail(django_capture_on_commit_callbacks, organiser.email, at=start)

    chain = AuditChain.objects.get(key="sign-in:unknown")
    assert events() == [
        ("sign-in:unknown", str(chain.pk), {"failures": 1}),
        (f"user:{organiser.pk}", str(organiser.pk), {"failures": 1}),
    ]
    everything = str(list(AuditEvent.objects.values())) + str(list(AuditChain.objects.values()))
    assert "made-up" not in everything


def test_a_sign_in_that_succeeds_is_none(client: Client, organiser: User) -> None:
    client.force_login(organiser)
    assert events() == []
