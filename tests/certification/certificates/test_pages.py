"""The pages of certificates, for each role, through the real middleware."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from certification.models import Certificate, Plan
from certification.policies import certificates as policies
from certification.services import revocations
from core.models import AuditEvent
from tests.factories import certificates as make

ClientFor = Callable[[User], Client]
ROLES = [
    "owner",
    "colleague",
    "viewer",
    "stranger",
    "adviser",
    "second_adviser",
    "other_area_adviser",
    "authoriser",
    "national_admin",
    "auditor",
]
SEES = {"owner", "colleague", "viewer", "adviser", "second_adviser", "authoriser", "auditor"}
POLICE = {"adviser", "second_adviser", "authoriser"}


def url(name: str, certificate: Certificate | None = None) -> str:
    return reverse(f"certification:{name}", args=[certificate.pk] if certificate else [])


def text(response: object) -> str:
    return " ".join(html.unescape(response.content.decode()).split())  # type: ignore[attr-defined]


@pytest.mark.parametrize("role", ROLES)
def test_view_and_list_agree_for_every_role(issued: Certificate, request: pytest.FixtureRequest, role: str) -> None:
    user = request.getfixturevalue(role)
    visible = Certificate.objects.visible_to(user).filter(pk=issued.pk).exists()
    assert visible is bool(policies.can_view(user, issued)) is (role in SEES)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_at_each_address(
    issued: Certificate, request: pytest.FixtureRequest, client_for: ClientFor, role: str
) -> None:
    client = client_for(request.getfixturevalue(role))
    sees = role in SEES
    got = {
        name: client.get(url(name, issued)).status_code
        for name in ("certificate", "certificate_download", "revocation")
    }
    police = 200 if role in POLICE | {"auditor"} else 403 if sees else 404
    assert got == {
        "certificate": 200 if sees else 404,
        "certificate_download": 200 if sees else 404,
        "revocation": police,
    }
    listed = client.get(url("certificates"))
    assert listed.status_code == 200
    assert (issued.number in text(listed)) is sees


@pytest.mark.parametrize("role", ROLES)
def test_each_role_at_each_deed(
    issued: Certificate, request: pytest.FixtureRequest, client_for: ClientFor, role: str
) -> None:
    client = client_for(request.getfixturevalue(role))
    sees = role in SEES
    before = Certificate.objects.filter(pk=issued.pk).values().get()
    # 403 before 409: nobody learns from the answer what state a thing is in that they may not touch.
    assert client.post(url("certificate_renew", issued)).status_code == (403 if sees else 404)
    proposed = client.post(url("revocation", issued), {"reason": "Because."}).status_code
    assert proposed == (302 if role in POLICE else 403 if sees else 404)
    assert issued.proposals.exists() is (role in POLICE)
    confirmed = client.post(url("revocation_confirm", issued)).status_code
    # Who proposed cannot confirm; the auditor may look, and finds that there is nothing to confirm.
    assert confirmed == (403 if role in POLICE else 409 if role == "auditor" else 403 if sees else 404)
    dropped = client.post(url("revocation_drop", issued)).status_code
    assert dropped == (302 if role in POLICE else 409 if role == "auditor" else 403 if sees else 404)
    assert Certificate.objects.filter(pk=issued.pk).values().get() == before


@pytest.mark.parametrize("name", ["certificates", "certificate", "certificate_download", "revocation"])
def test_signed_out_one_is_asked_to_sign_in(issued: Certificate, client: Client, name: str) -> None:
    response = client.get(url(name, issued if name != "certificates" else None))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", ["certificate_renew", "revocation_confirm", "revocation_drop"])
def test_deeds_are_posts(issued: Certificate, client_for: ClientFor, authoriser: User, name: str) -> None:
    assert client_for(authoriser).get(url(name, issued)).status_code == 405


def test_the_download_is_the_issued_file_as_an_attachment(
    issued: Certificate, client_for: ClientFor, viewer: User
) -> None:
    response = client_for(viewer).get(url("certificate_download", issued))
    assert hashlib.sha256(response.content).hexdigest() == issued.pdf_sha256
    assert {
        name: response[name]
        for name in ("Content-Type", "Content-Disposition", "Cache-Control", "X-Content-Type-Options")
    } == {
        "Content-Type": "application/pdf",
        "Content-Disposition": f'attachment; filename="{issued.number}.pdf"',
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    assert AuditEvent.objects.filter(action="certificate.downloaded", actor=viewer).count() == 1


def test_while_it_is_being_made_the_page_says_so_and_looks_again(
    decided: Certificate, client_for: ClientFor, owner: User
) -> None:
    client = client_for(owner)
    page = client.get(url("certificate", decided))
    assert "The document is being made." in text(page)
    assert 'hx-trigger="every 3s"' in text(page)
    assert "Look again" in text(page)
    assert client.get(url("certificate_download", decided)).status_code == 409
    from certification.services import documents

    documents.render({"certificate": str(decided.pk)})
    page = client.get(url("certificate", decided))
    assert "hx-trigger" not in text(page)
    assert "Download the certificate" in text(page)


def test_the_page_shows_facts_conditions_and_code(issued: Certificate, client_for: ClientFor, owner: User) -> None:
    page = text(client_for(owner).get(url("certificate", issued)))
    for words in [
        issued.number,
        issued.holder_name,
        issued.scope,
        "Put GOV-02 in place.",
        "Outstanding",
        issued.pdf_sha256,
    ]:
        assert words in page, words
    assert '<path class="qrline"' in page
    assert "style=" not in page


@pytest.mark.parametrize(
    ("left", "state", "role", "shown"),
    [
        (121, "in_force", "owner", False),
        (120, "in_force", "owner", True),
        (0, "in_force", "colleague", True),
        (-5, "expired", "owner", True),
        (20, "in_force", "viewer", False),
        (20, "in_force", "adviser", False),
        (20, "revoked", "owner", False),
        (20, "superseded", "owner", False),
        (20, "being_issued", "owner", False),
    ],
)
def test_when_renewal_is_offered(
    decided: Certificate,
    request: pytest.FixtureRequest,
    client_for: ClientFor,
    left: int,
    state: str,
    role: str,
    shown: bool,
) -> None:
    make.put_in(state, make.running_until(decided, timezone.localdate() + timedelta(days=left)))
    page = text(client_for(request.getfixturevalue(role)).get(url("certificate", decided)))
    assert ("Start the renewal" in page) is shown


def test_renewing_leads_to_the_new_plan_and_a_second_click_to_the_same(
    issued: Certificate, client_for: ClientFor, owner: User
) -> None:
    make.running_until(issued, timezone.localdate() + timedelta(days=20))
    client = client_for(owner)
    response = client.post(url("certificate_renew", issued))
    plan = Plan.objects.get(renews=issued)
    assert (response.status_code, response["Location"]) == (302, reverse("certification:plan", args=[plan.pk]))
    assert client.post(url("certificate_renew", issued)).status_code == 409
    page = text(client.get(url("certificate", issued)))
    assert "Start the renewal" not in page
    assert reverse("certification:plan", args=[plan.pk]) in page
    assert Plan.objects.filter(renews=issued).count() == 1


@pytest.mark.parametrize(("left", "extra", "empty"), [(20, {}, 0), (20, {"anew": "yes"}, 1), (200, {}, 1)])
def test_who_could_renew_is_shown_that_before_an_empty_plan(
    issued: Certificate, client_for: ClientFor, owner: User, left: int, extra: dict[str, str], empty: int
) -> None:
    make.running_until(issued, timezone.localdate() + timedelta(days=left))
    client = client_for(owner)
    choice = reverse("certification:subject_plans", args=["venue", issued.venue_id])
    response = client.post(
        reverse("certification:plan_begin"), {"kind": "venue", "pk": str(issued.venue_id), **extra}, follow=True
    )
    assert Plan.objects.filter(state="draft").count() == empty
    assert (response.request["PATH_INFO"] == choice) is not bool(empty)
    assert ("Renew the certificate" in text(response)) is not bool(empty)


def test_revoking_through_the_pages(
    issued: Certificate, client_for: ClientFor, adviser: User, authoriser: User, owner: User, client: Client
) -> None:
    first, second = client_for(adviser), client_for(authoriser)
    refused = first.post(url("revocation", issued), {"reason": ""})
    assert (refused.status_code, "Say why the certificate should be revoked" in text(refused)) == (422, True)
    assert first.post(url("revocation", issued), {"reason": "SECRET-REASON"}).status_code == 302
    holder = client_for(owner)
    assert "SECRET-REASON" not in text(holder.get(url("certificate", issued)))
    assert "proposed" not in text(holder.get(url("certificate", issued)))
    assert client.get(f"/check/{issued.token}/", {"format": "json"}).json()["valid"] is True
    assert "SECRET-REASON" in text(second.get(url("revocation", issued)))
    again = second.post(url("revocation", issued), {"reason": "Mine."})
    assert (again.status_code, "already waiting" in text(again)) == (422, True)
    assert second.post(url("revocation_confirm", issued)).status_code == 302
    assert "SECRET-REASON" in text(holder.get(url("certificate", issued)))
    assert client.get(f"/check/{issued.token}/", {"format": "json"}).json()["status"] == "revoked"
    assert "SECRET-REASON" not in text(client.get(f"/check/{issued.token}/"))
    assert second.post(url("revocation_confirm", issued)).status_code == 409


def test_a_proposal_that_is_dropped_is_never_seen_by_the_holder(
    issued: Certificate, client_for: ClientFor, adviser: User, owner: User
) -> None:
    revocations.propose(actor=adviser, certificate_id=issued.pk, reason="SECRET-REASON")
    revocations.drop(actor=adviser, certificate_id=issued.pk)
    assert "SECRET-REASON" not in text(client_for(owner).get(url("certificate", issued)))


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 3),
        ("state=in_force", 2),
        ("state=expiring", 1),
        ("state=expired", 1),
        ("state=revoked", 0),
        ("state=nonsense", 3),
    ],
)
def test_the_list_can_be_narrowed(
    decided: Certificate, client_for: ClientFor, owner: User, query: str, count: int
) -> None:
    make.put_in("in_force", decided)
    today = timezone.localdate()
    soon, over = make.copies(decided, 2)
    make.running_until(soon, today + timedelta(days=20))
    # Not swept yet: the date decides.
    make.running_until(over, today - timedelta(days=1))
    page = text(client_for(owner).get(f"{url('certificates')}?{query}"))
    assert page.count('data-label="Number"') == count


def test_the_plot_counts_what_runs_out(issued: Certificate, client_for: ClientFor, owner: User) -> None:
    soon = timezone.localdate() + timedelta(days=20)
    for certificate in (issued, *make.copies(issued, 2)):
        make.running_until(certificate, soon)
    page = text(client_for(owner).get(url("certificates")))
    assert re.findall(r'font-weight="700"[^>]*>(\d+)<', page) == ["3"]
    assert "Certificates in force that run out, by month" in page


def test_no_plot_is_drawn_of_two(issued: Certificate, client_for: ClientFor, owner: User) -> None:
    soon = timezone.localdate() + timedelta(days=20)
    for certificate in (issued, *make.copies(issued, 1)):
        make.running_until(certificate, soon)
    page = text(client_for(owner).get(url("certificates")))
    assert page.count('data-label="Number"') == 2
    assert "<rect" not in page
    assert "Certificates in force that run out, by month" not in page


def test_queries_are_the_same_at_1_row_and_at_300(
    issued: Certificate, client_for: ClientFor, owner: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_for(owner)
    queries = {"certificates": LIST_QUERIES, "certificate": PAGE_QUERIES}

    def counted() -> None:
        for name, expected in queries.items():
            with django_assert_num_queries(expected):
                assert client.get(url(name, issued if name == "certificate" else None)).status_code == 200

    counted()
    make.copies(issued, 299)
    issued.conditions.bulk_create(
        [
            type(issued.conditions.get())(
                certificate=issued, criterion_code="GOV-01", text="x", due_on=issued.valid_until
            )
        ]
        * 1
    )
    counted()


# Session, person, memberships, appointments; the rows and the plot.
LIST_QUERIES = 6
# Session, person, memberships, appointments; certificate, conditions, revocations, open plan, successor.
PAGE_QUERIES = 10
