"""The cast. Everybody is made afresh for each test; `client_for` signs somebody in, second factor passed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.core.cache import cache
from django.test import Client

from accounts.models import Organisation, PoliceArea, User
from advisories.selectors import threat as threats
from core import outbox
from core.models import OutboxJob
from tests import flush
from tests.factories import accounts as people

ClientFor = Callable[[User], Client]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """Tests that commit are followed by a flush, which the append-only triggers would refuse."""
    restore = flush.allow_flush()
    yield
    restore()


@pytest.fixture(autouse=True)
def _no_leftover_limits() -> None:
    """Rate limits and used one-time codes live in the cache; one test's must not meet another.

    What every page says of the threat level is warm, as it is for all but one page in half a minute: a page's queries are
    counted without it, and the cold read has a test of its own (tests/advisories/threat/web/test_strip.py).
    """
    cache.clear()
    threats.remember(threats.Picture())


@pytest.fixture
def area(db: None) -> PoliceArea:
    return people.get_area(people.AREA)


@pytest.fixture
def other_area(db: None) -> PoliceArea:
    return people.get_area(people.OTHER_AREA)


@pytest.fixture
def organiser(db: None) -> User:
    """Owner of `organisation`."""
    return people.make_user("Olive Organiser", email="organiser@example.org")


@pytest.fixture
def owner(organiser: User, organisation: Organisation) -> User:
    """The organiser by the name of their role; `organisation` exists."""
    return organiser


@pytest.fixture
def organisation(organiser: User) -> Organisation:
    return people.make_organisation(organiser, name="Harbour Lights Trust", kind="charity")


@pytest.fixture
def colleague(organisation: Organisation) -> User:
    """Editor of `organisation`."""
    return people.make_member(organisation, "editor", name="Cass Colleague")


@pytest.fixture
def viewer(organisation: Organisation) -> User:
    return people.make_member(organisation, "viewer", name="Vic Viewer")


@pytest.fixture
def other_organisation(db: None) -> Organisation:
    return people.make_organisation(
        people.make_user("Sam Stranger", email="stranger@example.org"), name="Elsewhere Ltd"
    )


@pytest.fixture
def stranger(other_organisation: Organisation) -> User:
    return other_organisation.created_by


@pytest.fixture
def adviser(db: None) -> User:
    return people.make_officer("adviser", name="Ada Adviser")


@pytest.fixture
def second_adviser(db: None) -> User:
    return people.make_officer("adviser", name="Sol Second")


@pytest.fixture
def other_area_adviser(db: None) -> User:
    return people.make_officer("adviser", area=people.OTHER_AREA, name="Otto Otherarea")


@pytest.fixture
def authoriser(db: None) -> User:
    return people.make_officer("authoriser", name="Aut Authoriser")


@pytest.fixture
def national_admin(db: None) -> User:
    return people.make_administrator()


@pytest.fixture
def auditor(db: None) -> User:
    return people.make_auditor()


@pytest.fixture
def client_for() -> ClientFor:
    """A client signed in as somebody, as after password and second factor."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        session = client.session
        now = time.time()
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [
            {"method": "password", "at": now, "email": user.email},
            {"method": "mfa", "at": now, "type": "totp"},
        ]
        session[f"{AUTHENTICATION_METHODS_SESSION_KEY}_user"] = str(user.pk)
        session.save()
        return client

    return sign_in


@pytest.fixture
def run_outbox(db: None) -> Callable[[], int]:
    """Do the open jobs, and those that they promise, as a worker would; how many were finished."""

    def run() -> int:
        finished = 0
        for _ in range(5):
            open_jobs = OutboxJob.objects.filter(done_at__isnull=True, failed_at__isnull=True).order_by("pk")
            done = sum(outbox.run(pk) for pk in list(open_jobs.values_list("pk", flat=True)))
            if not done:
                break
            finished += done
        return finished

    return run
