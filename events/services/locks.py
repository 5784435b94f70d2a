"""The lock of a subject: the first that is taken, before a plan's and a certificate's, wherever several are."""

from __future__ import annotations

from events.models import Subject

__all__ = ["locked"]


def locked(subject: Subject) -> Subject:
    """Fresh, and under lock until the transaction ends.

    Not against rows that merely refer to it: a signature that adds a certificate under locks of its own goes on.
    """
    rows = type(subject)._default_manager.select_for_update(of=("self",), no_key=True)
    return rows.get(pk=subject.pk)
