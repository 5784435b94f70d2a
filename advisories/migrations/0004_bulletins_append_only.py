from functools import partial

from django.db import migrations

from core import triggers


def _kept(table: str) -> migrations.RunPython:
    return migrations.RunPython(partial(triggers.renew_table, table), partial(triggers.remove_table, table))


class Migration(migrations.Migration):
    """A bulletin that is out does not change, and that somebody was chased stays (house.md, laws 8 and 11)."""

    dependencies = [("advisories", "0003_bulletins")]

    operations = [_kept("advisories_bulletin"), _kept("advisories_bulletinchase")]
