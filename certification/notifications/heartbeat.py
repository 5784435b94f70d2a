"""What administrators are told when a sweep stays away."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from certification.selectors.sweeps import name_of
from core.govuk.formats import uk_datetime
from core.notify import Message
from core.sweeps import Health


def overdue(health: Health) -> Message:
    last = uk_datetime(health.last_good) if health.last_good else _("never")
    return Message(
        kind="sweep.overdue",
        subject=_("A nightly job does not run: %(name)s") % {"name": name_of(health.kind)},
        body=_(
            "%(name)s: this has not run to its end since it should have. The last good run: %(last)s.\n\n"
            "Nothing is lost: what is due is caught up by the next run. But nobody is told until then. Ask those who run "
            "the service to look at its beat and worker.\n\n%(link)s\n"
        )
        % {
            "name": name_of(health.kind),
            "last": last,
            "link": settings.SITE_URL + reverse("certification:reminders_preview"),
        },
    )
