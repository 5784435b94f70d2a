from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Organisation, User
from advisories.domain import networks as rules
from advisories.domain import tlp
from advisories.domain.sectors import SECTORS
from advisories.models import NetworkPost
from advisories.policies import networks as policies
from advisories.selectors import networks as selectors
from advisories.services import network_posts, networks
from advisories.services.network_posts import PostInput
from core.crypto import SealBroken
from core.errors import Conflict, InvalidInput, NotPermitted
from core.models import AuditEvent, OutgoingMail
from tests.factories import networks as make
from tests.factories.accounts import make_administrator, make_auditor, make_officer, make_organisation, make_user

pytestmark = pytest.mark.django_db


def test_words_are_sealed_at_rest_and_bound_to_their_row() -> None:
    post = make.make_post(make.insider(), title="SECRET-TITLE", text="SECRET-TEXT")
    row = NetworkPost.objects.filter(pk=post.pk).values().get()
    assert "SECRET" not in str(row)
    found = NetworkPost.objects.get(pk=post.pk)
    assert (found.title, found.text, found.tlp) == ("SECRET-TITLE", "SECRET-TEXT", "amber")
    other = make.make_post(post.author)
    other.sealed_text = post.sealed_text
    with pytest.raises(SealBroken):
        _ = other.text
    assert "SECRET" not in str(list(AuditEvent.objects.values_list("facts", flat=True)))


@pytest.mark.parametrize(
    ("marking", "by_member", "by_police"),
    [
        (tlp.RED, "TLP:RED is for named people", "TLP:RED is for named people"),
        (tlp.AMBER_STRICT, "Only the police", ""),
        (tlp.AMBER, "", ""),
        (tlp.GREEN, "", ""),
        (tlp.CLEAR, "Nothing in a network is public", "Nothing in a network is public"),
    ],
)
def test_a_marking_that_cannot_be_used_says_why(marking: str, by_member: str, by_police: str) -> None:
    for author, refusal in ((make.insider(), by_member), (make.police_member(), by_police)):
        given = PostInput(title="A title", text="Words.", marking=marking)
        if not refusal:
            assert network_posts.post(actor=author, sector=make.SECTOR, given=given).tlp == marking
            continue
        with pytest.raises(InvalidInput) as caught:
            network_posts.post(actor=author, sector=make.SECTOR, given=given)
        assert (caught.value.field, refusal in caught.value.message) == ("marking", True)


@pytest.mark.parametrize("marking", [tlp.RED, tlp.CLEAR, tlp.AMBER_STRICT])
def test_the_database_too_refuses_the_marking(marking: str) -> None:
    post = make.make_post(make.insider())
    with pytest.raises(IntegrityError), transaction.atomic():
        NetworkPost.objects.filter(pk=post.pk).update(tlp=marking)


# Role by marking. `member` is in this network, `other` in another one; each cell is can_read, visible_to and the list.
TABLE = {
    #               strict amber green
    "member": (True, True, True),
    "police member": (True, True, True),
    "moderator": (True, True, True),
    "author": (True, True, True),
    "other": (False, False, True),
    "officer": (False, False, True),
    "authoriser": (False, False, True),
    "colleague": (False, False, False),
    "left": (False, False, False),
    "removed": (False, False, False),
    "stranger": (False, False, False),
    "newcomer": (False, False, False),
    "administrator": (False, False, False),
    "auditor": (True, True, True),
}


@pytest.fixture
def people() -> dict[str, User]:
    lead, author, left, removed = make.police_lead(), make.insider(), make.insider(), make.insider()
    networks.leave(actor=left, sector=make.SECTOR)
    networks.remove(actor=lead, member_id=make.member_row(removed).pk, reason="Out.")
    from tests.factories.accounts import make_member

    return {
        "member": make.insider(),
        "police member": make.police_member(),
        "moderator": lead,
        "author": author,
        "other": make.insider(sector="stadia"),
        "officer": make_officer("adviser", area="kent"),
        "authoriser": make_officer("authoriser"),
        "colleague": make_member(author.memberships.get().organisation),
        "left": left,
        "removed": removed,
        "stranger": make_organisation().created_by,
        "newcomer": make_user(),
        "administrator": make_administrator(),
        "auditor": make_auditor(),
    }


