"""Searching the public register at national size, on PostgreSQL: ratios to its first page without any words.

The number of names is the first argument, or BENCH_ROWS; the budgets are for 1,000,000 and are held at any size.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from bench import _national as national

NAMES = 200_000
# So many names share a word: every third is a hall, one in a thousand is "Aldermere", one alone is "Quillfeather".
_HALLS, _ALDERMERE = 3, 1000


def fill(count: int) -> None:
    from certification.models import Certificate, RegisterIndex
    from certification.services import register
    from events.models import Venue
    from tests.factories import accounts as people
    from tests.factories import certificates as make

    organisation = people.make_organisation(people.make_user("Olive Organiser", email="organiser@example.org"))
    certificate = make.certificate_in("in_force", organisation)
    index = RegisterIndex.objects.get()

    def name(what: str) -> str:
        return f"md5('{what}' || i)::uuid"

    # Invented words of the lengths that words have, and a postcode of 2,500 districts.
    word = "translate(left(md5({}), 4 + mod(i, 5)), '0123456789', 'ghijklmnop')"
    some, own = word.format("'a' || mod(i, 40000)"), word.format("'b' || i")
    said = (
        f"({some} || CASE WHEN mod(i, {_HALLS}) = 0 THEN ' hall ' WHEN mod(i, {_ALDERMERE}) = 1 THEN ' aldermere ' "
        f"WHEN i = 77 THEN ' quillfeather ' ELSE ' house ' END || {own})"
    )
    postcode = "('ls' || mod(i, 2500) || ' ' || mod(i, 10) || chr(97 + mod(i, 19)) || chr(97 + mod(i, 17)))"
    national.multiply(Venue, certificate.venue, count, {"id": name("venue")})
    national.multiply(
        Certificate,
        certificate,
        count,
        {
            "id": name("certificate"),
            "venue_id": name("venue"),
            "basis": "'variation'",
            "number": "'BENCH-' || i",
            "token": "md5('token' || i) || lpad(i::text, 11, '0')",
            "subject_name": said,
        },
    )
    national.multiply(
        RegisterIndex,
        index,
        count,
        {
            "certificate_id": name("certificate"),
            "sort_name": said,
            "text": f"' ' || {said} || ' otley ' || {postcode} || ' harbour lights trust '",
            "state": "CASE WHEN mod(i, 500) = 0 THEN 'revoked' ELSE 'in_force' END",
        },
    )
    register._learn({"hall", "house", "aldermere", "quillfeather", "otley"})


def main() -> int:
    count = national.size(NAMES)
    with national.database():
        from django.utils import timezone

        from certification.models import RegisterIndex
        from certification.selectors import register
        from certification.selectors.register import Search

        fill(count)
        national.analyze()
        today = timezone.localdate()

        def page(words: str = "", *, after: str = "", state: str = "") -> Callable[[], register.RegisterPage]:
            return lambda: register.page(Search(words=words, state=state), today=today, after=after)

        print(f"{RegisterIndex.objects.count():,} names")
        first = national.seconds(page(), rounds=15)
        budget = national.Budget()
        budget.say("the last page", national.seconds(page(after=before_last()), rounds=15), first, 2)
        budget.say("a rare word", national.seconds(page("quillfeather"), rounds=15), first, 10)
        budget.say("a rare word, mistyped", national.seconds(page("quilfeahter"), rounds=15), first, 10)
        budget.say("a postcode", national.seconds(page("ls77 7cq"), rounds=15), first, 10)
        budget.say("a word of one name in a thousand", national.seconds(page("aldermere")), first, 150)
        budget.say("a common word", national.seconds(page("hall")), first, 150)
        budget.say("a common word, mistyped", national.seconds(page("haall")), first, 150)
        budget.say("a word of every entry", national.seconds(page("otley")), first, 150)
        budget.say("a word of none", national.seconds(page("zzyzzy")), first, 10)
        budget.say("what was revoked", national.seconds(page(state="revoked"), rounds=15), first, 2)
        budget.count("hits that are put in order", register.RANKED_AT_MOST, 500)
        return budget.close()


def before_last() -> str:
    """The cursor of the page that ends the register."""
    from certification.models import RegisterIndex
    from core import keyset

    order = ("sort_name", "certificate_id")
    near_the_end = RegisterIndex.objects.order_by("-sort_name", "-certificate_id")[30]
    rows = RegisterIndex.objects.filter(sort_name__gte=near_the_end.sort_name)
    found = keyset.page(rows, order=order, size=3)
    assert found.next_cursor is not None  # noqa: S101 - there are more names than a page
    return found.next_cursor


if __name__ == "__main__":
    sys.exit(main())
