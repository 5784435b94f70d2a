"""The pages of a condition that goes on under another certificate: where it goes on, what came before, and for whom."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from certification.models import Certificate, CertificateCondition, ConditionDischarge
from certification.services import discharges
from tests.api_client import Api
from tests.certification.conditions.test_going_along import render, transferred, varied
from tests.conftest import ClientFor
from tests.factories import conditions as make
from tests.factories.transfers import receiver

pytestmark = pytest.mark.django_db


def url(condition: CertificateCondition, name: str = "condition", *more: object) -> str:
    return reverse(f"certification:{name}", args=[condition.certificate_id, condition.pk, *more])


def text(client: Client, condition: CertificateCondition) -> str:
    response = client.get(url(condition))
    assert response.status_code == 200
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


@pytest.fixture
def sent(condition: CertificateCondition, organiser: User, second_adviser: User) -> ConditionDischarge:
    """The second round; the first was sent back."""
    first = make.submitted(condition, organiser, note="The first try.")
    discharges.send_back(actor=second_adviser, discharge_id=first.pk, reason="The hinges are missing.")
    make.clean_file(condition, organiser)
    return make.submitted(condition, organiser, note="The second try.")


def test_the_history_is_read_where_it_goes_on(
    certificate: Certificate,
    condition: CertificateCondition,
    sent: ConditionDischarge,
    organiser: User,
    adviser: User,
    authoriser: User,
    second_adviser: User,
    client_for: ClientFor,
) -> None:
    made = render(varied(certificate, adviser, authoriser))
    row = made.conditions.get()
    for reader in (organiser, second_adviser):
        page = text(client_for(reader), row)
        assert f"Stands from certificate {certificate.number}" in page
        assert f"Under certificate {certificate.number} The first try." in page
        assert "The second try." in page
    old = text(client_for(organiser), condition)
    assert f"Certificate {made.number} has taken the place of this one, and this condition goes on there." in old
    assert "What was open about it has gone along." in old
    assert "The second try." not in old
    assert url(row) in client_for(organiser).get(url(condition)).content.decode()
    file = sent.evidence.get()
    for reader, status in ((organiser, 200), (second_adviser, 200)):
        assert client_for(reader).get(url(row, "condition_file", file.pk)).status_code == status
        assert client_for(reader).get(url(condition, "condition_file", file.pk)).status_code == 404
    summary = client_for(organiser).get(reverse("certification:certificate", args=[made.pk])).content.decode()
    assert "More asked for on the condition on GOV-02" in summary


def test_sent_back_before_it_is_still_to_be_mended(
    certificate: Certificate,
    condition: CertificateCondition,
    organiser: User,
    adviser: User,
    authoriser: User,
    client_for: ClientFor,
) -> None:
    first = make.submitted(condition, organiser)
    discharges.send_back(actor=adviser, discharge_id=first.pk, reason="The hinges are missing.")
    made = render(varied(certificate, adviser, authoriser))
    client = client_for(organiser)
    assert "The police looked at what was sent in and ask for more. The hinges are missing." in text(
        client, made.conditions.get()
    )
    assert "More is needed" in client.get(reverse("certification:certificate", args=[made.pk])).content.decode()


def test_while_the_document_is_made_it_is_answered_under_the_old_one(
    certificate: Certificate,
    condition: CertificateCondition,
    sent: ConditionDischarge,
    organiser: User,
    adviser: User,
    authoriser: User,
    client_for: ClientFor,
) -> None:
    row = varied(certificate, adviser, authoriser).conditions.get()
    assert "Until then go on with this condition under the certificate from which it stands." in text(
        client_for(organiser), row
    )
    assert "Accept: the condition is met" in text(client_for(adviser), condition)


def test_an_officer_with_the_old_page_open_is_sent_to_the_new_one(
    certificate: Certificate,
    condition: CertificateCondition,
    sent: ConditionDischarge,
    adviser: User,
    authoriser: User,
    client_for: ClientFor,
) -> None:
    made = render(varied(certificate, adviser, authoriser))
    response = client_for(adviser).post(url(condition, "condition_accept", sent.pk))
    assert response.status_code == 409
    words = f"Certificate {made.number} has taken the place of this one, and this went along. Go on there."
    assert words in response.content.decode()
    sent.refresh_from_db()
    assert sent.state == "submitted"


def test_what_somebody_wrote_on_the_old_page_is_not_lost(
    certificate: Certificate,
    condition: CertificateCondition,
    organiser: User,
    adviser: User,
    authoriser: User,
    client_for: ClientFor,
) -> None:
    render(varied(certificate, adviser, authoriser))
    given = {"note": "An hour of typing.", "action": "save"}
    response = client_for(organiser).post(url(condition, "condition_discharge"), given)
    page = BeautifulSoup(response.content, "html.parser").get_text(" ")
    assert response.status_code == 422
    assert "It was not saved. Copy it to where you go on." in page
    assert "An hour of typing." in page


def test_after_a_transfer_each_side_sees_its_own(
    certificate: Certificate,
    condition: CertificateCondition,
    sent: ConditionDischarge,
    organiser: User,
    adviser: User,
    authoriser: User,
    client_for: ClientFor,
) -> None:
    new_holder = receiver()
    taker = new_holder.created_by
    made = render(transferred(certificate, new_holder, adviser, authoriser))
    row, file = made.conditions.get(), sent.evidence.get()
    fresh = text(client_for(taker), row)
    for words in ("The first try.", "The second try.", "hinges", "Stands from", organiser.name, certificate.number):
        assert words not in fresh
    for address in (url(condition), url(condition, "condition_file", file.pk), url(row, "condition_file", file.pk)):
        assert client_for(taker).get(address).status_code == 404
    summary = client_for(taker).get(reverse("certification:certificate", args=[made.pk])).content.decode()
    assert "Sent in for the condition" not in summary
    old = text(client_for(organiser), condition)
    assert "The certificate has passed to another holder, who has to meet this condition now." in old
    assert "The second try." in old
    assert made.number not in old
    assert client_for(organiser).get(url(condition, "condition_file", file.pk)).status_code == 200
    officer = text(client_for(adviser), condition)
    assert "It is another holder's now" in officer


def test_by_the_plan_s_address_a_file_of_a_condition_is_nobody_s(
    certificate: Certificate,
    condition: CertificateCondition,
    sent: ConditionDischarge,
    organiser: User,
    adviser: User,
    authoriser: User,
    client_for: ClientFor,
) -> None:
    """Both holders see the plan on which the certificate rests, and neither what the other one sent in afterwards."""
    new_holder = receiver()
    taker = new_holder.created_by
    made = render(transferred(certificate, new_holder, adviser, authoriser))
    theirs = make.clean_file(made.conditions.get(), taker)
    ours = sent.evidence.get()
    for file, reader in ((ours, taker), (theirs, organiser)):
        plan = reverse("certification:plan", args=[file.plan_id])
        assert client_for(reader).get(plan, follow=True).status_code == 200
        address = reverse("certification:evidence_file", args=[file.plan_id, file.pk])
        assert client_for(reader).get(address).status_code == 404
        assert Api(reader).get(f"/plans/{file.plan_id}/evidence/{file.pk}/file/").status_code == 404


def test_the_page_costs_the_same_however_often_it_was_replaced(
    certificate: Certificate,
    condition: CertificateCondition,
    organiser: User,
    adviser: User,
    authoriser: User,
    client_for: ClientFor,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client = client_for(organiser)
    standing = certificate
    for number in range(3):
        make.submitted(standing.conditions.get(), organiser) if number == 0 else None
        standing = render(varied(standing, adviser, authoriser, scope=f"Words {number}."))
        with django_assert_num_queries(11):
            client.get(url(standing.conditions.get()))
        with django_assert_num_queries(13):
            client.get(reverse("certification:certificate", args=[standing.pk]))
