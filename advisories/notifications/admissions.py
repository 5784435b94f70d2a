"""What a mail says of an organisation that asks to come into a network; the reasons are read signed in."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from advisories.domain import admissions as rules
from advisories.domain.sectors import SECTORS
from advisories.models import NetworkAdmission
from core.notify import Message

__all__ = ["asked", "decided"]


def asked(admission: NetworkAdmission) -> Message:
    link = reverse("advisories:network_admission", args=[admission.sector, admission.pk])
    network = reverse("advisories:network", args=[admission.sector])
    return Message(
        kind="network.admission_asked",
        subject=_("An organisation asks to join the network %(network)s") % {"network": _name(admission)},
        body=_(
            "An organisation asks to join the network %(network)s. Read what it says, and admit or refuse it:\n%(link)s\n\n"
            "Officers who are not in the network join it first:\n%(join)s"
        )
        % {
            "network": _name(admission),
            "link": f"{settings.SITE_URL}{link}",
            "join": f"{settings.SITE_URL}{network}",
        },
    )


def decided(admission: NetworkAdmission) -> Message:
    subject, body = {
        rules.ADMITTED: (
            _("Your organisation was admitted to the network %(network)s"),
            _("Your organisation was admitted to the network %(network)s. Its people can now join:\n%(link)s"),
        ),
        rules.REFUSED: (
            _("Your organisation was not admitted to the network %(network)s"),
            _(
                "Your organisation was not admitted to the network %(network)s. The reason stands on its page:\n%(link)s"
            ),
        ),
        rules.ENDED: (
            _("Your organisation is no longer in the network %(network)s"),
            _(
                "Your organisation is no longer in the network %(network)s, and its people cannot read there. The reason stands "
                "on its page:\n%(link)s"
            ),
        ),
    }[admission.state]
    link = f"{settings.SITE_URL}{reverse('advisories:network', args=[admission.sector])}"
    words = {"network": _name(admission), "link": link}
    return Message(kind=f"network.admission_{admission.state}", subject=subject % words, body=body % words)


def _name(admission: NetworkAdmission) -> str:
    return SECTORS[admission.sector].label
