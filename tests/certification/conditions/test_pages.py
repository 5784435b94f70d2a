"""The pages of conditions through the real middleware: what each role reads, does and is told."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from certification.models import Certificate, CertificateCondition, ConditionDischarge, Evidence
from certification.policies import conditions as policies
from certification.selectors import conditions as selectors
from certification.services import conditions, discharges
from tests.factories import certificates as certificate_make
from tests.factories import conditions as make

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]
ROLES = ["owner", "colleague", "viewer", "stranger", "adviser", "second_adviser", "other_area_adviser", "authoriser"]
ROLES += ["national_admin", "auditor"]
SEES = {"owner", "colleague", "viewer", "adviser", "second_adviser", "authoriser", "auditor"}
INSIDE = {"owner", "colleague", "viewer", "auditor"}


def url(name: str, condition: CertificateCondition, *more: object) -> str:
    return reverse(f"certification:{name}", args=[condition.certificate_id, condition.pk, *more])


def text(response: object) -> str:
    return " ".join(html.unescape(response.content.decode()).split())  # type: ignore[attr-defined]


def date_fields(prefix: str, days: int, reason: str = make.REASON) -> dict[str, str]:
    day = timezone.localdate() + timedelta(days=days)
    parts = {"day": day.day, "month": day.month, "year": day.year}
    return {**{f"{prefix}-until_{part}": str(value) for part, value in parts.items()}, f"{prefix}-reason": reason}


@pytest.mark.parametrize("role", ROLES)
def test_the_query_and_the_policies_agree(
    condition: CertificateCondition, organiser: User, request: pytest.FixtureRequest, role: str
) -> None:
    user = request.getfixturevalue(role)
    draft = discharges.write(actor=organiser, condition_id=condition.pk, note=make.NOTE)
    assert selectors.visible(user).filter(pk=condition.pk).exists() is (role in SEES)
    assert bool(policies.can_see_discharge(user, draft)) is (role in INSIDE)
    sent = make.submitted(condition, organiser)
    assert bool(policies.can_see_discharge(user, sent)) is (role in SEES)


@pytest.mark.parametrize("role", ROLES)
def test_what_is_being_written_is_the_holder_s_own(
    condition: CertificateCondition,
    organiser: User,
    client_for: ClientFor,
    request: pytest.FixtureRequest,
    role: str,
) -> None:
    client = client_for(request.getfixturevalue(role))
    file = make.clean_file(condition, organiser)
    discharges.write(actor=organiser, condition_id=condition.pk, note=make.NOTE)
    shown = client.get(url("condition", condition))
    opened = client.get(url("condition_file", condition, file.pk))
    assert shown.status_code == (200 if role in SEES else 404)
    assert opened.status_code == (200 if role in INSIDE else 403 if role in SEES else 404)
    writer = role in {"owner", "colleague"}
    assert (make.NOTE in text(shown)) is writer
    make.submitted(condition, organiser)
    shown, opened = client.get(url("condition", condition)), client.get(url("condition_file", condition, file.pk))
    assert (make.NOTE in text(shown)) is ("invoice.txt" in text(shown)) is (role in SEES)
    assert opened.status_code == (200 if role in SEES else 404)


def test_the_holder_s_way_with_a_file(condition: CertificateCondition, organiser: User, client_for: ClientFor) -> None:
    client, where = client_for(organiser), url("condition_discharge", condition)
    sent = {"note": "Bolted.", "file": SimpleUploadedFile("hatch.txt", b"The hatch."), "action": "submit"}
    first = client.post(where, sent, follow=True)
    assert "The file is saved and being scanned." in text(first)
    again = client.post(where, {"note": "Bolted.", "action": "submit"})
    assert again.status_code == 422
    assert "A file is still being scanned" in text(again)
    assert "Error: " in text(again)
    Evidence.objects.filter(discharge__isnull=False).update(scan="clean", scanned_at=timezone.now())
    done = client.post(where, {"note": "Bolted twice.", "action": "submit"}, follow=True)
    assert "Sent to the police." in text(done)
    assert "hatch.txt" in text(done)
    found = ConditionDischarge.objects.get()
    assert (found.state, found.note, found.submitted_by) == ("submitted", "Bolted twice.", organiser)


def test_saying_nothing_is_refused_with_the_words_kept(
    condition: CertificateCondition, organiser: User, client_for: ClientFor
) -> None:
    client = client_for(organiser)
    empty = client.post(url("condition_discharge", condition), {"note": " ", "action": "submit"})
    assert empty.status_code == 422
    assert "Say what has been done to meet the condition" in text(empty)
    bad = SimpleUploadedFile("run.exe", b"MZ\x90")
    refused = client.post(url("condition_discharge", condition), {"note": "Kept words.", "file": bad})
    assert refused.status_code == 422
    assert "Kept words." in text(refused)
    assert not ConditionDischarge.objects.filter(state="submitted").exists()


def test_the_officer_s_way(
    condition: CertificateCondition, organiser: User, adviser: User, authoriser: User, client_for: ClientFor
) -> None:
    sent = make.submitted(condition, organiser)
    officer, signer = client_for(adviser), client_for(authoriser)
    assert "You signed this certificate" in text(signer.get(url("condition", condition)))
    assert "Accept: the condition is met" not in text(signer.get(url("condition", condition)))
    unsaid = officer.post(url("condition_send_back", condition, sent.pk), {"back-reason": ""})
    assert (unsaid.status_code, "Say what is still missing" in text(unsaid)) == (422, True)
    officer.post(url("condition_send_back", condition, sent.pk), {"back-reason": "SECRET-MISSING"})
    mine = text(client_for(organiser).get(url("condition", condition)))
    assert "SECRET-MISSING" in mine
    assert "More is needed" in mine
    second = make.submitted(condition, organiser)
    done = officer.post(url("condition_accept", condition, second.pk), follow=True)
    assert "The condition is met. The holder has been told." in text(done)
    stale = officer.post(url("condition_accept", condition, second.pk))
    assert stale.status_code == 409


def test_more_time_is_asked_and_granted(
    condition: CertificateCondition, organiser: User, adviser: User, client_for: ClientFor
) -> None:
    holder, officer = client_for(organiser), client_for(adviser)
    wrong = holder.post(url("condition_ask_time", condition), date_fields("ask", -1))
    assert wrong.status_code == 422
    assert "The new date must be later" in text(wrong)
    assert make.REASON in text(wrong)
    holder.post(url("condition_ask_time", condition), date_fields("ask", 90))
    wish = condition.extensions.get()
    assert make.REASON in text(officer.get(url("condition", condition)))
    officer.post(url("condition_grant", condition, wish.pk))
    condition.refresh_from_db()
    assert condition.due_on == timezone.localdate() + timedelta(days=90)


def test_what_is_overdue_may_wait_or_lead_to_the_police_s_part(
    condition: CertificateCondition, adviser: User, client_for: ClientFor
) -> None:
    officer = client_for(adviser)
    assert "The date has passed" not in text(officer.get(url("condition", condition)))
    make.overdue(condition)
    assert f"/certificates/{condition.certificate_id}/#police" in text(officer.get(url("condition", condition)))
    officer.post(url("condition_wait", condition), date_fields("wait", 10))
    condition.refresh_from_db()
    assert condition.waiting_until == timezone.localdate() + timedelta(days=10)


def test_the_certificate_s_page_lists_what_is_left_and_what_has_happened(
    certificate: Certificate, condition: CertificateCondition, organiser: User, adviser: User, client_for: ClientFor
) -> None:
    make.overdue(make.add(certificate, "PHY-01", condition.due_on))
    conditions.assign(actor=organiser, condition_id=condition.pk, owner_id=organiser.pk)
    sent = make.submitted(condition, organiser)
    page = reverse("certification:certificate", args=[certificate.pk])
    shown = text(client_for(organiser).get(page))
    assert "Looked after by Olive Organiser" in shown
    for words in ("With the police", "Overdue", "Sent in for the condition on GOV-02"):
        assert words in shown
    assert make.NOTE not in shown
    discharges.send_back(actor=adviser, discharge_id=sent.pk, reason="SECRET-MISSING")
    conditions.extend(actor=adviser, condition_id=condition.pk, until=condition.due_on + timedelta(days=3), reason="x")
    shown = text(client_for(organiser).get(page))
    assert "More asked for on the condition on GOV-02" in shown
    assert "The condition on GOV-02 is now due on" in shown
    certificate_make.put_in("revoked", certificate)
    ended = text(client_for(organiser).get(page))
    assert "Not met" in ended
    assert "Overdue" not in ended
    assert "nothing more is asked" in text(client_for(organiser).get(url("condition", condition)))


@pytest.mark.parametrize("role", ["organiser", "adviser"])
def test_one_condition_costs_the_same_however_long_its_history(
    condition: CertificateCondition,
    organiser: User,
    adviser: User,
    client_for: ClientFor,
    request: pytest.FixtureRequest,
    django_assert_num_queries: DjangoAssertNumQueries,
    role: str,
) -> None:
    client = client_for(request.getfixturevalue(role))
    queries = {"organiser": 10, "adviser": 9}[role]
    for number in range(3):
        make.clean_file(condition, organiser)
        sent = make.submitted(condition, organiser)
        wish = make.asked(condition, organiser)
        if number in {0, 2}:
            with django_assert_num_queries(queries):
                assert client.get(url("condition", condition)).status_code == 200
        discharges.send_back(actor=adviser, discharge_id=sent.pk, reason="x")
        conditions.refuse(actor=adviser, extension_id=wish.pk, answer="x")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_certificate_s_page_costs_the_same_for_one_and_three(
    certificate: Certificate,
    condition: CertificateCondition,
    organiser: User,
    client_for: ClientFor,
    django_assert_num_queries: DjangoAssertNumQueries,
    rows: int,
) -> None:
    make.submitted(condition, organiser)
    for number in range(rows - 1):
        more = make.add(certificate, f"PHY-0{number + 1}", condition.due_on)
        conditions.assign(actor=organiser, condition_id=more.pk, owner_id=organiser.pk)
        make.submitted(more, organiser)
    client = client_for(organiser)
    with django_assert_num_queries(12):
        client.get(reverse("certification:certificate", args=[certificate.pk]))
