"""The demonstration's networks, reports, lessons and guidance: told whole, and harmless to repeat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from pytest_django.fixtures import Settings

from accounts.models import Organisation
from accounts.services.demo import create_people
from advisories.demo import networks as demo
from advisories.models import GuidancePack, Lesson, NetworkModerator, NetworkPost, Sighting
from advisories.services import network_posts
from core import audit
from core.models import OutgoingMail
from tests.counting import counts
from tests.factories.certification import national_standard
from tests.factories.events import make_event, make_venue

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _places(settings: Settings) -> None:
    settings.DEMO = True
    national_standard()
    create_people()
    uses = {
        "Calderbrook Rovers Football Club": "sports_ground",
        "Thornby Beck Village Hall Committee": "hall",
        "Lantern Row Theatre Trust": "entertainment_leisure",
        "Chapter of Aldermere Cathedral": "worship",
    }
    for name, use in uses.items():
        make_venue(Organisation.objects.get(name=name), use=use)
    make_event(Organisation.objects.get(name="Fletchgate Street Festival"))


def test_every_part_has_something_to_show() -> None:
    demo.build()
    assert Counter(Sighting.objects.values_list("state", flat=True)) == {"new": 1, "seen": 1, "closed": 1}
    assert {"published", "in_review"} == set(Lesson.objects.values_list("state", flat=True))
    packs = set(GuidancePack.objects.values_list("sector", "state"))
    assert {("theatres", "published"), ("events", "published"), ("worship", "published"), ("stadia", "draft")} == packs
    assert not GuidancePack.objects.filter(state="published", pdf_name="").exists()
    assert NetworkPost.objects.filter(kind="question", answered_by__isnull=False).count() == 3
    assert NetworkModerator.objects.filter(lead="industry").count() == 2
    # A place whose organisation has nothing in the sector is left out, and nobody stumbles.
    assert not NetworkPost.objects.filter(sector="health").exists()


def test_it_is_harmless_to_repeat() -> None:
    demo.build()
    before = counts()
    demo.build()
    assert counts() == before
    assert audit.verify_all().problem == ""


def test_it_goes_on_where_it_was_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    reply: Callable[..., NetworkPost] = network_posts.reply

    def stumble(**given: object) -> NetworkPost:
        written.append(str(given["text"]))
        if len(written) == 2:
            raise ConnectionError
        return reply(**given)

    monkeypatch.setattr(network_posts, "reply", stumble)
    with pytest.raises(ConnectionError):
        demo.build()
    monkeypatch.setattr(network_posts, "reply", reply)
    demo.build()
    broken = Counter(post.text for post in NetworkPost.objects.all())
    assert set(broken.values()) == {1}
    assert NetworkPost.objects.filter(kind="question", answered_by__isnull=False).count() == 3
    assert not OutgoingMail.objects.filter(kind="network.posted").exists()
