"""SQL of the triggers that keep append-only tables append-only, on both databases.

Migrations install them; the test suite lifts them around a flush with the same statements.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def install(
    table: str, *, vendor: str, columns: Sequence[str] = (), when: str = "1 = 1", deletes: bool = True
) -> list[str]:
    """Refuse UPDATE (of `columns` only, if given; where `when` holds over OLD and NEW) and, if `deletes`, every DELETE."""
    if vendor == "postgresql":
        return _postgresql(table, columns, when, deletes=deletes)
    return _sqlite(table, columns, when, deletes=deletes)


def remove(table: str, *, vendor: str) -> list[str]:
    if vendor == "postgresql":
        return [
            f"DROP TRIGGER IF EXISTS {table}_no_update ON {table}",
            f"DROP TRIGGER IF EXISTS {table}_no_delete ON {table}",
            f"DROP TRIGGER IF EXISTS {table}_no_truncate ON {table}",
        ]
    return [f"DROP TRIGGER IF EXISTS {table}_no_update", f"DROP TRIGGER IF EXISTS {table}_no_delete"]


def _postgresql(table: str, columns: Sequence[str], when: str, *, deletes: bool) -> list[str]:
    of = f" OF {', '.join(columns)}" if columns else ""
    statements = [
        (
            "CREATE OR REPLACE FUNCTION wardmark_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ "
            "BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME "
            "USING ERRCODE = 'integrity_constraint_violation'; END $$"
        ),
        (
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE{of} ON {table} FOR EACH ROW WHEN ({when}) "
            "EXECUTE FUNCTION wardmark_append_only()"
        ),
    ]
    if deletes:
        statements += [
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION wardmark_append_only()",
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION wardmark_append_only()",
        ]
    return statements


def _sqlite(table: str, columns: Sequence[str], when: str, *, deletes: bool) -> list[str]:
    of = f" OF {', '.join(columns)}" if columns else ""
    statements = [
        (
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE{of} ON {table} FOR EACH ROW WHEN ({when}) "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        ),
    ]
    if deletes:
        statements.append(
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
    return statements


def changed(*columns: str) -> str:
    """Over OLD and NEW, for `when`: any of these differs. Said without IS DISTINCT FROM, which older SQLite lacks."""
    return " OR ".join(
        f"NEW.{column} <> OLD.{column} OR (NEW.{column} IS NULL) <> (OLD.{column} IS NULL)" for column in columns
    )


# table → (columns, when, deletes). The migrations of each app install its own.
PROTECTED: dict[str, tuple[tuple[str, ...], str, bool]] = {
    "core_auditevent": ((), "1 = 1", True),
    "core_auditanchor": ((), "1 = 1", True),
    "core_auditanchorentry": ((), "1 = 1", True),
    "core_auditchain": ((), "NEW.head_seq < OLD.head_seq OR NEW.key <> OLD.key", True),
    "certification_submission": ((), "1 = 1", True),
    "certification_decision": ((), "1 = 1", True),
    "certification_standardversion": (
        (),
        (
            "OLD.state <> 'draft' AND (NEW.sha256 <> OLD.sha256 OR NEW.document <> OLD.document OR NEW.code <> OLD.code "
            "OR NEW.version <> OLD.version OR NEW.effective_from <> OLD.effective_from OR NEW.state = 'draft')"
        ),
        True,
    ),
    # A lesson and a guidance pack, once published, change in nothing but their end (and a pack gets its PDF).
    "advisories_lesson": (
        (),
        (
            "OLD.published_at IS NOT NULL AND (NEW.state NOT IN ('published', 'superseded', 'withdrawn') OR "
            "(OLD.state <> 'published' AND NEW.state <> OLD.state) OR "
            + changed(
                "id",
                "series",
                "number",
                "title",
                "place",
                "country",
                "period",
                "category",
                "happened",
                "done",
                "worked",
                "not_worked",
                "cost",
                "transfer",
                "transfer_words",
                "tlp",
                "source_title",
                "source_publisher",
                "source_year",
                "source_address",
                "criteria",
                "sectors",
                "contributor_id",
                "published_by_id",
                "published_at",
            )
            + ")"
        ),
        True,
    ),
    "advisories_lessoncriterion": ((), "1 = 1", True),
    "advisories_lessonsector": ((), "1 = 1", True),
    "advisories_guidancepack": (
        (),
        (
            "OLD.published_at IS NOT NULL AND (NEW.state NOT IN ('published', 'superseded', 'withdrawn') OR "
            "(OLD.state <> 'published' AND NEW.state <> OLD.state) OR (OLD.pdf_name <> '' AND NEW.pdf_name <> OLD.pdf_name) OR "
            + changed(
                "id",
                "series",
                "number",
                "sector",
                "tier",
                "title",
                "tlp",
                "introduction",
                "actions",
                "criteria",
                "lessons",
                "snapshot",
                "standard_id",
                "content_hash",
                "written_by_id",
                "published_by_id",
                "published_at",
            )
            + ")"
        ),
        True,
    ),
    "advisories_sightingstep": ((), "1 = 1", True),
    # Once it has left the hands of the worker, only its state, its end and its place on the public register move.
    "certification_certificate": (
        (),
        (
            "OLD.state <> 'being_issued' AND (NEW.state = 'being_issued' OR "
            + changed(
                "id",
                "number",
                "token",
                "plan_id",
                "decision_id",
                "standard_id",
                "organisation_id",
                "area_id",
                "venue_id",
                "event_id",
                "project_id",
                "holder_name",
                "subject_name",
                "subject_place",
                "scope",
                "judged_tier",
                "content_hash",
                "decided_on",
                "valid_from",
                "valid_until",
                "issued_at",
                "supersedes_id",
                "pdf_name",
                "pdf_sha256",
                "pdf_size",
                "template_version",
            )
            + ")"
        ),
        True,
    ),
}


def install_for(app_label: str, _apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """For RunPython: every protected table of one app."""
    vendor = schema_editor.connection.vendor
    for table, (columns, when, deletes) in PROTECTED.items():
        if table.startswith(f"{app_label}_"):
            for statement in install(table, vendor=vendor, columns=columns, when=when, deletes=deletes):
                schema_editor.execute(statement, params=None)


def renew_table(table: str, _apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """For RunPython: a table whose protection is new or was changed. A new database has it from `install_for` already."""
    vendor = schema_editor.connection.vendor
    columns, when, deletes = PROTECTED[table]
    for statement in (
        *remove(table, vendor=vendor),
        *install(table, vendor=vendor, columns=columns, when=when, deletes=deletes),
    ):
        schema_editor.execute(statement, params=None)


def remove_table(table: str, _apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in remove(table, vendor=schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def remove_for(app_label: str, _apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for table in PROTECTED:
        if table.startswith(f"{app_label}_"):
            for statement in remove(table, vendor=schema_editor.connection.vendor):
                schema_editor.execute(statement, params=None)
