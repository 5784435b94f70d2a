"""The monthly overview for the owners and editors of an organisation. It may be stopped; reminders may not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.selectors import stop_token
from certification.selectors.overviews import Holding, holdings
from core.govuk.formats import uk_date
from core.models import OutgoingMail
from core.notify import Message

KIND: Final = "estate.overview"
_LISTED_AT_MOST: Final = 50


def compose(mails: Sequence[OutgoingMail]) -> Mapping[int, Message]:
    """By their keys, which are `overview:organisation:month:person`."""
    about = {mail.pk: mail.key.split(":") for mail in mails}
    today = max(timezone.localdate(mail.created_at) for mail in mails)
    held = holdings({UUID(parts[1]) for parts in about.values()}, today=today)
    return {pk: overview(held.get(UUID(parts[1]), Holding()), UUID(parts[3])) for pk, parts in about.items()}


def overview(held: Holding, person_id: UUID) -> Message:
    stop = settings.SITE_URL + reverse("accounts:mail_stop", args=[stop_token(person_id)])
    return Message(
        kind=KIND,
        subject=_("Your certificates this month"),
        body=_(
            "%(name)s\n\n%(counts)s\n%(soon)s\nAll your certificates:\n%(link)s\n\n"
            "You get this once a month. To stop it:\n%(stop)s\n"
            "Mail about what you have to do is sent all the same.\n"
        )
        % {
            "name": held.name or _("Your organisation"),
            "counts": _counts(held),
            "soon": _soon(held),
            "link": settings.SITE_URL + reverse("certification:certificates"),
            "stop": stop,
        },
        unsubscribe=stop,
    )


def _counts(held: Holding) -> str:
    said = ngettext("%d certificate is in force.", "%d certificates are in force.", held.in_force) % held.in_force
    if held.suspended:
        said += " " + ngettext("%d is suspended.", "%d are suspended.", held.suspended) % held.suspended
    return f"{said}\n"


def _soon(held: Holding) -> str:
    if not held.soon:
        return _("None runs out in the next 120 days.\n")
    lines = [
        _("%(until)s: %(number)s, %(subject)s")
        % {"until": uk_date(one.valid_until), "number": one.number, "subject": one.subject_name}
        for one in held.soon[:_LISTED_AT_MOST]
    ]
    more = len(held.soon) - len(lines)
    if more:
        lines.append(ngettext("And %d more.", "And %d more.", more) % more)
    return _("Running out in the next 120 days:\n%(lines)s\n") % {"lines": "\n".join(lines)}
