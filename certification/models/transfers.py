"""The offer of a certified place to another organisation, from the holder's word to the police officers' decision."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.selectors import Viewer, authority
from certification.domain import transfer
from events.models import ResponsibleKind

_OPEN = Q(state__in=transfer.OPEN)


class TransferOfferQuerySet(models.QuerySet["TransferOffer"]):
    def visible_to(self, user: Viewer) -> Self:
        """The holder, whoever it was sent to, and, once it was accepted, their organisation and the area's police."""
        who = authority(user)
        if who.is_auditor:
            return self
        ours = list(who.organisations)
        found = Q(certificate__organisation_id__in=ours) | Q(to_organisation_id__in=ours)
        found |= Q(certificate__area_id__in=list(who.areas), accepted_at__isnull=False)
        if isinstance(user, User) and user.is_active:
            found |= Q(email=user.email.lower())
        return self.filter(found)


class TransferOffer(models.Model):
    """Sent to an address, in lower case: whether somebody has an account there is nobody's to find out by offering."""

    class State(models.TextChoices):
        OFFERED = transfer.OFFERED, _("offered")
        ACCEPTED = transfer.ACCEPTED, _("accepted, with the police")
        COMPLETED = transfer.COMPLETED, _("completed")
        DECLINED = transfer.DECLINED, _("declined")
        WITHDRAWN = transfer.WITHDRAWN, _("withdrawn")
        REFUSED = transfer.REFUSED, _("refused by the police")
        EXPIRED = transfer.EXPIRED, _("expired")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    certificate = models.ForeignKey(
        "certification.Certificate", on_delete=models.PROTECT, related_name="transfer_offers"
    )
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.OFFERED)
    email = models.EmailField(_("sent to"))
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField(_("offered"))
    expires_at = models.DateTimeField(_("to be answered by"))
    to_organisation = models.ForeignKey(
        "accounts.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    responsible_kind = models.CharField(
        _("the responsible person is"), max_length=12, choices=ResponsibleKind, blank=True
    )
    responsible_name = models.CharField(_("responsible person"), max_length=160, blank=True)
    responsible_ground = models.CharField(_("ground for saying so"), max_length=240, blank=True)
    senior_name = models.CharField(_("designated senior individual"), max_length=120, blank=True)
    senior_position = models.CharField(_("their position"), max_length=120, blank=True)
    capability = models.TextField(_("how they can do what the certificate rests on"), blank=True)
    declared_position = models.CharField(_("position of whoever declared it"), max_length=120, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_reason = models.TextField(_("why it ended"), blank=True)

    objects = TransferOfferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["certificate"], condition=_OPEN, name="certification_transfer_one_open"),
            models.CheckConstraint(
                condition=~Q(state__in=[transfer.ACCEPTED, transfer.COMPLETED, transfer.REFUSED])
                | Q(to_organisation__isnull=False, accepted_by__isnull=False, accepted_at__isnull=False),
                name="certification_transfer_accepted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state__in=transfer.OPEN, ended_at__isnull=True)
                | (~Q(state__in=transfer.OPEN) & Q(ended_at__isnull=False)),
                name="certification_transfer_ended_has_date",
            ),
        ]
        indexes = [
            models.Index(fields=["email"], name="certification_transfer_email", condition=_OPEN),
            models.Index(fields=["expires_at", "id"], name="certification_transfer_runsout", condition=_OPEN),
        ]

    def __str__(self) -> str:
        return f"offer of {self.certificate_id}"
