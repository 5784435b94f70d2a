"""The demonstration's advisories: told once, however often they are built."""

from __future__ import annotations

import pytest
from pytest_django.fixtures import Settings

from accounts.models import Organisation, User
from accounts.services.demo import create_people
from advisories.demo import bulletins as demo
from advisories.models import Bulletin, BulletinPlace
from core import outbox
from tests import counting
from tests.factories.events import make_venue

pytestmark = pytest.mark.django_db


def people() -> dict[str, User]:
    return {user.email: user for user in User.objects.all()}


@pytest.fixture
def places(settings: Settings) -> None:
    settings.DEMO = True
    create_people()
    for email, use in (
        ("stadium@example.org", "sports_ground"),
        ("theatre@example.org", "entertainment_leisure"),
        ("hall@example.org", "hall"),
    ):
        owner = User.objects.get(email=email)
        make_venue(Organisation.objects.get(memberships__user=owner), use=use, by=owner)


def test_it_tells_each_kind_once(places: None) -> None:
    demo.build(people())
    found = [(b.tlp, b.status, b.state) for b in Bulletin.objects.order_by("listed_at")]
    assert sorted(found) == sorted(
        [
            ("amber", "Actual", "published"),
            ("red", "Actual", "published"),
            ("green", "Exercise", "published"),
            ("green", "Actual", "retracted"),
            ("amber", "Actual", "awaiting_approval"),
            ("clear", "Actual", "published"),
        ]
    )
    stadium = BulletinPlace.objects.get(bulletin__title__startswith="Vans waiting")
    assert (stadium.state, stadium.answer.level) == ("done", 2)

    before = counting.counts()
    demo.build(people())
    assert counting.counts() == before


def test_a_build_that_was_interrupted_goes_on(places: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def dying(_job_id: int) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(outbox, "run", dying)
        with pytest.raises(KeyboardInterrupt):
            demo.build(people())
    assert not BulletinPlace.objects.exists()
    demo.build(people())
    assert BulletinPlace.objects.get(bulletin__title__startswith="Vans waiting").state == "done"
    assert Bulletin.objects.count() == len(demo.STORIES)
