"""What the pages of bench/pages.py show: by the factories of the suite, under the national standard."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.test import Client
from django.urls import reverse

from accounts.models import User
from certification.models import Answer
from certification.services import reviews
from tests.factories import accounts as people
from tests.factories import certificates as certificate_factory
from tests.factories import certification as plan_factory
from tests.factories.events import make_venue
from tests.factories.reviews import recommended_plan, sign_as_recommended

CODE = "GOV-01"
FOUND = 302


@dataclass(frozen=True)
class Scene:
    """Addresses by the name of the figure, for those who may open them."""

    organiser: User
    adviser: User
    public: dict[str, str]
    own: dict[str, str]
    police: dict[str, str]
    save_answer: Callable[[Client], Callable[[], object]]
    bare_insert: Callable[[Client], Callable[[], object]]


def build(rows: int) -> Scene:
    plan_factory.national_standard()
    organiser = people.make_user("Olive Organiser", email="organiser@example.org")
    organisation = people.make_organisation(organiser, name="Harbour Lights Trust")
    adviser, authoriser = people.make_officer("adviser"), people.make_officer("authoriser")
    signed = recommended_plan(organisation, reviewer=adviser, level=4)
    sign_as_recommended(signed, by=authoriser)
    certificate = certificate_factory.put_in("in_force", signed.certificates.get())
    certificate_factory.copies(certificate, rows)
    for number in range(rows):
        plan_factory.submitted_plan(organisation, subject=make_venue(organisation, name=f"Hall {number:03d}"))
    claimed = plan_factory.submitted_plan(organisation, subject=make_venue(organisation, name="Hall under review"))
    reviews.claim(actor=adviser, plan_id=claimed.pk)
    draft = plan_factory.answered_plan(organisation, subject=make_venue(organisation, name="Hall being answered"))
    return Scene(
        organiser=organiser,
        adviser=adviser,
        public={
            "register": reverse("certification:register"),
            "check": reverse("certification:check_result", args=[certificate.token]),
        },
        own={"criterion": reverse("certification:criterion", args=[draft.pk, CODE])},
        police={
            "queue": reverse("certification:queue"),
            "certificates": reverse("certification:certificates"),
            "review of a criterion": reverse("certification:review_criterion", args=[claimed.pk, CODE]),
            "certificates by API": "/api/v1/certificates/?size=50",
        },
        save_answer=lambda client: _saving(client, Answer.objects.get(plan=draft, criterion_code=CODE)),
        bare_insert=lambda client: _inserting(client, draft.pk),
    )


def _saving(client: Client, answer: Answer) -> Callable[[], object]:
    address = reverse("certification:criterion", args=[answer.plan_id, CODE])
    version = answer.version

    def save() -> None:
        nonlocal version
        given = {"version": str(version), "level": "4", "account": f"What is in place, for the time number {version}."}
        response = client.post(address, given)
        if response.status_code != FOUND:
            raise RuntimeError(f"{address} answers {response.status_code}")
        version += 1

    return save


def _inserting(client: Client, plan_id: UUID) -> Callable[[], object]:
    numbers = itertools.count()

    def insert() -> None:
        given = {"plan": plan_id, "code": f"X-{next(numbers)}", "level": "4", "account": "What is in place."}
        response = client.post("/floor/insert/", given)
        if response.status_code != FOUND:
            raise RuntimeError(f"the floor answers {response.status_code}")

    return insert


def pass_second_factor(client: Client, user: User) -> None:
    session = client.session
    now = time.time()
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "password", "at": now, "email": user.email},
        {"method": "mfa", "at": now, "type": "totp"},
    ]
    session[f"{AUTHENTICATION_METHODS_SESSION_KEY}_user"] = str(user.pk)
    session.save()
