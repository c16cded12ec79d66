"""kit: roles and schemas, audit trail with its seals, outbox and feed, idempotency keys, operations, jobs"""

from __future__ import annotations

from pathlib import Path

from alembic import op
from procrastinate.schema import SchemaManager

revision = "kit_0001"
down_revision = None
branch_labels = None
depends_on = None

# In the order of their names: what every service stands on, then what bigger features of the kit need.
SQL = sorted(Path(__file__).parent.glob("20261124_1900_kit*.sql"))


def upgrade() -> None:
    for part in SQL:
        op.execute(part.read_text(encoding="utf-8"))
    # procrastinate names its tables without a schema.
    op.execute("SET LOCAL search_path TO kit")
    op.get_bind().exec_driver_sql(SchemaManager.get_schema().replace("%", "%%"))
    op.execute("SET LOCAL search_path TO public")
    op.execute(
        """
        -- So that its functions and triggers find their tables from any session.
        DO $$
        DECLARE item record;
        BEGIN
            FOR item IN SELECT p.oid::regprocedure AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
                        WHERE n.nspname = 'kit' AND p.proname LIKE 'procrastinate%' LOOP
                EXECUTE format('ALTER FUNCTION %s SET search_path = kit, pg_catalog', item.name);
            END LOOP;
        END $$;
        GRANT SELECT, INSERT, UPDATE, DELETE ON kit.procrastinate_workers, kit.procrastinate_jobs,
            kit.procrastinate_periodic_defers, kit.procrastinate_events
            TO zhifa_directory, zhifa_tasks, zhifa_cases, zhifa_training;
        GRANT USAGE ON ALL SEQUENCES IN SCHEMA kit TO zhifa_directory, zhifa_tasks, zhifa_cases, zhifa_training;
        """
    )


def downgrade() -> None:
    op.execute(
        """
        DROP SCHEMA published CASCADE;
        DROP SCHEMA directory CASCADE;
        DROP SCHEMA tasks CASCADE;
        DROP SCHEMA cases CASCADE;
        DROP SCHEMA training CASCADE;
        """
    )
    # The schema kit itself holds Alembic's version table and stays.
    op.execute(
        """
        DO $$
        DECLARE item record;
        BEGIN
            FOR item IN SELECT tablename FROM pg_tables WHERE schemaname = 'kit' AND tablename <> 'alembic_version' LOOP
                EXECUTE format('DROP TABLE kit.%I CASCADE', item.tablename);
            END LOOP;
            FOR item IN SELECT p.oid::regprocedure AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
                        WHERE n.nspname = 'kit' LOOP
                EXECUTE format('DROP FUNCTION %s CASCADE', item.name);
            END LOOP;
            FOR item IN SELECT t.typname FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
                        WHERE n.nspname = 'kit' AND (t.typtype = 'e' OR (t.typtype = 'c' AND NOT EXISTS (
                            SELECT 1 FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind <> 'c'))) LOOP
                EXECUTE format('DROP TYPE kit.%I CASCADE', item.typname);
            END LOOP;
        END $$;
        """
    )
