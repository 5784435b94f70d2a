"""What people choose to be sent beside their duties. No choice here touches mail about a duty."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import MailChoice, User
from accounts.services.users import case_of
from core import audit


def choose(*, actor: User, overviews: bool) -> MailChoice:
    """One's own."""
    return _set(actor.pk, overviews=overviews, actor=actor)


def stop_overviews(*, person_id: UUID) -> MailChoice:
    """By the signed link of a mail, without a sign-in: whoever holds it may end that mail and nothing else."""
    return _set(person_id, overviews=False, actor=None)


def _set(person_id: UUID, *, overviews: bool, actor: User | None) -> MailChoice:
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=person_id)
        choice, _made = MailChoice.objects.get_or_create(user=user, defaults={"changed_at": timezone.now()})
        if choice.overviews != overviews:
            choice.overviews, choice.changed_at = overviews, timezone.now()
            choice.save(update_fields=["overviews", "changed_at"])
            facts = {"overviews": overviews, "by_link": actor is None}
            audit.record(actor=actor, action="user.mail_chosen", target=user, case=case_of(user), facts=facts)
        return choice
