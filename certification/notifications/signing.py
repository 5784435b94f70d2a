"""What national administrators are told when certificates cannot be signed. No case, no reason: that is in the log."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.notify import Message


def key_missing(*, waiting: int) -> Message:
    return Message(
        kind="signing.key_missing",
        subject=_("Certificates cannot be signed"),
        body=ngettext(
            "%(count)d certificate has been waiting for the signing key for more than 15 minutes.\n\n",
            "%(count)d certificates have been waiting for the signing key, the first for more than 15 minutes.\n\n",
            waiting,
        )
        % {"count": waiting}
        + _(
            "The decisions stand. The certificates will be issued by themselves once the key can be used again. "
            "Please tell those who run the service; the command “manage.py signing_key” says what is wrong.\n\n"
            "You get one message for each interruption.\n%(link)s\n"
        )
        % {"link": settings.SITE_URL},
    )
