from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class MailChoice(models.Model):
    """What a person wants to be sent beside their duties, which are not asked. No row is the usual: yes."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.PROTECT, related_name="mail_choice"
    )
    overviews = models.BooleanField(_("monthly overview"), default=True)
    changed_at = models.DateTimeField(_("changed"))

    def __str__(self) -> str:
        return f"{self.user_id}: {self.overviews}"
