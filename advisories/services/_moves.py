"""The one writer of a bulletin's and of a place's state (house.md, law 4). The caller holds the row's lock."""

from __future__ import annotations

from django.utils.translation import gettext as _

from advisories.domain import bulletins as rules
from advisories.models import Bulletin, BulletinPlace
from core.errors import IllegalMove


def move_bulletin(bulletin: Bulletin, action: str) -> None:
    """Move in memory; the caller saves together with what else the action changes. Raises IllegalMove."""
    after = rules.after(bulletin.state, action)
    if after is None:
        raise IllegalMove(
            _("An advisory that is “%(state)s” cannot %(action)s.")
            % {"state": bulletin.get_state_display(), "action": _spoken(action)}
        )
    bulletin.state = after


def move_place(place: BulletinPlace, action: str) -> None:
    after = rules.place_after(place.state, action)
    if after is None:
        raise IllegalMove(
            _("A place that is “%(state)s” cannot %(action)s.")
            % {"state": place.get_state_display(), "action": _spoken(action)}
        )
    place.state = after


def _spoken(action: str) -> str:
    return {
        "submit": _("be sent for approval"),
        "settle": _("be made ready"),
        "approve": _("be approved"),
        "send_back": _("be sent back"),
        "reopen": _("be changed"),
        "discard": _("be discarded"),
        "publish": _("be published"),
        "schedule": _("be scheduled"),
        "supersede": _("be updated"),
        "retract": _("be retracted"),
        "acknowledge": _("be acknowledged"),
        "complete": _("be marked as done"),
        "dismiss": _("be marked as not applicable"),
    }[action]
