from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class _LightManager(models.Manager["StandardVersion"]):
    """How a plan comes by its standard: the document, a third of a megabyte, is read when it is asked for.

    Once in a process as a rule: what is compiled from it is kept (selectors.standards.compiled).
    """

    def get_queryset(self) -> models.QuerySet[StandardVersion]:
        return super().get_queryset().defer("document")


class StandardVersion(models.Model):
    """One version of a standard, whole, as loaded. Once published a trigger refuses any change but withdrawal."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    code = models.CharField(_("code"), max_length=32)
    version = models.CharField(_("version"), max_length=8)
    title = models.CharField(_("title"), max_length=200)
    effective_from = models.DateField(_("in force from"))
    document = models.JSONField(_("document"))
    sha256 = models.CharField(max_length=64)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DRAFT)
    loaded_at = models.DateTimeField(_("loaded"))
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = models.Manager["StandardVersion"]()
    light = _LightManager()

    class Meta:
        base_manager_name = "light"
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="certification_standard_version"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(published_at__isnull=False), name="certification_standard_published_at"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"
