from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class CertificateCondition(models.Model):
    certificate = models.ForeignKey("certification.Certificate", on_delete=models.PROTECT, related_name="conditions")
    criterion_code = models.CharField(_("criterion"), max_length=10)
    text = models.TextField(_("condition"))
    due_on = models.DateField(_("due"))
    discharged_at = models.DateTimeField(_("met"), null=True, blank=True)

    class Meta:
        ordering = ("due_on", "id")

    def __str__(self) -> str:
        return f"{self.criterion_code} by {self.due_on}"
