"""Public halves of keys that have signed, so that what they signed can be checked after they were replaced."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SigningKey(models.Model):
    """Nothing of a row changes but `retired_at`, by trigger: whoever could swap a public half could forge anything.

    `public` is a PEM chain, own certificate first, for documents, and a JWK for credentials.
    """

    class Purpose(models.TextChoices):
        DOCUMENT = "document", _("documents")
        CREDENTIAL = "credential", _("credentials and status lists")

    purpose = models.CharField(_("signs"), max_length=10, choices=Purpose)
    kid = models.CharField(_("key id"), max_length=64)
    public = models.TextField(_("public half"))
    first_used_at = models.DateTimeField(_("first used"))
    retired_at = models.DateTimeField(_("replaced by another"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["purpose", "kid"], name="core_signingkey_once"),
            models.CheckConstraint(
                condition=Q(retired_at__isnull=True) | Q(retired_at__gte=models.F("first_used_at")),
                name="core_signingkey_retired_after_use",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.kid}"


class SigningOutage(models.Model):
    """A time in which certificates waited for a key: the row is what makes one alarm of it. At most one is open."""

    is_open = models.BooleanField(default=True)
    began_at = models.DateTimeField(_("noticed"))
    ended_at = models.DateTimeField(_("over"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["is_open"], condition=Q(is_open=True), name="core_signingoutage_one_open"),
            models.CheckConstraint(
                condition=Q(is_open=True, ended_at__isnull=True) | Q(is_open=False, ended_at__isnull=False),
                name="core_signingoutage_end",
            ),
        ]

    def __str__(self) -> str:
        return f"from {self.began_at}"
