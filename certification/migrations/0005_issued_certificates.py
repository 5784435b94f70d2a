from functools import partial

from django.db import migrations

from core import triggers


class Migration(migrations.Migration):
    """What is issued does not change, whoever writes to the table (house.md, law 8)."""

    dependencies = [("certification", "0004_held_evidence")]

    operations = [
        migrations.RunPython(
            partial(triggers.renew_table, "certification_certificate"),
            partial(triggers.remove_table, "certification_certificate"),
        )
    ]
