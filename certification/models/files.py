"""Files made of certificates after they were issued: the poster, documents in a newer design, and bundles of an estate."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.selectors import Viewer, authority
from certification.domain import bundles


class CertificateFile(models.Model):
    """A document in a newer design, or a poster. The certificate's own document stays what it is (house.md, law 8)."""

    class Kind(models.TextChoices):
        DOCUMENT = "document", _("document")
        POSTER = "poster", _("poster")

    certificate = models.ForeignKey("certification.Certificate", on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    template_version = models.CharField(_("design"), max_length=16)
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    made_at = models.DateTimeField(_("made"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["certificate", "kind", "template_version"], name="certification_file_once_in_a_design"
            )
        ]
        indexes = [models.Index(fields=["sha256"], name="certification_file_sha256")]

    def __str__(self) -> str:
        return f"{self.kind} {self.template_version} of {self.certificate_id}"


class BundleQuerySet(models.QuerySet["Bundle"]):
    def visible_to(self, user: Viewer) -> Self:
        """Members of the organisation alone (policies.can_view)."""
        return self.filter(organisation_id__in=list(authority(user).organisations))


class Bundle(models.Model):
    """All standing certificates of an organisation as one ZIP, made by the worker and kept for a week.

    `done` of `total` is what the worker has packed; it may begin anew after a kill.
    """

    class State(models.TextChoices):
        WAITING = bundles.WAITING, _("waiting")
        MAKING = bundles.MAKING, _("being made")
        READY = bundles.READY, _("ready")
        FAILED = bundles.FAILED, _("failed")
        EXPIRED = bundles.EXPIRED, _("deleted")

    class Kind(models.TextChoices):
        DOCUMENTS = "documents", _("certificates")
        POSTERS = "posters", _("posters")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("of"), max_length=9, choices=Kind)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(_("asked for"))
    total = models.PositiveIntegerField(_("certificates"), default=0)
    done = models.PositiveIntegerField(_("packed"), default=0)
    name = models.CharField(max_length=120, blank=True)
    size = models.PositiveBigIntegerField(_("size"), default=0)
    finished_at = models.DateTimeField(_("made"), null=True, blank=True)
    expires_at = models.DateTimeField(_("deleted on"), null=True, blank=True)

    objects = BundleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind"],
                condition=Q(state__in=bundles.OPEN),
                name="certification_bundle_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=bundles.READY)
                | (Q(finished_at__isnull=False, expires_at__isnull=False) & ~Q(name="") & Q(size__gt=0)),
                name="certification_bundle_ready_has_file",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "-requested_at", "-id"], name="certification_bundle_org"),
            models.Index(
                fields=["expires_at", "id"], name="certification_bundle_expiring", condition=Q(state=bundles.READY)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.organisation_id}"
