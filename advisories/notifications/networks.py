"""What a mail says of a network: that something is there, never what. Titles are words of the post too."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from advisories.domain.sectors import SECTORS
from advisories.models import NetworkMember, NetworkModerator, NetworkPost
from core.notify import Message

__all__ = ["answered", "appointed", "digest", "hidden", "posted", "removed", "replied"]


def posted(post: NetworkPost) -> Message:
    return Message(
        kind="network.posted",
        subject=_("New post in the network %(network)s") % {"network": _name(post.sector)},
        body=_(
            "There is a new post in the network %(network)s. Sign in to read it:\n%(link)s\n\n"
            "To get fewer of these messages:\n%(settings)s"
        )
        % {"network": _name(post.sector), "link": _thread(post), "settings": _network(post.sector)},
    )


def replied(thread: NetworkPost) -> Message:
    return Message(
        kind="network.replied",
        subject=_("A reply in the network %(network)s") % {"network": _name(thread.sector)},
        body=_("Somebody has replied to what you wrote in the network %(network)s:\n%(link)s")
        % {"network": _name(thread.sector), "link": _thread(thread)},
    )


def answered(thread: NetworkPost) -> Message:
    return Message(
        kind="network.answered",
        subject=_("Your question in the network %(network)s has an answer") % {"network": _name(thread.sector)},
        body=_("A reply to your question was marked as its answer:\n%(link)s") % {"link": _thread(thread)},
    )


def hidden(post: NetworkPost) -> Message:
    return Message(
        kind="network.hidden",
        subject=_("A moderator has hidden what you wrote"),
        body=_(
            "A moderator of the network %(network)s has hidden a post or reply of yours. It is kept, and you can read it "
            "with the reason:\n%(link)s"
        )
        % {"network": _name(post.sector), "link": _thread(post)},
    )


def removed(member: NetworkMember) -> Message:
    return Message(
        kind="network.removed",
        subject=_("You are no longer in the network %(network)s") % {"network": _name(member.sector)},
        body=_(
            "A moderator has removed you from the network %(network)s. The reason stands on its page:\n%(link)s\n\n"
            "If you think that this is wrong, ask its police lead, who is named there."
        )
        % {"network": _name(member.sector), "link": _network(member.sector)},
    )


def appointed(moderator: NetworkModerator) -> Message:
    return Message(
        kind="network.appointed",
        subject=_("You moderate the network %(network)s") % {"network": _name(moderator.sector)},
        body=_(
            "You have been appointed %(lead)s of the network %(network)s. Moderators pin what everybody should see, mark "
            "answers, and hide what should not stand there:\n%(link)s"
        )
        % {
            "lead": moderator.get_lead_display(),
            "network": _name(moderator.sector),
            "link": _network(moderator.sector),
        },
    )


def digest(sector: str, count: int) -> Message:
    return Message(
        kind="network.digest",
        subject=_("New in the network %(network)s") % {"network": _name(sector)},
        body=ngettext(
            "There is %(count)d new post in the network %(network)s since yesterday. Sign in to read it:\n%(link)s",
            "There are %(count)d new posts in the network %(network)s since yesterday. Sign in to read them:\n%(link)s",
            count,
        )
        % {"count": count, "network": _name(sector), "link": _network(sector)},
    )


def _name(sector: str) -> str:
    return SECTORS[sector].label


def _network(sector: str) -> str:
    return f"{settings.SITE_URL}{reverse('advisories:network', args=[sector])}"


def _thread(post: NetworkPost) -> str:
    head = post.thread_id or post.pk
    return f"{settings.SITE_URL}{reverse('advisories:network_post', args=[post.sector, head])}"
