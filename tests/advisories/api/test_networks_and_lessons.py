from __future__ import annotations

import pytest

from accounts.models import User
from advisories.models import Lesson, NetworkMember, NetworkPost, Sighting
from advisories.serializers.lessons import NewLessonSerializer
from tests.api_client import Api
from tests.factories import networks as make
from tests.factories.accounts import make_auditor, make_organisation, make_user
from tests.factories.certification import small_standard
from tests.factories.events import make_venue
from tests.factories.networks import make_sighting, published_lesson

pytestmark = pytest.mark.django_db

POSTS = f"/networks/{make.SECTOR}/posts/"


def codes(answer: object) -> set[str]:
    return {error["field"] for error in answer.json()["errors"]}  # type: ignore[attr-defined]


# Networks ----------------------------------------------------------------------------------------------------------------


def test_joining_posting_replying_and_leaving() -> None:
    organisation = make_organisation()
    make_venue(organisation, use="hall")
    api = Api(organisation.created_by)
    refused = api.post(f"/networks/{make.SECTOR}/membership/", {"mail": "each"})
    assert (refused.status_code, refused.json()["code"]) == (403, "not-permitted")
    make.admitted(organisation)
    joined = api.post(f"/networks/{make.SECTOR}/membership/", {"mail": "each"}).json()
    assert joined == {
        "sector": "commercial",
        "name": "Commercial centres",
        "joined": True,
        "can_join": False,
        "members": 1,
    }
    assert NetworkMember.objects.get().mail == "each"
    made = api.post(POSTS, {"kind": "question", "title": "Queues", "text": "How?", "tlp": "green"}).json()
    assert (made["kind"], made["tlp"], made["text"], made["replies"]) == ("question", "green", "How?", [])
    replied = api.post(f"{POSTS}{made['id']}/", {"text": "Like this."}).json()
    assert [(one["text"], one["hidden"]) for one in replied["replies"]] == [("Like this.", False)]
    [row] = api.get(POSTS).json()["results"]
    assert (row["title"], row["replies"], row["author"]) == (
        "Queues",
        1,
        f"{organisation.created_by}, {organisation}",
    )
    assert "text" not in row
    assert api.delete(f"/networks/{make.SECTOR}/membership/").status_code == 204
    assert api.post(POSTS, {"title": "T", "text": "W"}).status_code == 403


@pytest.mark.parametrize(
    ("marking", "words"), [("red", "named people"), ("clear", "public"), ("amber_strict", "Only the police")]
)
def test_a_marking_that_cannot_be_used_says_why(marking: str, words: str) -> None:
    answer = Api(make.insider()).post(POSTS, {"title": "T", "text": "W", "tlp": marking})
    assert (answer.status_code, codes(answer)) == (422, {"tlp"})
    assert words in answer.json()["errors"][0]["message"]


def test_a_hidden_reply_has_no_words_for_others() -> None:
    from advisories.services import network_posts

    author, lead = make.insider(), make.police_lead()
    post = make.make_post(author)
    reply = network_posts.reply(actor=author, thread_id=post.pk, text="SECRET-REPLY")
    assert Api(lead).post(f"{POSTS}{reply.pk}/hide/", {"reason": "Names people."}).status_code == 204
    [shown] = Api(make.insider()).get(f"{POSTS}{post.pk}/").json()["replies"]
    assert (shown["text"], shown["hidden"]) == ("", True)
    assert Api(lead).post(f"{POSTS}{post.pk}/hide/", {"reason": "All of it."}).status_code == 204
    assert Api(make.insider()).get(f"{POSTS}{post.pk}/").status_code == 404
    assert Api(make.insider()).get(POSTS).json()["results"] == []


def test_an_unknown_network_is_not_there() -> None:
    api = Api(make.insider())
    for method, path in (("get", "/networks/space/posts/"), ("delete", "/networks/space/membership/")):
        assert api.ask(method, path).status_code == 404
    assert api.post(POSTS, {"title": "T", "text": "W", "author": "me"}).status_code == 422
    assert NetworkPost.objects.count() == 0


# Reports -----------------------------------------------------------------------------------------------------------------


REPORT = {
    "category": "vehicle",
    "happened_at": "2025-11-20T18:30:00Z",
    "area_code": "west-yorkshire",
    "where": "SECRET-WHERE",
    "description": "SECRET-SEEN",
}


def test_a_report_and_its_answer(adviser: User) -> None:
    reporter = Api(make_user())
    made = reporter.post("/sightings/", REPORT).json()
    assert made["report"] == {"where": "SECRET-WHERE", "description": "SECRET-SEEN", "people": "", "vehicles": ""}
    [row] = reporter.get("/sightings/").json()["results"]
    assert (row["id"], row["state"], "report" in row) == (made["id"], "new", False)
    officer, at = Api(adviser), f"/sightings/{made['id']}/"
    assert [one["id"] for one in officer.get("/sightings/queue/").json()["results"]] == [made["id"]]
    assert officer.post(at, {"action": "close", "outcome": "action", "reply": "x"}).status_code == 409
    assert officer.post(at, {"action": "see"}).json()["state"] == "seen"
    refused = officer.post(at, {"action": "close", "reply": "x"})
    assert (refused.status_code, codes(refused)) == (422, {"outcome"})
    officer.post(at, {"action": "close", "outcome": "explained", "reply": "SECRET-REPLY"})
    steps = reporter.get(at).json()["steps"]
    assert [(step["action"], step["reply"]) for step in steps] == [
        ("report", ""),
        ("see", ""),
        ("close", "SECRET-REPLY"),
    ]
    auditor = Api(make_auditor()).get(at).json()
    assert (auditor["report"], [step["reply"] for step in auditor["steps"]]) == (None, ["", "", ""])
    assert [one["id"] for one in officer.get("/sightings/queue/", state="closed").json()["results"]] == [made["id"]]


