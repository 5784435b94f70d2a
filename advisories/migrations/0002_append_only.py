from functools import partial

from django.db import migrations

from core import triggers


class Migration(migrations.Migration):
    """A bulletin that is out does not change, and that somebody was chased stays (house.md, laws 8 and 11)."""

    dependencies = [("advisories", "0001_initial")]

    operations = [
        migrations.RunPython(partial(triggers.install_for, "advisories"), partial(triggers.remove_for, "advisories")),
    ]
