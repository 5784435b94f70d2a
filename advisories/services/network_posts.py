"""What is written in a network, and what moderators do with it. Text is sealed before it is stored."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors import authority
from advisories.domain import networks as rules
from advisories.domain import tlp
from advisories.models import NetworkMember, NetworkPost
from advisories.notifications import networks as messages
from advisories.policies import networks as policies
from advisories.selectors import networks as selectors
from core import audit, crypto, notify, outbox
from core.errors import Conflict, InvalidInput, NotPermitted

__all__ = ["PostInput", "hide", "mark_answer", "pin", "post", "reply"]


@dataclass(frozen=True, slots=True)
class PostInput:
    """`kind`: note or question. `marking` in the words of `advisories.domain.tlp`."""

    title: str
    text: str
    kind: str = "note"
    marking: str = tlp.DEFAULT


def post(*, actor: User, sector: str, given: PostInput) -> NetworkPost:
    """Raises InvalidInput, with the reason for a marking that cannot be used; Conflict for too many in an hour."""
    title = _text(given.title, rules.LONGEST_TITLE, field="title", empty=_("Give it a title"), one_line=True)
    text = _text(given.text, rules.LONGEST_TEXT, field="text", empty=_("Write something"))
    if given.kind not in (NetworkPost.Kind.NOTE, NetworkPost.Kind.QUESTION):
        raise InvalidInput(_("Select whether it is a post or a question"), field="kind")
    with transaction.atomic():
        member = _writing(actor, sector)
        _require_marking(given.marking, member.kind)
        made = _made(member, given.kind, text, marking=given.marking, title=title)
        _record(actor, "network.posted", made, {"kind": made.kind, "tlp": made.tlp})
        outbox.enqueue(kind="network.announce", key=f"network:{made.pk}:announce", payload={"post": str(made.pk)})
        return made


def reply(*, actor: User, thread_id: UUID, text: str) -> NetworkPost:
    """Under the marking of its thread. The author of the thread is told, unless they want no mail."""
    words = _text(text, rules.LONGEST_TEXT, field="text", empty=_("Write something"))
    with transaction.atomic():
        thread = _locked(thread_id)
        member = _writing(actor, thread.sector)
        if thread.thread_id is not None or thread.hidden_at is not None:
            raise Conflict(_("A moderator has hidden this post: nothing can be added to it."))
        made = _made(member, NetworkPost.Kind.REPLY, words, marking=thread.tlp, thread=thread)
        _record(actor, "network.replied", made, {"thread": thread.pk, "tlp": made.tlp})
        if thread.author_id != actor.pk and _wants_mail(thread):
            notify.send(to=thread.author, message=messages.replied(thread), key=f"network-reply:{made.pk}")
        return made


def hide(*, actor: User, post_id: UUID, reason: str) -> NetworkPost:
    """Kept, with its reason, for author, moderators and auditor. An author takes back their own words in the same way."""
    words = _text(reason, rules.LONGEST_REASON, field="reason", empty=_("Give the reason"))
    with transaction.atomic():
        found = _locked(post_id)
        authority(actor, fresh=True)
        policies.can_hide(actor, selectors.standing_in(found.sector, actor), found).require()
        if found.hidden_at is not None:
            raise Conflict(_("This is hidden already."))
        found.hidden_at, found.hidden_by, found.pinned_at = timezone.now(), actor, None
        found.sealed_reason = crypto.encrypt_text(words, about=f"networkpost:{found.pk}:reason")
        found.save(update_fields=["hidden_at", "hidden_by", "sealed_reason", "pinned_at"])
        # An answer that is hidden answers nothing.
        NetworkPost.objects.filter(answered_by=found).update(answered_by=None)
        _record(actor, "network.hidden", found, {"own": found.author_id == actor.pk})
        if found.author_id != actor.pk:
            notify.send(to=found.author, message=messages.hidden(found), key=f"network-hidden:{found.pk}")
        return found


def pin(*, actor: User, post_id: UUID, pinned: bool) -> NetworkPost:
    with transaction.atomic():
        found = _locked(post_id)
        authority(actor, fresh=True)
        policies.can_moderate(selectors.standing_in(found.sector, actor)).require()
        if found.thread_id is not None or found.hidden_at is not None:
            raise Conflict(_("Only a post that can be seen is pinned."))
        if (found.pinned_at is not None) != pinned:
            found.pinned_at = timezone.now() if pinned else None
            found.save(update_fields=["pinned_at"])
            _record(actor, "network.pinned" if pinned else "network.unpinned", found, {})
        return found


def mark_answer(*, actor: User, thread_id: UUID, reply_id: UUID | None) -> NetworkPost:
    """None takes the mark away. The author of the question is told when somebody else marked it."""
    with transaction.atomic():
        question = _locked(thread_id)
        authority(actor, fresh=True)
        policies.can_mark_answer(actor, selectors.standing_in(question.sector, actor), question).require()
        if question.kind != NetworkPost.Kind.QUESTION:
            raise Conflict(_("Only a question has an answer."))
        chosen = None
        if reply_id is not None:
            chosen = NetworkPost.objects.filter(pk=reply_id, thread=question, hidden_at__isnull=True).first()
            if chosen is None:
                raise InvalidInput(_("Select a reply to this question"), field="reply")
        if question.answered_by_id != reply_id:
            question.answered_by = chosen
            question.save(update_fields=["answered_by"])
            _record(actor, "network.answer_marked", question, {"reply": reply_id})
            if chosen is not None and question.author_id != actor.pk and _wants_mail(question):
                notify.send(to=question.author, message=messages.answered(question), key=f"network-answer:{chosen.pk}")
        return question


def _locked(post_id: UUID) -> NetworkPost:
    return NetworkPost.objects.select_for_update(of=("self",)).select_related("author", "thread").get(pk=post_id)


def _writing(actor: User, sector: str) -> NetworkMember:
    """The writer's row is locked, so that posts of one person are counted one after the other."""
    User.objects.select_for_update().get(pk=actor.pk)
    authority(actor, fresh=True)
    standing = selectors.standing_in(sector, actor)
    policies.can_post(standing).require()
    since = timezone.now() - rules.POSTS_WITHIN
    if NetworkPost.objects.filter(author=actor, posted_at__gt=since).count() >= rules.POSTS_AT_MOST:
        raise Conflict(
            _("You have written %(count)s times within the hour, which is the most. Wait a while.")
            % {"count": rules.POSTS_AT_MOST}
        )
    if standing.member is None:
        raise NotPermitted(_("You are not in this network."))
    return standing.member


