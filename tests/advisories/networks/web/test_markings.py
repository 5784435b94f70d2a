"""Every view that shows a word of a marked text says the marking, in capitals, and no narrower text stands under a wider one."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from accounts.models import User
from tests.conftest import ClientFor
from tests.factories import networks as make
from tests.factories.accounts import make_organisation
from tests.factories.certification import small_standard
from tests.factories.networks import draft_lesson, published_lesson, published_pack, waiting_lesson

pytestmark = pytest.mark.django_db


def marking(client_for: ClientFor, user: User, name: str, *args: object) -> str:
    response = client_for(user).get(reverse(f"advisories:{name}", args=args))
    assert response.status_code == 200
    found = BeautifulSoup(response.content, "html.parser").select_one(".wm-tlp strong, .wm-marking strong")
    return found.get_text() if found else ""


def test_a_network_is_as_narrow_as_its_narrowest_title(client_for: ClientFor) -> None:
    lead, member, other = make.police_lead(), make.insider(), make.insider(sector="stadia")
    seen = []
    for word in ("green", "amber", "amber_strict"):
        make.make_post(lead, marking=word)
        seen.append(
            (marking(client_for, member, "network", make.SECTOR), marking(client_for, other, "network", make.SECTOR))
        )
    assert seen == [("TLP:GREEN", "TLP:GREEN"), ("TLP:AMBER", "TLP:GREEN"), ("TLP:AMBER+STRICT", "TLP:GREEN")]


@pytest.mark.parametrize("word", ["green", "amber", "amber_strict"])
def test_a_thread_and_its_hiding(word: str, client_for: ClientFor) -> None:
    lead = make.police_lead()
    post = make.make_post(lead, marking=word)
    shown = {marking(client_for, lead, name, make.SECTOR, post.pk) for name in ("network_post", "network_hide")}
    assert shown == {f"TLP:{word.upper().replace('_', '+')}"}


def test_lessons_and_their_lists(client_for: ClientFor, owner: User, adviser: User) -> None:
    small_standard()
    published_lesson(owner, tlp="clear")
    assert marking(client_for, adviser, "lessons") == ""
    strict = published_lesson(owner, tlp="amber_strict")
    waiting_lesson(owner, tlp="amber")
    draft = draft_lesson(owner, tlp="green")
    assert marking(client_for, adviser, "lessons") == "TLP:AMBER+STRICT"
    assert marking(client_for, make_organisation().created_by, "lessons") == ""
    assert marking(client_for, adviser, "lessons_waiting") == "TLP:AMBER"
    assert marking(client_for, owner, "lessons_mine") == "TLP:AMBER+STRICT"
    assert marking(client_for, adviser, "lesson", strict.series) == "TLP:AMBER+STRICT"
    assert marking(client_for, adviser, "lesson_withdraw", strict.series, 1) == "TLP:AMBER+STRICT"
    assert marking(client_for, owner, "lesson_edit", draft.series, 1) == "TLP:GREEN"


def test_guidance_and_its_list(client_for: ClientFor) -> None:
    small_standard()
    lead = make.police_lead()
    pack = published_pack(lead, marking="amber")
    assert marking(client_for, lead, "guidance") == "TLP:AMBER"
    assert marking(client_for, lead, "guidance_pack", pack.pk) == "TLP:AMBER"
    assert marking(client_for, lead, "guidance_withdraw", pack.pk) == "TLP:AMBER"


def test_reports_are_official_sensitive(client_for: ClientFor, adviser: User) -> None:
    made = make.make_sighting()
    for name, args in (("sighting", (made.pk,)), ("sightings_queue", ())):
        assert marking(client_for, adviser, name, *args) == "OFFICIAL-SENSITIVE"
