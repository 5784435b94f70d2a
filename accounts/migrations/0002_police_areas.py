"""The police areas: 43 territorial forces of England and Wales, Scotland, Northern Ireland, and the railways' own."""

from __future__ import annotations

from typing import Final

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils.text import slugify

_BY_NATION: Final[dict[str, tuple[str, ...]]] = {
    "England": (
        "Avon and Somerset",
        "Bedfordshire",
        "Cambridgeshire",
        "Cheshire",
        "City of London",
        "Cleveland",
        "Cumbria",
        "Derbyshire",
        "Devon and Cornwall",
        "Dorset",
        "Durham",
        "Essex",
        "Gloucestershire",
        "Greater Manchester",
        "Hampshire and Isle of Wight",
        "Hertfordshire",
        "Humberside",
        "Kent",
        "Lancashire",
        "Leicestershire",
        "Lincolnshire",
        "Merseyside",
        "Metropolitan",
        "Norfolk",
        "North Yorkshire",
        "Northamptonshire",
        "Northumbria",
        "Nottinghamshire",
        "South Yorkshire",
        "Staffordshire",
        "Suffolk",
        "Surrey",
        "Sussex",
        "Thames Valley",
        "Warwickshire",
        "West Mercia",
        "West Midlands",
        "West Yorkshire",
        "Wiltshire",
    ),
    "Wales": ("Dyfed-Powys", "Gwent", "North Wales", "South Wales"),
    "Scotland": ("Scotland",),
    "Northern Ireland": ("Northern Ireland",),
    "Great Britain": ("British Transport",),
}
# The force's own name where it is not the area's name followed by "Police".
_NAMES: Final = {
    "Scotland": "Police Scotland",
    "Northern Ireland": "Police Service of Northern Ireland",
    "British Transport": "British Transport Police",
}


def areas() -> list[tuple[str, str, str]]:
    """Code, name, nation. The code is what other data refer to, so it never changes when a force is renamed."""
    return [(slugify(name), _NAMES.get(name, name), nation) for nation, names in _BY_NATION.items() for name in names]


def add(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    area = apps.get_model("accounts", "PoliceArea")
    area.objects.using(schema_editor.connection.alias).bulk_create(
        [area(code=code, name=name, nation=nation) for code, name, nation in areas()]
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