def _made(
    member: NetworkMember,
    kind: str,
    text: str,
    *,
    marking: str,
    title: str = "",
    thread: NetworkPost | None = None,
) -> NetworkPost:
    pk = uuid.uuid4()
    return NetworkPost.objects.create(
        id=pk,
        sector=member.sector,
        kind=kind,
        thread=thread,
        tlp=marking,
        author_id=member.user_id,
        by_police=member.is_police,
        organisation_id=member.organisation_id,
        sealed_title=crypto.encrypt_text(title, about=f"networkpost:{pk}:title") if title else "",
        sealed_text=crypto.encrypt_text(text, about=f"networkpost:{pk}:text"),
        posted_at=timezone.now(),
    )


def _require_marking(marking: str, kind: str) -> None:
    reason = rules.refusal(marking, kind)
    if reason:
        raise InvalidInput(_refusals()[reason], field="marking")


def _refusals() -> Mapping[str, str]:
    return {
        "named_people_alone": _(
            "TLP:RED is for named people in one conversation. A network has many readers: use TLP:AMBER, or tell the police "
            "by a report."
        ),
        "nothing_public": _("Nothing in a network is public. The widest marking here is TLP:GREEN."),
        "police_alone": _("Only the police write under TLP:AMBER+STRICT. Use TLP:AMBER."),
        "unknown": _("Select a marking"),
    }


def _wants_mail(thread: NetworkPost) -> bool:
    current = NetworkMember.objects.standing().filter(sector=thread.sector, user_id=thread.author_id)
    return current.exclude(mail=rules.NO_MAIL).exists()


def _text(text: str, limit: int, *, field: str, empty: str, one_line: bool = False) -> str:
    clean = text.replace("\x00", "").replace("\r\n", "\n").strip()
    clean = " ".join(clean.split()) if one_line else clean
    if not clean:
        raise InvalidInput(empty, field=field)
    if len(clean) > limit:
        raise InvalidInput(_("Use %(limit)s characters or fewer") % {"limit": limit}, field=field)
    return clean


def _record(actor: User, action: str, target: NetworkPost, facts: Mapping[str, object]) -> None:
    audit.record(actor=actor, action=action, target=target, case=f"network:{target.sector}", facts=facts)
