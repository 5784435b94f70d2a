"""Pages: an author's way from an empty form to the reach, a reader's from the list to the answer, by real addresses."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import Membership, Organisation, User
from advisories.models import Bulletin, BulletinFile, BulletinPlace, BulletinPreferences, FeedToken
from advisories.services import chasing, receipts
from tests.conftest import ClientFor
from tests.factories import accounts as people
from tests.factories import advisories as make
from tests.factories.events import make_venue

pytestmark = pytest.mark.django_db
FORM = {
    "title": "Watch the loading bays",
    "body": "A van was seen twice.",
    "instruction": "Look at your doors.",
    "status": "Actual",
    "tlp": "amber",
    "severity": "Severe",
    "urgency": "Expected",
    "certainty": "Possible",
    "category": "Security",
    "certificate": "",
}


def soup_of(client: Client, address: str) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == 200, address
    return BeautifulSoup(response.content, "html.parser")


def main(soup: BeautifulSoup) -> str:
    found = soup.select_one("main")
    assert found is not None
    return found.get_text(" ", strip=True)


def errors(response: Any) -> list[str]:
    assert response.status_code == 422
    soup = BeautifulSoup(response.content, "html.parser")
    return [line.get_text(strip=True) for line in soup.select(".govuk-error-summary li")]


# Authors ----------------------------------------------------------------------------------------------------------------


def test_from_an_empty_form_to_the_reach(
    organisation: Organisation, organiser: User, adviser: User, authoriser: User, client_for: ClientFor
) -> None:
    make_venue(organisation)
    author, second = client_for(adviser), client_for(authoriser)
    response = author.post("/advisories/new/", {**FORM, "sectors": ["commercial"], "tiers": ["standard"]})
    bulletin = Bulletin.objects.get()
    manage = f"/advisories/{bulletin.pk}/manage/"
    assert (response.status_code, response["Location"]) == (302, manage)
    assert bulletin.audience == {"sectors": ["commercial"], "tiers": ["standard"], "areas": [people.AREA]}
    page = main(soup_of(author, manage))
    for words in ("1 places, events and projects", "1 organisations", "1 people to be told", "A second person has to"):
        assert words in page

    author.post(f"/advisories/{bulletin.pk}/submit/")
    approval = f"/advisories/{bulletin.pk}/approval/"
    assert soup_of(second, manage).select_one(f"a[href='{approval}']")
    read = soup_of(second, approval).select_one("input[name=read]")
    assert read is not None
    response = second.post(approval, {"read": read["value"], "action": "approve"})
    assert response.status_code == 302
    response = author.post(f"/advisories/{bulletin.pk}/publish/")
    assert response["Location"] == f"/advisories/{bulletin.pk}/reach/"
    assert "A worker is still addressing it" in main(soup_of(author, response["Location"]))
    make.run_delivery()
    page = main(soup_of(author, response["Location"]))
    assert "1 places addressed" in page
    assert "0 sent, 1 queued, 0 given up" in page
    assert "A worker is still addressing it" not in page


def test_an_approver_may_send_it_back(adviser: User, authoriser: User, client_for: ClientFor) -> None:
    waiting = make.make_awaiting(adviser)
    client = client_for(authoriser)
    address = f"/advisories/{waiting.pk}/approval/"
    assert errors(client.post(address, {"read": waiting.content_hash, "action": "send_back", "reason": ""})) == [
        "Say why."
    ]
    client.post(address, {"read": waiting.content_hash, "action": "send_back", "reason": "Say where."})
    assert "Say where." in main(soup_of(client_for(adviser), f"/advisories/{waiting.pk}/manage/"))


def test_a_text_that_changed_is_not_approved_unread(adviser: User, authoriser: User, client_for: ClientFor) -> None:
    waiting = make.make_awaiting(adviser)
    response = client_for(authoriser).post(
        f"/advisories/{waiting.pk}/approval/", {"read": "0" * 64, "action": "approve"}
    )
    assert errors(response) == ["The author changed this advisory while you read it. Read it again."]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": ""}, "Enter title"),
        ({"severity": ""}, "Select severity"),
        ({"latitude": "53.9"}, "Enter latitude, longitude and kilometres, or none of the three"),
        ({"latitude": "10", "longitude": "-1", "km": "5"}, "This is a number between 49.8 and 60.9."),
        ({"flag_code": "PHY-03"}, "Enter both the criterion and the level, or neither"),
        ({"flag_code": "nonsense", "flag_below": "3"}, "A criterion's code is letters, a hyphen and two digits"),
        ({"due_at_day": "32", "due_at_month": "1", "due_at_year": "2027", "due_at_time": "9am"}, "Enter a real date"),
    ],
)
def test_what_is_wrong_is_said_and_every_word_kept(
    adviser: User, client_for: ClientFor, changes: dict[str, str], said: str
) -> None:
    response = client_for(adviser).post("/advisories/new/", {**FORM, **changes})
    [line] = errors(response)
    assert line.startswith(said)
    assert "A van was seen twice." in response.content.decode()
    assert not Bulletin.objects.exists()


def test_a_folded_part_with_a_fault_is_open(adviser: User, client_for: ClientFor) -> None:
    response = client_for(adviser).post("/advisories/new/", {**FORM, "flag_code": "PHY-03"})
    soup = BeautifulSoup(response.content, "html.parser")
    opened = [d.summary.get_text(strip=True) for d in soup.select("main details[open]") if d.summary]
    assert opened == ["By what their plans say of one criterion"]


def test_a_draft_comes_back_as_it_was_saved(adviser: User, client_for: ClientFor) -> None:
    given = {
        **FORM,
        "sectors": ["stadia", "events"],
        "uses": ["hall"],
        "kinds": ["venue"],
        "certificate": "none",
        "latitude": "53.9",
        "longitude": "-1.69",
        "km": "12.5",
        "flag_code": "phy-03",
        "flag_below": "3",
        "question": "Is there a gate?",
        "due_at_day": "1",
        "due_at_month": "7",
        "due_at_year": "2030",
        "due_at_time": "9:30am",
    }
    client = client_for(adviser)
    client.post("/advisories/new/", given)
    draft = Bulletin.objects.get()
    first = draft.audience
    assert first["flag"] == {"code": "PHY-03", "below": 3}
    soup = soup_of(client, f"/advisories/{draft.pk}/edit/")
    fields: dict[str, Any] = {}
    for element in soup.select("main form input, main form textarea, main form select"):
        name = str(element.get("name", ""))
        if element.name == "select":
            chosen = element.select_one("option[selected]")
            fields[name] = chosen["value"] if chosen else ""
        elif element.get("type") in {"checkbox", "radio"}:
            if element.has_attr("checked"):
                fields.setdefault(name, []).append(element["value"])
        else:
            fields[name] = element.get("value") or element.get_text().strip()
    client.post(f"/advisories/{draft.pk}/edit/", fields)
    draft.refresh_from_db()
    assert (draft.audience, draft.question) == (first, "Is there a gate?")
    assert draft.due_at == make.at("2030-07-01 09:30")


def test_an_administrator_writes_to_any_area_but_not_by_plans(national_admin: User, client_for: ClientFor) -> None:
    client = client_for(national_admin)
    soup = soup_of(client, "/advisories/new/")
    assert soup.select("input[name=areas]")
    assert not soup.select("[name=flag_code]")
    client.post("/advisories/new/", {**FORM, "areas": [people.OTHER_AREA], "flag_code": "PHY-03", "flag_below": "3"})
    assert Bulletin.objects.get().audience == {"areas": [people.OTHER_AREA]}


def test_an_officer_of_two_areas_chooses(adviser: User, client_for: ClientFor) -> None:
    from accounts.services import appointments

    appointments.appoint(actor=None, user_id=adviser.pk, area_code=people.OTHER_AREA, role="adviser")
    client = client_for(adviser)
    assert "?area=west-yorkshire" in client.get("/advisories/new/").content.decode()
    client.post("/advisories/new/?area=west-yorkshire", FORM)
    assert Bulletin.objects.get().area_id == people.AREA
    client.post("/advisories/new/?area=devon-and-cornwall", FORM)
    assert Bulletin.objects.order_by("listed_at").last().area_id == people.OTHER_AREA  # type: ignore[union-attr]


def test_two_who_begin_an_update_land_in_one(adviser: User, second_adviser: User, client_for: ClientFor) -> None:
    published = make.make_published(adviser)
    first = client_for(adviser).post(f"/advisories/{published.pk}/update/")
    second = client_for(second_adviser).post(f"/advisories/{published.pk}/update/")
    update = Bulletin.objects.get(replaces=published)
    assert (first["Location"], second["Location"]) == (
        f"/advisories/{update.pk}/edit/",
        f"/advisories/{update.pk}/manage/",
    )


def test_retracting_asks_why(adviser: User, client_for: ClientFor) -> None:
    published = make.make_published(adviser)
    client = client_for(adviser)
    assert errors(client.post(f"/advisories/{published.pk}/retract/", {"reason": ""})) == ["Say why it is retracted"]
    client.post(f"/advisories/{published.pk}/retract/", {"reason": "It was a laundry."})
    published.refresh_from_db()
    assert published.state == "retracted"


def test_the_written_list_filters_and_hides_what_was_discarded(adviser: User, client_for: ClientFor) -> None:
    from advisories.services import bulletins

    kept, gone = make.make_draft(adviser, title="Kept"), make.make_draft(adviser, title="Gone")
    bulletins.discard(actor=adviser, bulletin_id=gone.pk)
    client = client_for(adviser)
    assert ("Kept" in main(soup_of(client, "/advisories/written/")), kept.state) == (True, "draft")
    assert "Gone" not in main(soup_of(client, "/advisories/written/"))
    assert "Gone" in main(soup_of(client, "/advisories/written/?state=discarded"))
    assert "Kept" not in main(soup_of(client, "/advisories/written/?state=discarded"))


# Readers ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def published(organisation: Organisation, adviser: User) -> Bulletin:
    make_venue(organisation, name="Hall one")
    make_venue(organisation, name="Hall two")
    return make.make_published(adviser, question="Is there a gate?", due_at=timezone.now() + timedelta(days=2))


def test_opening_it_marks_it_as_read(published: Bulletin, organiser: User, client_for: ClientFor) -> None:
    client = client_for(organiser)
    link = f"a[href='/advisories/{published.pk}/']"
    before = soup_of(client, "/advisories/").select_one(link)
    assert before is not None
    assert "govuk-!-font-weight-bold" in before["class"]
    client.get(f"/advisories/{published.pk}/")
    after = soup_of(client, "/advisories/").select_one(link)
    assert after is not None
    assert "govuk-!-font-weight-bold" not in after["class"]


def test_acknowledging_for_all_places(published: Bulletin, organiser: User, client_for: ClientFor) -> None:
    client = client_for(organiser)
    assert "2 of your places have not acknowledged it." in main(soup_of(client, f"/advisories/{published.pk}/"))
    response = client.post(f"/advisories/{published.pk}/acknowledge/", follow=True)
    page = main(BeautifulSoup(response.content, "html.parser"))
    assert "Acknowledged for 2 places." in page
    assert "have not acknowledged it" not in page


def test_one_place_is_answered_in_every_way(published: Bulletin, organiser: User, client_for: ClientFor) -> None:
    client = client_for(organiser)
    place = published.places.first()
    assert place is not None
    address = f"/advisories/{published.pk}/places/{place.pk}/"
    answer = {"action": "answer", "version": "0", "level": "2", "account": "A chain."}
    assert client.post(address, answer).status_code == 302
    assert errors(client.post(address, {**answer, "account": "Another."})) == [
        "A colleague has answered meanwhile. Read their answer, then change it."
    ]
    assert errors(client.post(address, {"action": "dismiss", "reason": ""})) == ["Say why it does not apply"]
    assert client.post(address, {"action": "acknowledge"}).status_code == 302
    assert errors(client.post(address, {"action": "done", "note": ""})) == [
        "Say what was done, or add a file that shows it."
    ]
    file = SimpleUploadedFile("doors.txt", b"Looked at.")
    assert client.post(address, {"action": "done", "note": "Done.", "file": file}).status_code == 302
    place.refresh_from_db()
    assert (place.state, place.note, BulletinFile.objects.get().place) == ("done", "Done.", place)
    shown = main(soup_of(client, address))
    assert ("doors.txt" in shown, "Mark as done" in shown, "Save the answer" in shown) == (True, False, True)


def test_a_viewer_is_told_whom_to_ask(published: Bulletin, viewer: User, client_for: ClientFor) -> None:
    client = client_for(viewer)
    place = published.places.first()
    assert place is not None
    address = f"/advisories/{published.pk}/places/{place.pk}/"
    assert "Ask an owner or editor of your organisation to answer." in main(soup_of(client, address))
    assert client.post(address, {"action": "acknowledge"}).status_code == 403
    assert "I have read it" not in main(soup_of(client, f"/advisories/{published.pk}/"))


def test_a_place_of_one_advisory_is_not_found_under_another(
    published: Bulletin, organiser: User, adviser: User, client_for: ClientFor
) -> None:
    other = make.make_published(adviser)
    place = published.places.first()
    assert place is not None
    assert client_for(organiser).get(f"/advisories/{other.pk}/places/{place.pk}/").status_code == 404


def test_what_is_retracted_says_so_first_and_folds_its_words(
    organisation: Organisation, organiser: User, adviser: User, client_for: ClientFor
) -> None:
    make_venue(organisation)
    retracted = make.make_retracted(adviser)
    soup = soup_of(client_for(organiser), f"/advisories/{retracted.pk}/")
    assert soup.title is not None
    assert soup.title.get_text().startswith(f"Retracted: {retracted.title}")
    folded = soup.select_one("main details")
    assert folded is not None
    assert make.BODY in folded.get_text()
    folded.decompose()
    page = main(soup)
    assert ("SECRET-REASON" in page, make.BODY in page, "I have read it" in page) == (True, False, False)


def test_what_is_updated_leads_to_the_update_and_back(
    published: Bulletin, organiser: User, adviser: User, client_for: ClientFor
) -> None:
    from advisories.services import bulletins

    draft = bulletins.begin_update(actor=adviser, bulletin_id=published.pk)
    bulletins.submit(actor=adviser, bulletin_id=draft.pk)
    client = client_for(organiser)
    assert str(draft.pk) not in client.get(f"/advisories/{published.pk}/").content.decode()
    bulletins.publish(actor=adviser, bulletin_id=draft.pk)
    make.run_delivery()
    old, new = (soup_of(client, f"/advisories/{pk}/") for pk in (published.pk, draft.pk))
    assert "This advisory has been updated." in main(old)
    assert old.select_one(f"a[href='/advisories/{draft.pk}/']")
    assert new.select_one(f"a[href='/advisories/{published.pk}/']")


def test_an_exercise_is_unmistakable(
    organisation: Organisation, organiser: User, adviser: User, client_for: ClientFor
) -> None:
    make_venue(organisation)
    exercise = make.make_published(adviser, status="Exercise")
    place = exercise.places.get()
    reader, author = client_for(organiser), client_for(adviser)
    for client, tail in (
        (reader, ""),
        (reader, "print/"),
        (reader, f"places/{place.pk}/"),
        (author, "manage/"),
        (author, "reach/"),
        (author, "retract/"),
    ):
        soup = soup_of(client, f"/advisories/{exercise.pk}/{tail}")
        assert soup.select_one(".wm-exercise"), tail
        assert soup.select_one(".wm-tlp"), tail
    for client, address in ((reader, "/advisories/"), (author, "/advisories/written/")):
        assert soup_of(client, address).select_one(".wm-exercise-tag")
    assert soup_of(reader, f"/advisories/{exercise.pk}/print/").get_text().count("EXERCISE EXERCISE EXERCISE") == 3


def test_the_list_filters(published: Bulletin, organiser: User, adviser: User, client_for: ClientFor) -> None:
    receipts.read(actor=organiser, bulletin_id=published.pk)
    receipts.acknowledge(actor=organiser, bulletin_id=published.pk)
    make.make_published(adviser, title="Fresh", status="Exercise")
    make.make_published(
        people.make_officer("adviser", area=people.OTHER_AREA), area=people.OTHER_AREA, title="Green", tlp="green"
    )
    client = client_for(organiser)
    titles = {published.title: "old", "Fresh": "fresh", "Green": "green"}

    def shown(query: str) -> set[str]:
        page = main(soup_of(client, f"/advisories/{query}"))
        return {name for title, name in titles.items() if title in page}

    assert shown("") == {"old", "fresh", "green"}
    assert shown("?show=unread") == {"fresh"}
    assert shown("?show=to_acknowledge") == {"fresh"}
    assert shown("?show=ours") == {"old", "fresh"}
    assert shown("?exercises=only") == {"fresh"}
    assert shown("?exercises=hide") == {"old", "green"}
    assert shown("?show=nonsense&exercises=none") == {"old", "fresh", "green"}
    assert "None match what you asked for." in main(soup_of(client, "/advisories/?show=unread&exercises=hide"))


def test_what_has_ended_asks_for_nothing(
    organisation: Organisation, organiser: User, adviser: User, client_for: ClientFor
) -> None:
    make_venue(organisation)
    now = timezone.now()
    ended = make.make_published(
        adviser, due_at=now + timedelta(hours=1), expires_at=now + timedelta(hours=2), urgency="Immediate"
    )
    client = client_for(organiser)
    with time_machine.travel(now + timedelta(hours=3), tick=False):
        page = main(soup_of(client, f"/advisories/{ended.pk}/"))
        assert ("and is over." in page, "I have read it" in page) == (True, False)
        assert "Over" in main(soup_of(client, "/advisories/"))
        assert ended.title not in main(soup_of(client, "/advisories/?show=to_acknowledge"))
        assert chasing.sweep(now=timezone.now()) == 0
    assert chasing.sweep(now=now + timedelta(minutes=70)) == 1


def test_wishes_are_saved_and_come_back(organiser: User, organisation: Organisation, client_for: ClientFor) -> None:
    client = client_for(organiser)
    assert errors(client.post("/advisories/wishes/", {"quiet_from": "9pm"})) == [
        "Enter both the beginning and the end of the quiet hours, or neither."
    ]
    given = {"quiet_from": "9pm", "quiet_until": "07:00", "digest": "on", "sectors": ["stadia"], "areas": ["kent"]}
    assert client.post("/advisories/wishes/", given).status_code == 302
    saved = BulletinPreferences.objects.get()
    assert (str(saved.quiet_from), str(saved.quiet_until), saved.digest, saved.mute_minor, saved.subscribes) == (
        "21:00:00",
        "07:00:00",
        True,
        False,
        True,
    )
    soup = soup_of(client, "/advisories/wishes/")
    box = soup.select_one("[name=quiet_from]")
    assert box is not None
    assert box["value"] == "9:00pm"
    assert [b["value"] for b in soup.select("[name=sectors][checked]")] == ["stadia"]


def test_the_address_of_a_feed_is_shown_once(organiser: User, client_for: ClientFor) -> None:
    client = client_for(organiser)
    response = client.post("/advisories/wishes/feed/")
    found = re.search(r"http://testserver(/feeds/own/wf_[^<\s]+/advisories\.atom)", response.content.decode())
    assert found
    assert response["Cache-Control"] == "no-store"
    assert Client().get(found[1]).status_code == 200
    assert "wf_" not in client.get("/advisories/wishes/").content.decode()
    client.post("/advisories/wishes/feed/revoke/")
    assert FeedToken.objects.get().revoked_at is not None
    assert Client().get(found[1]).status_code == 404


def test_a_membership_that_ended_hides_the_place(
    published: Bulletin, organisation: Organisation, colleague: User, client_for: ClientFor
) -> None:
    place = BulletinPlace.objects.filter(bulletin=published).first()
    assert place is not None
    Membership.objects.filter(user=colleague).delete()
    client = client_for(colleague)
    assert client.get(f"/advisories/{published.pk}/").status_code == 404
    assert client.get(f"/advisories/{published.pk}/places/{place.pk}/").status_code == 404