def test_who_reads_which_marking(people: dict[str, User]) -> None:
    writers = {tlp.AMBER_STRICT: people["moderator"], tlp.AMBER: people["author"], tlp.GREEN: people["author"]}
    posts = {marking: make.make_post(writers[marking], marking=marking) for marking in rules.MARKINGS}
    assert set(people) == set(TABLE)
    wrong = {}
    for role, person in people.items():
        user = User.objects.get(pk=person.pk)
        seen = set(NetworkPost.objects.visible_to(user).values_list("pk", flat=True))
        by_query = tuple(posts[marking].pk in seen for marking in rules.MARKINGS)
        by_policy = tuple(bool(policies.can_read(user, posts[marking])) for marking in rules.MARKINGS)
        listed = {row.pk for row in selectors.posts(user, make.SECTOR).rows}
        by_list = tuple(posts[marking].pk in listed for marking in rules.MARKINGS)
        if not by_query == by_policy == by_list == TABLE[role]:
            wrong[role] = (by_query, by_policy, by_list)
    assert wrong == {}


def test_a_reply_bears_the_marking_of_its_thread_and_tells_its_author() -> None:
    asker, other = make.insider(), make.insider()
    thread = make.make_post(asker, kind="question", marking="green")
    reply = network_posts.reply(actor=other, thread_id=thread.pk, text="SECRET-REPLY")
    assert (reply.kind, reply.tlp, reply.thread, reply.organisation) == (
        "reply",
        "green",
        thread,
        other.memberships.get().organisation,
    )
    [mail] = OutgoingMail.objects.filter(kind="network.replied")
    assert (mail.recipient, "SECRET" in mail.body + mail.subject) == (asker, False)
    network_posts.reply(actor=asker, thread_id=thread.pk, text="Thanks.")
    networks.set_mail(actor=asker, sector=make.SECTOR, mail="none")
    network_posts.reply(actor=other, thread_id=thread.pk, text="You are welcome.")
    assert OutgoingMail.objects.filter(kind="network.replied").count() == 1


def test_outsiders_write_nothing() -> None:
    thread = make.make_post(make.insider(), marking="green")
    for outsider in (make.insider(sector="stadia"), make_officer(), make_administrator(), make_auditor()):
        with pytest.raises(NotPermitted):
            make.make_post(outsider)
        with pytest.raises(NotPermitted):
            network_posts.reply(actor=outsider, thread_id=thread.pk, text="Me too.")
    assert NetworkPost.objects.count() == 1


