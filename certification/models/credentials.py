from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class CredentialStatus(models.Model):
    """A certificate's place in the status list, given when its document is first sealed, and never given again.

    The database's own counter is the index: no lock, and a gap costs two bits. `created_at` is the date of issue that
    the claim in the document states, so that a second run of the worker writes the same claim.
    """

    index = models.BigAutoField(primary_key=True)
    certificate = models.OneToOneField(
        "certification.Certificate", on_delete=models.PROTECT, related_name="credential_status"
    )
    created_at = models.DateTimeField(_("given"))

    def __str__(self) -> str:
        return str(self.index)
