from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class PoliceArea(models.Model):
    """A force's area. The 43 territorial forces of England and Wales, Police Scotland, PSNI and British Transport Police."""

    code = models.SlugField(_("code"), primary_key=True, max_length=40)
    name = models.CharField(_("name"), max_length=80, unique=True)
    nation = models.CharField(_("nation"), max_length=24)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Appointment(models.Model):
    class Role(models.TextChoices):
        ADVISER = "adviser", _("police adviser")
        AUTHORISER = "authoriser", _("authorising officer")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="appointments")
    area = models.ForeignKey(PoliceArea, on_delete=models.PROTECT, related_name="appointments")
    role = models.CharField(_("role"), max_length=12, choices=Role)
    appointed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", help_text="null: first set-up"
    )
    appointed_at = models.DateTimeField(_("appointed"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "area", "role"],
                condition=models.Q(ended_at__isnull=True),
                name="accounts_appointment_one_current",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.area_id}"
