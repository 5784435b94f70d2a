"""That a sweep ran: what an alarm is told from when one did not."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SweepRun(models.Model):
    """Not finished: it is at work, or was killed. `error` is a class of exception, never its text."""

    kind = models.CharField(_("kind"), max_length=32)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    counts = models.JSONField(_("what it did"), default=dict)
    error = models.CharField(_("error"), max_length=120, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "-finished_at"], name="core_sweeprun_kind"),
            models.Index(fields=["-started_at", "-id"], name="core_sweeprun_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.started_at:%Y-%m-%d %H:%M}"
