"""What the pages of networks, reports, lessons and guidance answer to each role."""

from __future__ import annotations

from collections.abc import Callable

from tests.architecture.authority_rows import ANYBODY, SIGNED_IN, Ask, posts
from tests.factories.case import Case

__all__ = ["ASKS"]


def _net(name: str = "", *, slug: bool = True) -> Callable[[Case], list[object]]:
    """The arguments of an address in the network of the halls."""

    def args(case: Case) -> list[object]:
        sector: list[object] = ["commercial"] if slug else []
        return [*sector, getattr(case.network, name).pk] if name else sector

    return args


def _admission(case: Case) -> list[object]:
    return ["stadia", case.network.admission.pk]


def _colleague(case: Case) -> list[object]:
    return ["commercial", case.network.colleague.networks.get().pk]


def _version(name: str) -> Callable[[Case], list[object]]:
    return lambda case: [getattr(case.network, name).series, getattr(case.network, name).number]


#                          nobody own edi vie str adv aut oth adm aud
_IN_NETWORK = "           302 200 403 403 403 200 403 403 403 403"
_OF_NETWORK = "           302 200 404 404 404 200 404 404 404 200"
_NETWORK_LEAD = "         302 403 403 403 403 200 403 403 403 403"
_NETWORK_LEAD_DONE = "    302 403 403 403 403 302 403 403 403 403"
_NETWORKS = {
    "advisories:sectors": Ask(SIGNED_IN),
    "advisories:network": Ask(SIGNED_IN, _net()),
    "advisories:network_join": Ask("302 302 302 302 403 302 302 302 403 403", _net(), data=posts),
    "advisories:network_ask": Ask("302 200 200 403 403 403 403 403 403 403", lambda _: ["stadia"]),
    "advisories:network_admissions": Ask("302 403 403 403 403 200 403 403 403 200", _net()),
    "advisories:network_admission": Ask("302 200 200 200 404 200 404 404 404 200", _admission),
    "advisories:network_withdraw": Ask("302 302 302 403 404 403 404 404 404 403", _admission, data=posts),
    "advisories:network_search": Ask(SIGNED_IN, _net()),
    "advisories:network_leave": Ask("302 302 302 302 302 302 302 302 302 302", _net(), data=posts),
    "advisories:network_mail": Ask("302 302 403 403 403 302 403 403 403 403", _net(), data=lambda _: {"mail": "each"}),
    # Whoever appoints the police lead sees the moderators, and no member.
    "advisories:network_members": Ask("302 200 403 403 403 200 200 403 200 200", _net()),
    "advisories:network_remove": Ask(_NETWORK_LEAD, _colleague),
    "advisories:network_readmit": Ask(
        _NETWORK_LEAD_DONE, lambda case: ["commercial", case.network.removed], data=posts
    ),
    "advisories:network_appoint": Ask(_NETWORK_LEAD, lambda _: ["commercial", "industry"]),
    "advisories:network_end": Ask("302 403 403 403 403 302 302 403 302 403", _net("moderator"), data=posts),
    "advisories:network_new": Ask(_IN_NETWORK, _net()),
    "advisories:network_post": Ask(_OF_NETWORK, _net("question")),
    "advisories:network_hide": Ask("302 403 404 404 404 200 404 404 404 403", _net("news")),
    "advisories:network_pin": Ask(
        "302 403 404 404 404 302 404 404 404 403", _net("news"), data=lambda _: {"pinned": "yes"}
    ),
    "advisories:network_answer": Ask(
        "302 302 404 404 404 302 404 404 404 403",
        _net("question"),
        data=lambda case: {"reply": str(case.network.answer.pk)},
    ),
}
_SIGHTINGS = {
    "advisories:sightings": Ask(SIGNED_IN),
    "advisories:sighting_new": Ask(SIGNED_IN),
    "advisories:sightings_queue": Ask("302 403 403 403 403 200 200 200 403 200"),
    "advisories:sighting": Ask("302 200 404 404 404 200 200 404 404 200", _net("sighting", slug=False)),
    # Nothing chosen: whoever may add a file is told so.
    "advisories:sighting_add_file": Ask(
        "302 422 404 404 404 403 403 404 404 403", _net("sighting", slug=False), data=posts
    ),
    "advisories:sighting_file": Ask(
        "302 200 404 404 404 200 200 404 404 403",
        lambda case: [case.network.seen.pk, case.network.sighting_file.pk],
    ),
    "advisories:sighting_act": Ask(
        "302 403 404 404 404 302 302 404 404 403", lambda case: [case.network.sighting.pk, "see"], data=posts
    ),
}
_CONTRIBUTOR = "          302 200 404 404 404 404 404 404 404 403"
_CONTRIBUTOR_DONE = "     302 302 404 404 404 404 404 404 404 403"
_REVIEWERS = "            302 403 404 404 404 200 200 200 200 403"
_REVIEWERS_DONE = "       302 403 404 404 404 302 302 302 302 403"
_LESSONS = {
    "advisories:lessons": Ask(ANYBODY),
    "advisories:lesson": Ask("404 200 404 404 404 200 200 200 200 200", lambda case: [case.network.lesson.series]),
    "advisories:lesson_version": Ask(ANYBODY, _version("lesson_clear")),
    "advisories:lesson_new": Ask("302 200 200 200 200 200 200 200 200 403"),
    "advisories:lessons_mine": Ask(SIGNED_IN),
    "advisories:lessons_waiting": Ask("302 403 403 403 403 200 200 200 200 200"),
    "advisories:lesson_edit": Ask(_CONTRIBUTOR, _version("lesson_draft")),
    "advisories:lesson_submit": Ask(_CONTRIBUTOR_DONE, _version("lesson_draft"), data=posts),
    "advisories:lesson_discard": Ask(_CONTRIBUTOR_DONE, _version("lesson_draft"), data=posts),
    "advisories:lesson_publish": Ask(_REVIEWERS_DONE, _version("lesson_waiting"), data=posts),
    "advisories:lesson_send_back": Ask(_REVIEWERS, _version("lesson_waiting")),
    "advisories:lesson_revise": Ask("302 302 404 404 404 302 302 302 302 403", _version("lesson"), data=posts),
    "advisories:lesson_withdraw": Ask(_REVIEWERS, _version("lesson")),
}
_EDITORS_OF_PACK = "      302 404 404 404 404 200 404 404 200 403"
_EDITORS_OF_PACK_DONE = " 302 404 404 404 404 302 404 404 302 403"
_GUIDANCE = {
    "advisories:guidance": Ask(ANYBODY),
    "advisories:guidance_new": Ask("302 403 403 403 403 200 403 403 200 403"),
    "advisories:guidance_pack": Ask("404 200 404 404 404 200 200 200 200 200", _net("pack", slug=False)),
    # Its PDF is still being made.
    "advisories:guidance_pdf": Ask("404 409 404 404 404 409 409 409 409 409", _net("pack", slug=False)),
    "advisories:guidance_edit": Ask(_EDITORS_OF_PACK, _net("pack_draft", slug=False)),
    "advisories:guidance_publish": Ask(_EDITORS_OF_PACK_DONE, _net("pack_draft", slug=False), data=posts),
    "advisories:guidance_discard": Ask(_EDITORS_OF_PACK_DONE, _net("pack_draft", slug=False), data=posts),
    "advisories:guidance_revise": Ask("302 403 404 404 404 302 403 403 302 403", _net("pack", slug=False), data=posts),
    "advisories:guidance_withdraw": Ask("302 403 404 404 404 200 403 403 200 403", _net("pack", slug=False)),
}

ASKS: dict[str, Ask] = {**_NETWORKS, **_SIGHTINGS, **_LESSONS, **_GUIDANCE}
