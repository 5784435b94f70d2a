from functools import partial

from django.db import migrations

from core import triggers

TABLES = (
    "advisories_lesson",
    "advisories_lessoncriterion",
    "advisories_lessonsector",
    "advisories_guidancepack",
    "advisories_sightingstep",
)


class Migration(migrations.Migration):
    """What was published, and what was done with a report, does not change, whoever writes to the table."""

    dependencies = [("advisories", "0005_networks")]

    operations = [
        migrations.RunPython(partial(triggers.renew_table, table), partial(triggers.remove_table, table))
        for table in TABLES
    ]
