"""The badge and the page that it leads to: the state as it is, and nothing more."""

from __future__ import annotations

from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from certification.models import Certificate
from core.govuk.formats import uk_date
from tests import flush
from tests.conftest import ClientFor
from tests.factories import accounts as people
from tests.factories import certificates as make

SVG = "{http://www.w3.org/2000/svg}"


def words(client: Client, token: str) -> str:
    """What the badge says, by its title, which is what is drawn too."""
    drawing = ET.fromstring(client.get(f"/badge/{token}.svg").content)  # noqa: S314 - our own drawing
    title = drawing.findtext(f"{SVG}title") or ""
    said = title.removeprefix("Protective security certificate: ")
    assert said in [text.text for text in drawing.iter(f"{SVG}text")]
    return said


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("being_issued", "Not in force yet"),
        ("suspended", "Suspended: not valid now"),
        ("expired", "Not valid: expired"),
        ("revoked", "Not valid: revoked"),
        ("superseded", "Not valid: replaced by a newer one"),
        ("surrendered", "Not valid: given up"),
    ],
)
def test_it_says_each_state(decided: Certificate, client: Client, state: str, said: str) -> None:
    make.put_in(state, decided)
    assert words(client, decided.token) == said


def test_in_force_it_says_until_when_conditions_or_not(issued: Certificate, client: Client) -> None:
    assert issued.conditions.filter(discharged_at__isnull=True).exists()
    assert words(client, issued.token) == f"In force until {uk_date(issued.valid_until)}"
    with time_machine.travel(timezone.now() + timedelta(days=3 * 366)):
        assert words(client, issued.token) == "Not valid: expired"


def test_a_revocation_shows_at_once_and_no_cache_hides_it_for_more_than_a_minute(
    issued: Certificate, client: Client
) -> None:
    assert client.get(f"/badge/{issued.token}.svg")["Cache-Control"] == "public, max-age=60"
    make.revoked_certificate(issued, proposer=people.make_officer(), confirmer=people.make_officer("authoriser"))
    assert words(client, issued.token) == "Not valid: revoked"


@pytest.mark.parametrize("token", ["x" * 43, "nonsense", "PSC-2026-000001-9"])
def test_what_does_not_exist_is_no_certificate_of_ours(issued: Certificate, client: Client, token: str) -> None:
    assert words(client, token) == "Not a certificate of this service"


def test_it_says_nothing_else(issued: Certificate, client: Client) -> None:
    text = client.get(f"/badge/{issued.token}.svg").content.decode()
    for hidden in (issued.number, issued.subject_name, issued.holder_name, "Otley", "GOV-02", "Act", "complian"):
        assert hidden not in text


def test_other_sites_may_show_it_and_it_can_do_nothing_there(
    issued: Certificate,
    owner: User,
    client: Client,
    client_for: ClientFor,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(1):
        response = client.get(f"/badge/{issued.token}.svg")
    assert response["Content-Type"] == "image/svg+xml"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert set(response["Content-Security-Policy"].split("; ")) == {
        "default-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "sandbox",
    }
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert not response.cookies
    # A shared cache may keep one for everybody.
    assert "Cookie" not in response.get("Vary", "")
    own = client_for(owner).get(f"/badge/{issued.token}.svg")
    assert own.content == response.content
    # Everywhere else it stays as it was.
    elsewhere = client.get("/register/")
    assert elsewhere["Cross-Origin-Resource-Policy"] == "same-origin"
    assert elsewhere["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "img-src 'self'" in elsewhere["Content-Security-Policy"]


def test_the_words_to_paste(issued: Certificate, owner: User, client_for: ClientFor) -> None:
    page = BeautifulSoup(
        client_for(owner).get(reverse("certification:certificate", args=[issued.pk])).content, "html.parser"
    )
    pasted = BeautifulSoup(page.select_one("#badge").text, "html.parser")  # type: ignore[union-attr]
    link, image = pasted.a, pasted.img
    assert link is not None
    assert image is not None
    assert link["href"] == f"http://testserver/register/{issued.number}/"
    assert image["src"] == f"http://testserver/badge/{issued.token}.svg"
    assert image["alt"] == f"Protective security certificate {issued.number}: see whether it is in force"
    assert len(pasted.find_all()) == 2


def test_kept_off_the_register_it_leads_to_the_check(issued: Certificate, owner: User, client_for: ClientFor) -> None:
    Certificate.objects.update(listed=False)
    page = client_for(owner).get(reverse("certification:certificate", args=[issued.pk])).content.decode()
    assert f"http://testserver/check/{issued.token}/" in page
    assert f"/register/{issued.number}/" not in page


def test_the_public_page(
    issued: Certificate, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        response = client.get(f"/register/{issued.number}/")
    page = response.content.decode()
    for said in (
        issued.number,
        issued.subject_name,
        issued.holder_name,
        "Otley, LS21 3AA",
        uk_date(issued.valid_until),
    ):
        assert said in page
    for hidden in (*make.PLAN_WORDS, "GOV-02", issued.token, str(issued.pk)):
        assert hidden not in page
    assert client.get("/register/PSC-2026-999999-9/").status_code == 404


def test_a_late_renewal_says_so(issued: Certificate, client: Client, owner: User, client_for: ClientFor) -> None:
    make.running_until(make.put_in("expired", issued), date(2026, 3, 31))
    renewed = make.issued_certificate(issued.organisation, subject=issued.venue)
    with flush.lifted("certification_certificate"):
        Certificate.objects.filter(pk=renewed.pk).update(supersedes=issued, valid_from=date(2026, 4, 11))
    said = "There was a gap in cover from 1 April 2026 to 10 April 2026"
    assert said in client.get(f"/register/{renewed.number}/").content.decode()
    assert said in client_for(owner).get(reverse("certification:certificate", args=[renewed.pk])).content.decode()
    assert "gap in cover" not in client.get(f"/register/{issued.number}/").content.decode()
