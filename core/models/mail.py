"""A message on its way out. Bodies hold no plan content: a line of text and a link (house.md, law 12)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import crypto


class OutgoingMail(models.Model):
    """`sealed_body` because the link may be the key to an account: a backup or an injected query must not hand it over.

    Emptied once the message was handed to a mail server.
    """

    key = models.CharField(_("idempotency key"), max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=64)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    to = models.EmailField(_("to"))
    subject = models.CharField(_("subject"), max_length=200)
    sealed_body = models.TextField(_("sealed text"), blank=True)
    created_at = models.DateTimeField(_("created"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    # Refused when it was handed over (then it has no `sent_at`), or reported afterwards.
    bounced_at = models.DateTimeField(_("came back"), null=True, blank=True)
    bounce_code = models.CharField(
        _("status code of the refusal"), max_length=12, blank=True, default="", db_default=""
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(bounced_at__isnull=True, bounce_code="")
                | (Q(bounced_at__isnull=False) & ~Q(bounce_code="")),
                name="core_outgoingmail_returned_has_code",
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="core_outgoingmail_newest"),
            models.Index(
                fields=["recipient", "bounced_at"],
                name="core_outgoingmail_returned",
                condition=Q(bounced_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def body(self) -> str:
        """Opened; empty after sending. Raises crypto.SealBroken when its key has left the ring."""
        return crypto.decrypt_text(self.sealed_body, about=f"mail:{self.key}") if self.sealed_body else ""
