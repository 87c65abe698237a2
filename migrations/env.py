"""How Alembic reaches the database: as the application does, all migrations of one call in one transaction.

SQLite's tables are copied to be altered (batch mode). Its foreign keys are off meanwhile, or a copied table would take
the rows that lean on it along, and are checked before the commit. On PostgreSQL a lock lets one server migrate at a time.
"""

from alembic import context
from flask import current_app

from app.core.database import Base, ExactDecimal, UtcDateTime

LOCK = 7306281  # any number that nobody else uses


def render_item(kind, item, autogen_context):
    """Write our column types under their own names into a migration."""
    if kind == "type" and isinstance(item, UtcDateTime):
        autogen_context.imports.add("from app.core.database import UtcDateTime")
        return "UtcDateTime()"
    if kind == "type" and isinstance(item, ExactDecimal):
        autogen_context.imports.add("from app.core.database import ExactDecimal")
        return f"ExactDecimal({item.precision}, {item.scale})"
    if kind == "type" and type(item).__name__ == "JSON":
        autogen_context.imports.add("from app.core.database import Json")
        return "Json"
    return False


def run(connection) -> None:
    sqlite = connection.dialect.name == "sqlite"
    raw = connection.connection.dbapi_connection
    if sqlite:
        raw.execute("PRAGMA foreign_keys=OFF")  # takes effect outside a transaction only
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=sqlite,
        transactional_ddl=True,
        compare_type=True,
        render_item=render_item,
    )
    try:
        with connection.begin():
            if not sqlite:
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
            context.run_migrations()
            if sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
                raise RuntimeError(f"the migration left rows that lean on nothing: {broken[:5]}")
    finally:
        if sqlite:
            raw.execute("PRAGMA foreign_keys=ON")


if (given := context.config.attributes.get("connection")) is not None:
    run(given)
else:
    with current_app.extensions["migrate"].db.engine.connect() as own:
        run(own)
