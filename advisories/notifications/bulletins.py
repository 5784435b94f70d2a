"""What a mail about a bulletin says. Its marking stands first and last; TLP:RED and TLP:AMBER+STRICT are a link alone."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Appointment, User
from advisories.models import Bulletin
from core.govuk.formats import uk_datetime
from core.notify import Message

__all__ = [
    "approved",
    "approvers_of",
    "awaiting_approval",
    "chased",
    "digest",
    "escalated",
    "file_refused",
    "moved_on",
    "published",
    "raised_with_owners",
    "retracted",
    "sent_back",
]


def approvers_of(bulletin: Bulletin) -> QuerySet[User]:
    """Who may be the second person: never the author."""
    people = User.objects.filter(is_active=True).exclude(pk=bulletin.drafted_by_id)
    if bulletin.area_id is None:
        return people.filter(national_role=User.NationalRole.ADMINISTRATOR).order_by("email")
    return people.filter(
        appointments__area_id=bulletin.area_id,
        appointments__role=Appointment.Role.AUTHORISER,
        appointments__ended_at__isnull=True,
    ).order_by("email")


def published(bulletin: Bulletin) -> Message:
    """An update says that it is one. Nothing of the text where the marking allows a link alone."""
    if bulletin.link_only:
        return Message(
            kind="bulletin.published",
            subject=_subject(bulletin, _("an advisory for you: sign in to read it")),
            body=_framed(
                bulletin,
                _("The police have sent you an advisory that may be read only when signed in.\n\n%(link)s")
                % {"link": _link(bulletin)},
            ),
        )
    update = _("Update: %(title)s") if bulletin.replaces_id else "%(title)s"
    parts = [
        update % {"title": bulletin.title},
        _("Severity: %(severity)s. Urgency: %(urgency)s. Certainty: %(certainty)s.")
        % {"severity": bulletin.severity, "urgency": bulletin.urgency, "certainty": bulletin.certainty},
        bulletin.body,
    ]
    if bulletin.instruction:
        parts.append(_("What to do:\n%(text)s") % {"text": bulletin.instruction})
    if bulletin.due_at is not None:
        parts.append(_("Please acknowledge it by %(when)s.") % {"when": uk_datetime(bulletin.due_at)})
    parts.append(_("Read and answer it here:\n%(link)s") % {"link": _link(bulletin)})
    return Message(
        kind="bulletin.published",
        subject=_subject(bulletin, update % {"title": bulletin.title}),
        body=_framed(bulletin, "\n\n".join(parts)),
    )


def retracted(bulletin: Bulletin) -> Message:
    words = _("An advisory that you were sent has been retracted. Do not act on it any further.")
    if not bulletin.link_only:
        words = f"{words}\n\n{bulletin.title}\n\n{bulletin.retraction_reason}"
        subject = _("Retracted: %(title)s") % {"title": bulletin.title}
    else:
        subject = _("an advisory has been retracted")
    return Message(
        kind="bulletin.retracted",
        subject=_subject(bulletin, subject),
        body=_framed(bulletin, f"{words}\n\n{_link(bulletin)}"),
    )


def moved_on(bulletin: Bulletin) -> Message:
    """To those of the version before whom this one is not for: that theirs no longer holds, and nothing of this one."""
    return Message(
        kind="bulletin.moved_on",
        subject=_subject(bulletin, _("an advisory that you were sent no longer holds")),
        body=_framed(
            bulletin,
            _(
                "An advisory that you were sent has been updated, and the new version is not for your places. Do not act on "
                "the old one any further.\n\n%(link)s"
            )
            % {"link": f"{settings.SITE_URL}{reverse('advisories:bulletin', args=[bulletin.replaces_id])}"},
        ),
    )


def chased(bulletin: Bulletin) -> Message:
    return _nudge(
        bulletin,
        "bulletin.chased",
        _("please acknowledge an advisory"),
        _("An advisory that your organisation was sent has not been acknowledged for all of its places."),
    )


def raised_with_owners(bulletin: Bulletin) -> Message:
    return _nudge(
        bulletin,
        "bulletin.owners",
        _("an advisory is overdue at your organisation"),
        _(
            "You own an organisation that has still not acknowledged an advisory for all of its places. If nobody does, "
            "the police are told."
        ),
    )


def escalated(bulletin: Bulletin) -> Message:
    """To the police: how many and who stand on the page, not in the mail."""
    link = f"{settings.SITE_URL}{reverse('advisories:bulletin_reach', args=[bulletin.pk])}?state=open"
    return Message(
        kind="bulletin.escalated",
        subject=_subject(bulletin, _("an advisory is still not acknowledged everywhere")),
        body=_framed(
            bulletin,
            _(
                "Some places have not acknowledged an advisory although they, and the owners of their organisations, were "
                "reminded. See which:\n%(link)s"
            )
            % {"link": link},
        ),
    )


def digest(bulletins: Sequence[Bulletin]) -> Message:
    """Links alone, each with its marking: one mail a morning for what could wait."""
    count = len(bulletins)
    lines = [f"{_exercise(one)}{one.tlp_label} {_link(one)}" for one in bulletins]
    return Message(
        kind="bulletin.digest",
        subject=ngettext("%(count)d advisory to read", "%(count)d advisories to read", count) % {"count": count},
        body=_(
            "These advisories came since your last digest. Sign in to read them.\n\n%(lines)s\n\nChange how you are told:\n%(link)s"
        )
        % {"lines": "\n".join(lines), "link": f"{settings.SITE_URL}{reverse('advisories:bulletin_preferences')}"},
    )


def awaiting_approval(bulletin: Bulletin) -> Message:
    link = f"{settings.SITE_URL}{reverse('advisories:bulletin_approval', args=[bulletin.pk])}"
    return Message(
        kind="bulletin.awaiting_approval",
        subject=_subject(bulletin, _("an advisory is waiting for your approval")),
        body=_framed(
            bulletin,
            _("A colleague has drafted an advisory that a second person has to approve.\n\n%(link)s") % {"link": link},
        ),
    )


def approved(bulletin: Bulletin) -> Message:
    return _to_author(bulletin, "bulletin.approved", _("your advisory is approved"), _("It can be published now."))


def sent_back(bulletin: Bulletin) -> Message:
    return _to_author(bulletin, "bulletin.sent_back", _("your advisory was sent back"), _("The reason is on its page."))


def file_refused(bulletin: Bulletin) -> Message:
    return Message(
        kind="bulletin.file_refused",
        subject=_("A file that you uploaded was refused"),
        body=_(
            "A file that you added to your answer to an advisory was refused because the scanner found malware in it. It has "
            "been deleted and nobody can open it. Check the device that it came from.\n\n%(link)s"
        )
        % {"link": _link(bulletin)},
    )


def _nudge(bulletin: Bulletin, kind: str, subject: str, words: str) -> Message:
    """Not a word of the bulletin, whatever its marking: they have had it."""
    due = _("It was to be acknowledged by %(when)s.") % {"when": uk_datetime(bulletin.due_at)}
    return Message(
        kind=kind, subject=_subject(bulletin, subject), body=_framed(bulletin, f"{words} {due}\n\n{_link(bulletin)}")
    )


def _to_author(bulletin: Bulletin, kind: str, subject: str, words: str) -> Message:
    link = f"{settings.SITE_URL}{reverse('advisories:bulletin_manage', args=[bulletin.pk])}"
    return Message(kind=kind, subject=_subject(bulletin, subject), body=_framed(bulletin, f"{words}\n\n{link}"))


def _subject(bulletin: Bulletin, words: str) -> str:
    return f"{_exercise(bulletin)}{bulletin.tlp_label} {words}"


def _exercise(bulletin: Bulletin) -> str:
    return _("EXERCISE EXERCISE: ") if bulletin.is_exercise else ""


def _framed(bulletin: Bulletin, text: str) -> str:
    """The marking above and below; of an exercise that it is one, in the first words and the last."""
    frame = [bulletin.tlp_label]
    if bulletin.is_exercise:
        frame.append(_("THIS IS AN EXERCISE. Nothing has happened."))
    return "\n".join([*frame, "", text, "", *reversed(frame)])


def _link(bulletin: Bulletin) -> str:
    return f"{settings.SITE_URL}{reverse('advisories:bulletin', args=[bulletin.pk])}"
