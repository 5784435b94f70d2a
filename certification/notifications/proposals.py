"""What mails about the moves of a certificate say: that something happened, and where to read it. Never a reason."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certification.domain import proposals
from certification.models import Certificate, Proposal
from certification.notifications.certificates import revoked
from core.govuk.formats import uk_datetime
from core.notify import Message

__all__ = ["confirmed", "done", "dropped", "lapsed", "surrendered_to_police", "suspended_at_once", "waiting"]

_NOUNS = {
    proposals.SUSPEND: gettext_lazy("suspension"),
    proposals.REINSTATE: gettext_lazy("reinstatement"),
    proposals.REVOKE: gettext_lazy("revocation"),
    proposals.VARY: gettext_lazy("variation"),
    proposals.TRANSFER: gettext_lazy("transfer"),
}


def waiting(proposal: Proposal) -> Message:
    """To those who may be the second."""
    if proposal.lapses_at is not None:
        return Message(
            kind="proposal.urgent",
            subject=_("Urgent: a suspension needs a second officer"),
            body=_(
                "An officer of your area has suspended a certificate at once. It lapses on %(when)s unless a second officer "
                "confirms it before then.\n\nRead the reason and answer here:\n%(link)s\n"
            )
            % {"when": uk_datetime(proposal.lapses_at), "link": _proposal_link(proposal)},
        )
    return Message(
        kind="proposal.waiting",
        subject=_("A proposal is waiting for a second officer: %(what)s") % {"what": _NOUNS[proposal.kind]},
        body=_(
            "An officer of your area has made a proposal about a certificate (%(what)s). Nothing happens until a second "
            "officer has confirmed it.\n\nRead the reason and answer here:\n%(link)s\n"
        )
        % {"what": _NOUNS[proposal.kind], "link": _proposal_link(proposal)},
    )


def dropped(proposal: Proposal) -> Message:
    """To whoever proposed it."""
    return Message(
        kind="proposal.dropped",
        subject=_("A proposal of yours was not confirmed: %(what)s") % {"what": _NOUNS[proposal.kind]},
        body=_("A proposal that you made about a certificate was dropped, or was overtaken by events.\n\n%(link)s\n")
        % {"link": _proposal_link(proposal)},
    )


def confirmed(proposal: Proposal) -> Message:
    """To whoever proposed it."""
    return Message(
        kind="proposal.confirmed",
        subject=_("A proposal of yours has been confirmed: %(what)s") % {"what": _NOUNS[proposal.kind]},
        body=_("A second officer has confirmed a proposal that you made about a certificate.\n\n%(link)s\n")
        % {"link": _proposal_link(proposal)},
    )


def done(proposal: Proposal) -> Message:
    """To the holder, once it has taken effect. Of a transfer both sides are told by `notifications.transfers`."""
    write = {
        proposals.SUSPEND: _suspended,
        proposals.REINSTATE: _reinstated,
        proposals.REVOKE: revoked,
        proposals.VARY: _varied,
        proposals.SURRENDER: _surrendered,
    }[proposal.kind]
    return write(proposal.certificate)


def suspended_at_once(proposal: Proposal) -> Message:
    assert proposal.lapses_at is not None  # noqa: S101 - by certification_proposal_urgent_lapses
    return Message(
        kind="certificate.suspended",
        subject=_("Certificate %(number)s has been suspended") % {"number": proposal.certificate.number},
        body=_(
            "The police have suspended certificate %(number)s for %(subject)s at once. While it is suspended it is not "
            "valid: please take down every copy that is on show.\n\nThe suspension ends by itself on %(when)s unless a "
            "second officer confirms it; you will be told either way.\n\nThe reason, and whom to speak to:\n%(link)s\n"
        )
        % {**_names(proposal.certificate), "when": uk_datetime(proposal.lapses_at)},
    )


def lapsed(proposal: Proposal) -> Message:
    """To the holder and to the officers: the same words."""
    return Message(
        kind="certificate.suspension_lapsed",
        subject=_("The suspension of certificate %(number)s has ended") % {"number": proposal.certificate.number},
        body=_(
            "The urgent suspension of certificate %(number)s for %(subject)s was not confirmed and has ended. The "
            "certificate is in force again.\n\n%(link)s\n"
        )
        % _names(proposal.certificate),
    )


def surrendered_to_police(proposal: Proposal) -> Message:
    return Message(
        kind="certificate.surrendered_to_police",
        subject=_("A certificate of your area has been surrendered"),
        body=_("The holder of certificate %(number)s for %(subject)s has given it up.\n\nTheir reason:\n%(link)s\n")
        % _names(proposal.certificate),
    )


def _suspended(certificate: Certificate) -> Message:
    return Message(
        kind="certificate.suspended",
        subject=_("Certificate %(number)s is suspended") % {"number": certificate.number},
        body=_(
            "Certificate %(number)s for %(subject)s is suspended until the police reinstate it. While it is suspended it is "
            "not valid: please take down every copy that is on show.\n\nThe reason, and whom to speak to:\n%(link)s\n"
        )
        % _names(certificate),
    )


def _reinstated(certificate: Certificate) -> Message:
    return Message(
        kind="certificate.reinstated",
        subject=_("Certificate %(number)s is in force again") % {"number": certificate.number},
        body=_("The suspension of certificate %(number)s for %(subject)s is over: it is in force again.\n\n%(link)s\n")
        % _names(certificate),
    )


def _varied(certificate: Certificate) -> Message:
    return Message(
        kind="certificate.varied",
        subject=_("Certificate %(number)s is being varied") % {"number": certificate.number},
        body=_(
            "The police have changed what certificate %(number)s for %(subject)s says. A new certificate takes its place as "
            "soon as its document is made; you will have another mail then.\n\nWhat changes, and why:\n%(link)s\n"
        )
        % _names(certificate),
    )


def _surrendered(certificate: Certificate) -> Message:
    return Message(
        kind="certificate.surrendered",
        subject=_("Certificate %(number)s has been surrendered") % {"number": certificate.number},
        body=_(
            "Your organisation has given up certificate %(number)s for %(subject)s. It is no longer valid: please take down "
            "every copy that is on show.\n\n%(link)s\n"
        )
        % _names(certificate),
    )


def _names(certificate: Certificate) -> dict[str, str]:
    link = settings.SITE_URL + reverse("certification:certificate", args=[certificate.pk])
    return {"number": certificate.number, "subject": certificate.subject_name, "link": link}


def _proposal_link(proposal: Proposal) -> str:
    return settings.SITE_URL + reverse("certification:proposal", args=[proposal.certificate_id, proposal.pk])
