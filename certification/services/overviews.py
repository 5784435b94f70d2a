"""The monthly overview: promised to the owners and editors of each holder who have not stopped it, once a month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import CharField, F, Value
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.translation import gettext as _

from certification.notifications import overviews as messages
from certification.selectors.overviews import holders_after
from certification.selectors.reminders import editing_members
from core import mailings, sweeps

CHUNK: Final = 1000


def sweep(*, today: date) -> int:
    """How many messages were promised. It runs each hour of the day, so that a first of the month that was missed is
    caught up;
    once it has gone through, the rest of the month costs one look.
    """
    month = today.year * 100 + today.month
    with sweeps.run("overviews") as counts:
        counts["messages"] = 0
        if not sweeps.counted("overviews", "month", month):
            last: UUID | None = None
            while ids := holders_after(last, today=today, size=CHUNK):
                counts["messages"] += _promise(ids, today)
                last = ids[-1]
        counts["month"] = month
    return counts["messages"]


def _promise(organisations: Sequence[UUID], today: date) -> int:
    """Whoever was promised one by a run that was cut off keeps that one: the key is the same."""
    key = Concat(
        Value("overview:"),
        mailings.hexed("organisation_id"),
        Value(f":{today:%Y-%m}:"),
        mailings.hexed("user_id"),
        output_field=CharField(),
    )
    wanting = editing_members().filter(organisation_id__in=organisations).exclude(user__mail_choice__overviews=False)
    people = wanting.annotate(mail_key=key, mail_person=F("user_id"), mail_address=F("user__email"))
    with transaction.atomic():
        return mailings.promise(
            people, kind=messages.KIND, subject=_("Your certificates this month"), at=timezone.now()
        )
