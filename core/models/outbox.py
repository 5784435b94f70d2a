"""Jobs promised by a committed transaction (house.md, law 7)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class OutboxJob(models.Model):
    """`key` makes a promise unique: enqueuing it twice is one job. A job is open until done or given up."""

    class Rank(models.IntegerChoices):
        """Which of the waiting jobs is next. Broker and sweep go by it, so what is long never stands before what presses."""

        # Somebody may be at risk, or waits before a screen.
        URGENT = 0, _("urgent")
        ORDINARY = 1, _("ordinary")
        # Mail to thousands that may come an hour later.
        MANY = 2, _("to many")
        # Nobody waits for it: a country's certificates in a new design.
        BACKGROUND = 3, _("background")

    kind = models.CharField(_("kind"), max_length=64)
    rank = models.PositiveSmallIntegerField(
        _("rank"), choices=Rank, default=Rank.ORDINARY, db_default=int(Rank.ORDINARY)
    )
    key = models.CharField(_("idempotency key"), max_length=200, unique=True)
    payload = models.JSONField(_("ids"), default=dict)
    created_at = models.DateTimeField(_("created"))
    available_at = models.DateTimeField(_("not before"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    lease_token = models.CharField(_("lease"), max_length=32, blank=True)
    lease_until = models.DateTimeField(_("lease ends"), null=True, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    failed_at = models.DateTimeField(_("given up"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=True) | models.Q(failed_at__isnull=True),
                name="core_outboxjob_one_end",
            ),
            models.CheckConstraint(condition=models.Q(rank__lte=3), name="core_outboxjob_rank"),
        ]
        indexes = [
            models.Index(
                fields=["rank", "available_at", "id"],
                name="core_outboxjob_next",
                condition=models.Q(done_at__isnull=True, failed_at__isnull=True),
            ),
            models.Index(
                fields=["failed_at"], name="core_outboxjob_failed", condition=models.Q(failed_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
