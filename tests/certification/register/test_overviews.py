"""The monthly overview: once a month, for those who want it, with a way out that touches no duty."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core import mail
from django.test import Client

from accounts.models import MailChoice, Organisation, User
from accounts.selectors import stop_token, who_stops
from accounts.services import mail_choices
from certification.models import Certificate
from certification.services import overviews, reminders
from core import sweeps
from core.models import AuditEvent, OutboxJob, OutgoingMail
from tests.conftest import ClientFor
from tests.factories import accounts as people
from tests.factories import certificates as make

FIRST = date(2028, 6, 1)
NOON = datetime(2028, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def held(issued: Certificate) -> Certificate:
    return make.running_until(issued, date(2028, 6, 30))


def promised() -> list[str]:
    return sorted(OutgoingMail.objects.filter(kind="estate.overview").values_list("to", flat=True))


def test_owners_and_editors_of_a_holder_get_one_a_month(
    held: Certificate, organiser: User, colleague: User, viewer: User, stranger: User
) -> None:
    assert overviews.sweep(today=FIRST) == 2
    for day in range(2, 31):
        assert overviews.sweep(today=FIRST.replace(day=day)) == 0
    assert promised() == sorted([organiser.email, colleague.email])
    make.running_until(held, date(2028, 8, 30))
    assert overviews.sweep(today=date(2028, 7, 1)) == 2


def test_a_first_of_the_month_that_was_missed_is_caught_up(held: Certificate, organiser: User) -> None:
    assert overviews.sweep(today=date(2028, 6, 9)) == 1


def test_cut_off_between_chunks_it_goes_on_and_nobody_gets_two(
    held: Certificate, organiser: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.copies(held, 3, apart=True)
    monkeypatch.setattr(overviews, "CHUNK", 1)
    real, done = overviews._promise, []

    def dies(*args: object) -> int:
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(real(*args))  # type: ignore[arg-type]
        return done[-1]

    with monkeypatch.context() as patch:
        patch.setattr(overviews, "_promise", dies)
        with pytest.raises(KeyboardInterrupt):
            overviews.sweep(today=FIRST)
    assert len(promised()) == 2
    assert not sweeps.counted("overviews", "month", 202806)
    assert overviews.sweep(today=FIRST) == 2
    assert len(promised()) == 4


def test_what_it_says(held: Certificate, organiser: User, run_outbox: Callable[[], int]) -> None:
    others = make.copies(held, 2)
    make.put_in("suspended", others[0])
    make.running_until(others[1], date(2029, 6, 30))
    with time_machine.travel(NOON):
        overviews.sweep(today=FIRST)
        run_outbox()
    [message] = [message for message in mail.outbox if message.subject == "Your certificates this month"]
    body = str(message.body)
    assert "Harbour Lights Trust" in body
    assert "2 certificates are in force. 1 is suspended." in body
    assert f"30 June 2028: {held.number}, {held.subject_name}" in body
    assert others[1].number not in body
    assert not [words for words in make.PLAN_WORDS if words in body]
    link = message.extra_headers["List-Unsubscribe"].strip("<>")
    assert link in body
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_one_click_ends_it_without_a_sign_in_and_leaves_duties_alone(
    held: Certificate, organiser: User, colleague: User, run_outbox: Callable[[], int]
) -> None:
    with time_machine.travel(NOON):
        overviews.sweep(today=FIRST)
        run_outbox()
    [message] = [m for m in mail.outbox if m.to == [organiser.email] and m.subject == "Your certificates this month"]
    address = urlsplit(message.extra_headers["List-Unsubscribe"].strip("<>")).path
    program = Client(enforce_csrf_checks=True)
    # Whoever only looks at links ends nothing.
    assert "Stop the monthly overview?" in program.get(address).content.decode()
    assert not MailChoice.objects.exists()
    assert program.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert MailChoice.objects.get().user == organiser
    assert AuditEvent.objects.filter(action="user.mail_chosen").get().facts == {"overviews": False, "by_link": True}
    make.running_until(held, date(2028, 7, 31))
    OutgoingMail.objects.all().delete()
    assert overviews.sweep(today=date(2028, 7, 1)) == 1
    assert promised() == [colleague.email]
    reminders.sweep(today=date(2028, 7, 2))
    told = OutgoingMail.objects.filter(kind="certificate.reminder").values_list("to", flat=True)
    assert sorted(told) == sorted([organiser.email, colleague.email])


def test_the_choice_on_the_account(organiser: User, client_for: ClientFor) -> None:
    client = client_for(organiser)
    assert 'value="yes" checked' in client.get("/account/mail/").content.decode()
    assert client.post("/account/mail/", {"overviews": "no"}).status_code == 302
    assert MailChoice.objects.get().overviews is False
    assert 'value="no" checked' in client.get("/account/mail/").content.decode()
    assert client.post("/account/mail/", {}).status_code == 200
    client.post("/account/mail/", {"overviews": "yes"})
    assert MailChoice.objects.get().overviews is True
    assert AuditEvent.objects.filter(action="user.mail_chosen").count() == 2


def test_the_link_is_one_person_s_and_cannot_be_made_up(organiser: User, client: Client) -> None:
    token = stop_token(organiser.pk)
    assert who_stops(token) == organiser.pk
    other = people.make_user()
    forged = f"{other.pk}.{token.partition('.')[2]}"
    for wrong in (forged, token[:-1], f"{organiser.pk}", "nonsense", f"{organiser.pk}."):
        assert who_stops(wrong) is None
        assert client.post(f"/mail/stop/{wrong}/").status_code == 404
    assert not MailChoice.objects.exists()


def test_chosen_twice_it_is_recorded_once(organiser: User) -> None:
    for _ in range(2):
        mail_choices.choose(actor=organiser, overviews=False)
    assert AuditEvent.objects.filter(action="user.mail_chosen").count() == 1


def test_few_jobs_carry_many_messages(held: Certificate, organiser: User) -> None:
    make.copies(held, 20, apart=True)
    jobs = OutboxJob.objects.count()
    assert overviews.sweep(today=FIRST) == 21
    assert OutboxJob.objects.count() == jobs + 1


def test_an_organisation_without_a_certificate_gets_none(
    held: Certificate, other_organisation: Organisation, stranger: User
) -> None:
    make.put_in("expired", held)
    assert overviews.sweep(today=FIRST + timedelta(days=1)) == 0
