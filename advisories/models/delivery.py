"""Who is told of a bulletin, by which way and when; what people wish; the keys of their feeds."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from advisories.models.bulletins import Bulletin

__all__ = ["BulletinPreferences", "BulletinRecipient", "FeedToken"]


class BulletinRecipient(models.Model):
    """One person of one bulletin, once. `mail` is where its message is; the inbox has it from the first moment."""

    class Mail(models.TextChoices):
        PROMISED = "promised", _("handed to the post")
        HELD = "held", _("waiting for the end of quiet hours")
        DIGEST = "digest", _("waiting for the daily digest")
        MUTED = "muted", _("not mailed, by their own wish")
        DROPPED = "dropped", _("not mailed: it was withdrawn first")

    class Via(models.TextChoices):
        AUDIENCE = "audience", _("a place of theirs")
        SUBSCRIPTION = "subscription", _("their own subscription")
        EARLIER = "earlier", _("they got the earlier version")

    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="recipients")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bulletins")
    via = models.CharField(_("because of"), max_length=12, choices=Via)
    mail = models.CharField(_("mail"), max_length=8, choices=Mail)
    mail_due_at = models.DateTimeField(_("to be mailed"), null=True, blank=True)
    addressed_at = models.DateTimeField(_("addressed"))
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bulletin", "user"], name="advisories_bulletinrecipient_once"),
            models.CheckConstraint(
                condition=~Q(mail__in=["held", "digest"]) | Q(mail_due_at__isnull=False),
                name="advisories_bulletinrecipient_held_until",
            ),
        ]
        indexes = [
            models.Index(
                fields=["mail_due_at", "id"],
                name="advisories_recipient_waiting",
                condition=Q(mail__in=["held", "digest"]),
            ),
            models.Index(fields=["user", "bulletin"], name="advisories_recipient_user"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} of {self.bulletin_id}"


class BulletinPreferences(models.Model):
    """A person's own wishes; without a row none. Extra sectors and areas bring TLP:GREEN and TLP:CLEAR alone."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bulletin_preferences")
    sectors = models.JSONField(_("extra sectors"), default=list)
    areas = models.JSONField(_("extra areas"), default=list)
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    digest = models.BooleanField(_("one mail a day for what can wait"), default=False)
    mute_minor = models.BooleanField(_("no mail for minor ones"), default=False)
    # Whether the expansion of an audience has to look at it.
    subscribes = models.BooleanField(default=False)
    updated_at = models.DateTimeField(_("saved"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="advisories_bulletinpreferences_quiet_span",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="advisories_subscribers", condition=Q(subscribes=True)),
        ]

    def __str__(self) -> str:
        return f"wishes of {self.user_id}"


class FeedToken(models.Model):
    """What a reader's program finds its feed by. The secret's SHA-256 is kept; the prefix finds the row."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="feed_tokens")
    prefix = models.CharField(max_length=12, unique=True)
    secret_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(_("made"))
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(revoked_at__isnull=True), name="advisories_feedtoken_one_current"
            ),
        ]

    def __str__(self) -> str:
        return self.prefix