@pytest.mark.parametrize(
    ("title", "text", "field"), [(" ", "Words", "title"), ("T", " ", "text"), ("T" * 161, "W", "title")]
)
def test_what_is_written_is_looked_at(title: str, text: str, field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        network_posts.post(actor=make.insider(), sector=make.SECTOR, given=PostInput(title=title, text=text))
    assert caught.value.field == field


def test_one_person_writes_so_much_an_hour_and_no_more() -> None:
    author = make.insider()
    for _ in range(rules.POSTS_AT_MOST):
        make.make_post(author)
    with pytest.raises(Conflict):
        make.make_post(author)
    NetworkPost.objects.update(posted_at=timezone.now() - timedelta(hours=1, seconds=1))
    assert make.make_post(author).author == author


# What moderators do ------------------------------------------------------------------------------------------------------


def test_what_is_hidden_is_kept_for_author_moderators_and_auditor() -> None:
    author, reader, lead = make.insider(), make.insider(), make.police_lead()
    post = make.make_post(author, title="SECRET-TITLE")
    network_posts.hide(actor=lead, post_id=post.pk, reason="SECRET-REASON")
    found = NetworkPost.objects.get(pk=post.pk)
    assert (found.hidden_by, found.hidden_reason, found.text) == (lead, "SECRET-REASON", "SECRET-POST")
    assert "SECRET" not in str(NetworkPost.objects.filter(pk=post.pk).values().get())
    sees = {
        name: NetworkPost.objects.visible_to(user).filter(pk=post.pk).exists()
        for name, user in {"author": author, "reader": reader, "lead": lead, "auditor": make_auditor()}.items()
    }
    assert sees == {"author": True, "reader": False, "lead": True, "auditor": True}
    assert {bool(policies.can_read(user, found)) for user in (author, lead)} == {True}
    assert not policies.can_read(reader, found)
    [mail] = OutgoingMail.objects.filter(kind="network.hidden")
    assert (mail.recipient, "SECRET" in mail.body) == (author, False)
    with pytest.raises(Conflict):
        network_posts.hide(actor=lead, post_id=post.pk, reason="Again.")


def test_a_hidden_reply_keeps_its_place_without_its_words() -> None:
    author, reader, lead = make.insider(), make.insider(), make.police_lead()
    thread = make.make_post(author, kind="question")
    reply = network_posts.reply(actor=reader, thread_id=thread.pk, text="SECRET-REPLY")
    network_posts.mark_answer(actor=author, thread_id=thread.pk, reply_id=reply.pk)
    network_posts.hide(actor=lead, post_id=reply.pk, reason="Names people.")

    def shown(user: User) -> tuple[str, str, bool]:
        [row] = selectors.thread_of(NetworkPost.objects.get(pk=thread.pk), user).replies
        return row.text, row.reason, row.masked

    assert shown(author) == ("", "", True)
    assert shown(reader) == ("SECRET-REPLY", "Names people.", False)
    assert shown(lead) == ("SECRET-REPLY", "Names people.", False)
    assert NetworkPost.objects.get(pk=thread.pk).answered_by is None


def test_an_author_takes_back_their_own_words_without_a_mail() -> None:
    author = make.insider()
    post = make.make_post(author)
    network_posts.hide(actor=author, post_id=post.pk, reason="Wrong network.")
    assert not OutgoingMail.objects.filter(kind="network.hidden").exists()
    with pytest.raises(Conflict):
        network_posts.reply(actor=author, thread_id=post.pk, text="More.")


@pytest.mark.parametrize(
    ("actor", "post_of", "allowed"),
    [
        ("police", "member", True),
        ("police", "police", True),
        ("industry", "member", True),
        ("industry", "police", False),
        ("member", "member", False),
    ],
)
def test_who_hides_whose_words(actor: str, post_of: str, allowed: bool) -> None:
    lead, industry, member = make.police_lead(), make.insider(), make.insider()
    make.industry_lead(lead, industry)
    post = make.make_post(make.police_member() if post_of == "police" else make.insider())
    who = {"police": lead, "industry": industry, "member": member}[actor]
    if allowed:
        assert network_posts.hide(actor=who, post_id=post.pk, reason="Off topic.").hidden_by == who
    else:
        with pytest.raises(NotPermitted):
            network_posts.hide(actor=who, post_id=post.pk, reason="Off topic.")


def test_pinning_is_the_moderators_and_stands_above() -> None:
    author, lead = make.insider(), make.police_lead()
    post, second = make.make_post(author), make.make_post(author)
    with pytest.raises(NotPermitted):
        network_posts.pin(actor=author, post_id=post.pk, pinned=True)
    network_posts.pin(actor=lead, post_id=post.pk, pinned=True)
    page = selectors.network_page(SECTORS[make.SECTOR], author)
    assert [row.id for row in page.pinned] == [post.pk]
    assert [row.id for row in page.rows] == [second.pk]
    network_posts.pin(actor=lead, post_id=post.pk, pinned=False)
    assert NetworkPost.objects.get(pk=post.pk).pinned_at is None


def test_every_post_stands_once_however_many_are_pinned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selectors, "POSTS_SHOWN", 2)
    author, lead = make.insider(), make.police_lead()
    made = [make.make_post(author) for _number in range(5)]
    for post in made[:3]:
        network_posts.pin(actor=lead, post_id=post.pk, pinned=True)
    first = selectors.network_page(SECTORS[make.SECTOR], author)
    assert first.older is not None
    second = selectors.network_page(SECTORS[make.SECTOR], author, after=first.older)
    shown = [row.id for row in (*first.pinned, *first.rows, *second.pinned, *second.rows)]
    assert (len(first.pinned), len(second.pinned)) == (2, 0)
    assert sorted(shown) == sorted(post.pk for post in made)


def test_a_question_has_one_answer_marked_by_whoever_asked_or_a_moderator(organisation: Organisation) -> None:
    asker, other, lead = make.insider(organisation), make.insider(), make.police_lead()
    question = make.make_post(asker, kind="question")
    replies = [network_posts.reply(actor=other, thread_id=question.pk, text=f"Reply {n}") for n in range(2)]
    with pytest.raises(NotPermitted):
        network_posts.mark_answer(actor=other, thread_id=question.pk, reply_id=replies[0].pk)
    network_posts.mark_answer(actor=asker, thread_id=question.pk, reply_id=replies[0].pk)
    assert not OutgoingMail.objects.filter(kind="network.answered").exists()
    network_posts.mark_answer(actor=lead, thread_id=question.pk, reply_id=replies[1].pk)
    assert NetworkPost.objects.get(pk=question.pk).answered_by == replies[1]
    assert OutgoingMail.objects.get(kind="network.answered").recipient == asker
    network_posts.mark_answer(actor=asker, thread_id=question.pk, reply_id=None)
    assert NetworkPost.objects.get(pk=question.pk).answered_by is None
    note = make.make_post(asker)
    with pytest.raises(Conflict):
        network_posts.mark_answer(actor=asker, thread_id=note.pk, reply_id=None)
    with pytest.raises(InvalidInput):
        network_posts.mark_answer(actor=asker, thread_id=question.pk, reply_id=note.pk)
