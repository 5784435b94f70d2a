from functools import partial

from django.db import migrations

from core import triggers


class Migration(migrations.Migration):
    """Append-only tables are kept so by the database (house.md, laws 8 and 11)."""

    dependencies = [("certification", "0001_initial")]

    operations = [
        migrations.RunPython(
            partial(triggers.install_for, "certification"), partial(triggers.remove_for, "certification")
        ),
    ]
