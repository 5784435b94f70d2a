"""What the public register is searched by: rows that the services keep in step with the certificates.

A row is there while its certificate is on the register. It can be made anew at any time (`manage.py rebuild_register`);
what a page shows is read from the certificate itself.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from certification.domain import lifecycle


class RegisterIndex(models.Model):
    """`text` is folded (domain/search_words) with a space at either end, so that a whole word is ` word `.

    On PostgreSQL it has a trigram index and `sort_name` the collation "C", so that both databases sort alike.
    """

    certificate = models.OneToOneField(
        "certification.Certificate", primary_key=True, on_delete=models.PROTECT, related_name="register_index"
    )
    sort_name = models.CharField(_("name, folded"), max_length=200)
    text = models.TextField(_("name, place and holder, folded"))
    area = models.ForeignKey("accounts.PoliceArea", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(_("kind"), max_length=7)
    state = models.CharField(
        _("state"), max_length=12, choices=[(state, state) for state in lifecycle.CERTIFICATE_STATES]
    )
    valid_until = models.DateField(_("valid until"))
    changed_at = models.DateTimeField(_("changed"))

    class Meta:
        indexes = [
            models.Index(fields=["sort_name", "certificate"], name="certification_register_name"),
            models.Index(fields=["area", "sort_name", "certificate"], name="certification_register_area"),
            models.Index(fields=["kind", "sort_name", "certificate"], name="certification_register_kind"),
            models.Index(fields=["state", "sort_name", "certificate"], name="certification_register_state"),
            models.Index(fields=["changed_at"], name="certification_register_changed"),
        ]

    def __str__(self) -> str:
        return self.sort_name


class RegisterSpelling(models.Model):
    """A word of the register under each of its keys (domain/search_words.keys). Words only come: one too many does
    no harm, since nothing is shown but what rows of the register hold.
    """

    key = models.CharField(max_length=41)
    word = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "word"], name="certification_spelling_once")]

    def __str__(self) -> str:
        return f"{self.key}: {self.word}"
