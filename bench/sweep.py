"""The nightly reminders over a nation: 200,000 certificates that run out, on PostgreSQL, against one SQL statement.

The floor finds, marks and writes the mail rows of all of them in a single statement of the database's own, which no
program can beat; it is rolled back. Then the sweep does the same through the services, and once more at once. The number
of certificates is the first argument, or BENCH_ROWS.
"""

from __future__ import annotations

import sys
from datetime import timedelta

from bench import _national as national

CERTIFICATES = 50_000
# One organisation holds one, as a rule; one in fifty is an estate of twenty.
ESTATE = 20

_FLOOR = """
WITH due AS (
    SELECT c.id, c.organisation_id,
           CASE WHEN c.valid_until <= %(today)s + 7 THEN 7 WHEN c.valid_until <= %(today)s + 30 THEN 30
                WHEN c.valid_until <= %(today)s + 60 THEN 60 ELSE 90 END AS milestone
    FROM certification_certificate c
    WHERE c.state IN ('in_force', 'suspended') AND c.event_id IS NULL
      AND c.valid_until BETWEEN %(today)s AND %(today)s + 90
      AND NOT EXISTS (SELECT 1 FROM certification_plan p WHERE p.renews_id = c.id
                      AND p.state IN ('submitted', 'under_review', 'changes_requested', 'recommended', 'approved'))
), marked AS (
    INSERT INTO certification_reminder (certificate_id, milestone, created_at)
    SELECT due.id, due.milestone, now() FROM due
    WHERE NOT EXISTS (SELECT 1 FROM certification_reminder r
                      WHERE r.certificate_id = due.id AND r.milestone = due.milestone)
    RETURNING certificate_id
)
INSERT INTO core_outgoingmail (key, kind, recipient_id, "to", subject, sealed_body, created_at)
SELECT 'reminder:' || due.id || ':' || due.milestone || ':' || u.id, 'certificate.reminder', u.id, u.email,
       'A certificate runs out soon', '', now()
FROM due JOIN accounts_membership m ON m.organisation_id = due.organisation_id AND m.role IN ('owner', 'editor')
JOIN accounts_user u ON u.id = m.user_id AND u.is_active
"""


def fill(count: int) -> None:
    from django.utils import timezone

    from accounts.models import Membership, Organisation, User
    from certification.models import Certificate
    from events.models import Venue
    from tests.factories import accounts as people
    from tests.factories import certificates as make

    organisation = people.make_organisation(people.make_user("Olive Organiser", email="organiser@example.org"))
    certificate = make.running_until(
        make.certificate_in("in_force", organisation), timezone.localdate() + timedelta(days=400)
    )

    def name(what: str, number: str = "i") -> str:
        return f"md5('{what}' || {number})::uuid"

    # The holders of the estates hold the last fiftieth of the certificates.
    single = count - count // 50
    owner = f"(CASE WHEN i <= {single} THEN i ELSE {single} + (i - {single}) / {ESTATE} + 1 END)"
    holders = single + count // 50 // ESTATE + 1
    national.multiply(
        User, organisation.created_by, holders, {"id": name("user"), "email": "'user' || i || '@example.org'"}
    )
    national.multiply(Organisation, organisation, holders, {"id": name("organisation")})
    national.multiply(
        Membership,
        organisation.memberships.get(),
        holders,
        {"id": "1000000 + i", "organisation_id": name("organisation"), "user_id": name("user")},
    )
    common = {
        "organisation_id": name("organisation", owner),
        "venue_id": name("venue"),
        "basis": "'variation'",
        "decided_on": "current_date - 700",
        "token": "md5('token' || i) || lpad(i::text, 11, '0')",
    }
    national.multiply(Venue, certificate.venue, 2 * count, {"id": name("venue")})
    for first, until in ((0, "current_date + mod(i, 91)::int"), (count, "current_date + 300")):
        # As many again that do not run out soon.
        number = f"(i + {first})"
        national.multiply(
            Certificate,
            certificate,
            count,
            {
                **common,
                "id": name("certificate", number),
                "venue_id": name("venue", number),
                "number": f"'BENCH-' || {number}",
                "token": f"md5('token' || {number}) || lpad({number}::text, 11, '0')",
                "valid_until": until,
            },
        )


def main() -> int:
    count = national.size(CERTIFICATES)
    with national.database():
        from django.db import connection, transaction
        from django.utils import timezone

        from certification.models import Reminder
        from certification.services import reminders
        from core.models import OutboxJob, OutgoingMail

        fill(count)
        national.analyze()
        today = timezone.localdate()

        def floor() -> None:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(_FLOOR, {"today": today})
                # The foreign keys too, which would be looked at when it commits.
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                transaction.set_rollback(True)

        least = min(national.once(floor), national.once(floor))
        national.analyze()
        jobs = OutboxJob.objects.count()
        spent = national.once(lambda: reminders.sweep(today=today))
        national.analyze()
        again = national.once(lambda: reminders.sweep(today=today))
        budget = national.Budget()
        print(f"{count:,} certificates: {Reminder.objects.count():,} marks, {OutgoingMail.objects.count():,} messages")
        budget.say("the sweep", spent, least, 2.0)
        budget.say("run again at once", again, least, 0.05)
        budget.count("tasks", OutboxJob.objects.count() - jobs, 400)
        return budget.close()


if __name__ == "__main__":
    sys.exit(main())