def test_every_action_of_a_report(adviser: User) -> None:
    from tests.factories.accounts import make_officer

    make_officer("adviser", area="kent")
    api, at = Api(adviser), f"/sightings/{make_sighting().pk}/"
    states = [
        api.post(at, {"action": action, "outcome": "action", "reply": "Thanks."}).json()["state"]
        for action in ("see", "pass_on", "close", "reopen")
    ]
    assert states == ["seen", "passed_on", "closed", "seen"]
    wrong = api.post(at, {"action": "readdress", "area_code": "surrey"})
    assert (wrong.status_code, codes(wrong)) == (422, {"area_code"})
    assert api.post(at, {"action": "readdress", "area_code": "kent"}).json()["area_code"] == "kent"
    assert api.get(at).status_code == 404


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"description": ""}, "description"),
        ({"category": "gossip"}, "category"),
        ({"where": ""}, "where"),
        ({"area_code": "kent"}, "area_code"),
        ({"subject": "venue:1"}, "subject"),
        ({"happened_at": "soon"}, "happened_at"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_is_reported_is_looked_at(changes: dict[str, str], field: str, adviser: User) -> None:
    assert adviser.is_active
    answer = Api(make_user()).post("/sightings/", {**REPORT, **changes})
    assert (answer.status_code, codes(answer)) == (422, {field})
    assert not Sighting.objects.exists()


# Lessons -----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def lesson() -> dict[str, object]:
    small_standard()
    return {**NewLessonSerializer.example, "criteria": ["GOV-01"]}


def test_a_lesson_through_review(lesson: dict[str, object], owner: User, adviser: User) -> None:
    author, officer = Api(owner), Api(adviser)
    made = author.post("/lessons/", lesson).json()
    assert (made["state"], made["version"], made["published_at"]) == ("in_review", 1, None)
    at = f"/lessons/{made['id']}/1/"
    assert author.post(f"{at}publish/").status_code == 403
    assert officer.post(f"{at}send-back/", {"note": "Say where."}).json()["state"] == "draft"
    assert officer.get(f"/lessons/{made['id']}/").status_code == 404
    second = author.post("/lessons/", {**lesson, "tlp": "clear"}).json()
    assert officer.post(f"/lessons/{second['id']}/1/publish/").json()["state"] == "published"
    assert officer.post(f"/lessons/{second['id']}/1/publish/").status_code == 409
    [row] = Api().get("/lessons/public/").json()["results"]
    assert (row["id"], row["criteria"], "happened" in row) == (second["id"], ["GOV-01"], False)
    public = Api().get(f"/lessons/public/{second['id']}/").json()
    assert public["happened"] == lesson["happened"]
    officer.post(f"/lessons/{second['id']}/1/withdraw/", {"reason": "It was wrong."})
    withdrawn = Api().get(f"/lessons/public/{second['id']}/").json()
    assert (withdrawn["withdrawn_reason"], withdrawn["happened"]) == ("It was wrong.", "")
    assert Api().get("/lessons/public/").json()["results"] == []
    assert Lesson.objects.count() == 2


def test_the_public_list_knows_nobody(lesson: dict[str, object], owner: User) -> None:
    """Whoever asks with a token gets what anybody gets; what is marked is in the list for those who sign in."""
    assert lesson
    published_lesson(owner, tlp="green")
    assert Api(owner).get("/lessons/public/").json()["results"] == []
    assert len(Api(owner).get("/lessons/").json()["results"]) == 1
    assert Api(make_user()).get("/lessons/").json()["results"] == []


def test_searching_and_turning_pages(lesson: dict[str, object], owner: User) -> None:
    assert lesson
    for number in range(3):
        published_lesson(owner, title=f"Barrier {number}", tlp="clear")
    first = Api().get("/lessons/public/", words="barrier", size="2").json()
    second = Api().get("/lessons/public/", words="barrier", size="2", after=first["next"]).json()
    titles = [row["title"] for page in (first, second) for row in page["results"]]
    assert titles == ["Barrier 2", "Barrier 1", "Barrier 0"]
    assert Api().get("/lessons/public/", words="unicorn").json()["results"] == []
    assert Api().get("/lessons/public/", sector="space").status_code == 422


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"tlp": "red"}, "tlp"),
        ({"criteria": ["ZZZ-99"]}, "criteria"),
        ({"worked": ""}, "worked"),
        ({"sectors": []}, "sectors"),
    ],
)
def test_what_is_written_is_looked_at(
    changes: dict[str, object], field: str, lesson: dict[str, object], owner: User
) -> None:
    answer = Api(owner).post("/lessons/", {**lesson, **changes})
    assert (answer.status_code, codes(answer)) == (422, {field})
