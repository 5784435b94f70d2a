"""SQL of the triggers that keep append-only tables append-only, on both databases.

Migrations install them; the test suite lifts them around a flush with the same statements.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.apps.registry import Apps
from django.db.backends.base.base import BaseDatabaseWrapper
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


@dataclass(frozen=True, slots=True)
class Protection:
    """`columns`: the update of these alone is looked at. `when` over OLD and NEW: where an update is refused; with
    `frozen`, only if one of those columns differs or `also` holds. `deletes`: every DELETE is refused too.
    """

    when: str = "1 = 1"
    columns: tuple[str, ...] = ()
    frozen: tuple[str, ...] = ()
    also: str = "1 = 0"
    deletes: bool = True


# The migrations of each app install its own.
PROTECTED: dict[str, Protection] = {
    "core_auditevent": Protection(),
    "core_auditanchor": Protection(),
    "core_auditanchorentry": Protection(),
    "core_auditchain": Protection("NEW.head_seq < OLD.head_seq OR NEW.key <> OLD.key"),
    "core_signingkey": Protection(frozen=("id", "purpose", "kid", "public", "first_used_at")),
    # An index of the status list belongs to one certificate for ever: offline readers know it from the document alone.
    "certification_credentialstatus": Protection(),
    "certification_certificatefile": Protection(),
    "certification_submission": Protection(),
    # As signed; met once and for all. Its date moves by an extension, which leaves a row of its own.
    "certification_certificatecondition": Protection(
        also="OLD.discharged_at IS NOT NULL AND (NEW.discharged_at IS NULL OR NEW.discharged_at <> OLD.discharged_at)",
        frozen=("id", "certificate_id", "criterion_code", "text", "stands_from_id", "origin_id"),
    ),
    "certification_decision": Protection(),
    "certification_standardversion": Protection(
        "OLD.state <> 'draft' AND (NEW.sha256 <> OLD.sha256 OR NEW.document <> OLD.document OR NEW.code <> OLD.code "
        "OR NEW.version <> OLD.version OR NEW.effective_from <> OLD.effective_from OR NEW.state = 'draft')"
    ),
    # What was proposed, by whom and why stays as it was said; once it was answered nothing of it changes.
    "certification_proposal": Protection(
        also="OLD.confirmed_at IS NOT NULL OR OLD.dropped_at IS NOT NULL OR OLD.kind = 'surrender'",
        frozen=(
            "id",
            "certificate_id",
            "kind",
            "urgent",
            "changes",
            "reason",
            "proposed_by_id",
            "proposed_as",
            "proposed_at",
            "lapses_at",
        ),
    ),
    # Once it is out its words do not change: it is updated by another one, or retracted, which is a fact of its own.
    "advisories_bulletin": Protection(
        "OLD.published_at IS NOT NULL",
        also=(
            "NEW.state NOT IN ('published', 'superseded', 'retracted') "
            "OR (OLD.state <> 'published' AND NEW.state <> OLD.state) OR OLD.state = 'retracted'"
        ),
        frozen=(
            "id",
            "area_id",
            "title",
            "body",
            "instruction",
            "tlp",
            "severity",
            "urgency",
            "certainty",
            "category",
            "status",
            "audience",
            "question",
            "due_at",
            "expires_at",
            "publish_at",
            "replaces_id",
            "needs_approval",
            "content_hash",
            "drafted_by_id",
            "approved_by_id",
            "approved_at",
            "published_at",
        ),
    ),
    "advisories_bulletinchase": Protection(),
    # A lesson and a guidance pack, once published, change in nothing but their end (and a pack gets its PDF).
    "advisories_lesson": Protection(
        "OLD.published_at IS NOT NULL",
        also=(
            "NEW.state NOT IN ('published', 'superseded', 'withdrawn') "
            "OR (OLD.state <> 'published' AND NEW.state <> OLD.state)"
        ),
        frozen=(
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
        ),
    ),
    "advisories_lessoncriterion": Protection(),
    "advisories_lessonsector": Protection(),
    "advisories_guidancepack": Protection(
        "OLD.published_at IS NOT NULL",
        also=(
            "NEW.state NOT IN ('published', 'superseded', 'withdrawn') "
            "OR (OLD.state <> 'published' AND NEW.state <> OLD.state) "
            "OR (OLD.pdf_name <> '' AND NEW.pdf_name <> OLD.pdf_name)"
        ),
        frozen=(
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
        ),
    ),
    "advisories_sightingstep": Protection(),
    # Once it has left the hands of the worker, only its state, its end and its place on the public register move.
    "certification_certificate": Protection(
        "OLD.state <> 'being_issued'",
        also="NEW.state = 'being_issued'",
        frozen=(
            "id",
            "number",
            "token",
            "plan_id",
            "decision_id",
            "basis",
            "created_at",
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
        ),
    ),
    # A proposal is answered once, and its words are those that the second person read.
    "advisories_threatchange": Protection(
        also="OLD.confirmed_at IS NOT NULL OR OLD.dropped_at IS NOT NULL",
        frozen=(
            "id",
            "scope",
            "level",
            "previous_level",
            "source",
            "effective_at",
            "reason",
            "proposed_by_id",
            "proposed_at",
        ),
    ),
}


def statements(table: str, connection: BaseDatabaseWrapper) -> list[str]:
    """What protects the table as it is now: a migration may run before columns that are frozen later exist."""
    protection = PROTECTED[table]
    when = protection.when
    if protection.frozen:
        with connection.cursor() as cursor:
            there = {column.name for column in connection.introspection.get_table_description(cursor, table)}
        when = f"{when} AND ({protection.also} OR {changed(*(c for c in protection.frozen if c in there))})"
    return install(table, vendor=connection.vendor, columns=protection.columns, when=when, deletes=protection.deletes)


def install_for(app_label: str, _apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """For RunPython: every protected table of one app that is there by now."""
    connection = schema_editor.connection
    there = set(connection.introspection.table_names())
    for table in PROTECTED:
        if table.startswith(f"{app_label}_") and table in there:
            for statement in statements(table, connection):
                schema_editor.execute(statement, params=None)


def renew_table(table: str, _apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """For RunPython: a table whose protection is new or was changed, or that SQLite has remade since."""
    connection = schema_editor.connection
    for statement in (*remove(table, vendor=connection.vendor), *statements(table, connection)):
        schema_editor.execute(statement, params=None)


def remove_table(table: str, _apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in remove(table, vendor=schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def remove_for(app_label: str, _apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    there = set(schema_editor.connection.introspection.table_names())
    for table in PROTECTED:
        if table.startswith(f"{app_label}_") and table in there:
            remove_table(table, _apps, schema_editor)
