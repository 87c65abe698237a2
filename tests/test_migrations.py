"""Migrations lead to the models and back, on the database that the tests run on, with the rows that are there."""

import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.core.database import Base, db, prepare_engine
from config import ROOT
from tests import factories
from tests.conftest import _create_database, _drop_database

FOLDER = ROOT / "migrations"


def migration_config(connection: sa.Connection | None = None, folder: Path = FOLDER) -> AlembicConfig:
    config = AlembicConfig(str(folder / "alembic.ini"))
    config.attributes["connection"] = connection
    return config


REVISIONS = [s.revision for s in ScriptDirectory.from_config(migration_config()).walk_revisions()][::-1]


@pytest.fixture
def new_engine(tmp_path) -> Iterator:
    """Makes empty databases of the kind that the tests run on."""
    server, made = os.environ.get("TEST_DATABASE_URL"), []

    def make() -> sa.Engine:
        url = f"sqlite:///{tmp_path / secrets.token_hex(4)}.db"
        if server:
            url = f"{server.rstrip('/')}/madang_test_{secrets.token_hex(4)}"
            _create_database(url)
        engine = sa.create_engine(url)
        prepare_engine(engine)
        made.append((engine, url))
        return engine

    yield make
    for engine, url in made:
        engine.dispose()
        if server:
            _drop_database(url)


def migrate(engine: sa.Engine, to: str, folder: Path = FOLDER) -> None:
    """Up to "head", or down to a revision or "base"."""
    with engine.connect() as connection:
        (command.upgrade if to == "head" else command.downgrade)(migration_config(connection, folder), to)


def scheme(engine: sa.Engine) -> dict[str, dict[str, object]]:
    """All that the database says about its tables, in a form that compares."""
    with engine.connect() as connection:
        inspector = sa.inspect(connection)
        return {
            name: table_scheme(inspector, name) for name in inspector.get_table_names() if name != "alembic_version"
        }


def table_scheme(inspector: sa.Inspector, name: str) -> dict[str, object]:
    return {
        "columns": {c["name"]: (str(c["type"]), c["nullable"], c["default"]) for c in inspector.get_columns(name)},
        "primary key": inspector.get_pk_constraint(name),
        "foreign keys": {
            k["name"]: (k["constrained_columns"], k["referred_table"], k["options"])
            for k in inspector.get_foreign_keys(name)
        },
        "unique": {u["name"]: u["column_names"] for u in inspector.get_unique_constraints(name)},
        "checks": {c["name"]: c["sqltext"] for c in inspector.get_check_constraints(name)},
        "indexes": {i["name"]: (i["column_names"], i["unique"]) for i in inspector.get_indexes(name)},
    }


def test_there_is_one_line_of_migrations():
    assert len(ScriptDirectory.from_config(migration_config()).get_heads()) == 1


def test_migrations_lead_to_the_models(new_engine):
    migrated, made = new_engine(), new_engine()
    migrate(migrated, "head")
    Base.metadata.create_all(made)
    expected, found = scheme(made), scheme(migrated)
    assert sorted(found) == sorted(expected)
    for table, wanted in expected.items():
        assert found[table] == wanted, table


def test_alembic_finds_nothing_to_write(new_engine):
    engine = new_engine()
    migrate(engine, "head")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_every_check_of_the_models_is_in_the_database(new_engine):
    engine = new_engine()
    migrate(engine, "head")
    with engine.connect() as connection:
        inspector = sa.inspect(connection)
        for table in Base.metadata.sorted_tables:
            wanted = {str(c.name) for c in table.constraints if isinstance(c, sa.CheckConstraint)}
            assert {c["name"] for c in inspector.get_check_constraints(table.name)} == {
                name if name.startswith("ck_") else f"ck_{table.name}_{name}" for name in wanted
            }


def test_migrations_go_down_and_up_again(new_engine):
    engine = new_engine()
    migrate(engine, "head")
    before = scheme(engine)
    migrate(engine, "base")
    assert scheme(engine) == {}
    migrate(engine, "head")
    assert scheme(engine) == before


def fill(engine: sa.Engine) -> None:
    """Rows that lean on each other, in most tables."""
    challenge = factories.make_challenge()
    factories.make_application(challenge, startup=factories.make_organization())
    factories.make_user(member_of=challenge.host)
    with engine.begin() as connection:
        for table in Base.metadata.sorted_tables:
            if found := [dict(row._mapping) for row in db.session.execute(sa.select(table))]:
                connection.execute(table.insert(), found)


def rows(engine: sa.Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {
            t.name: connection.scalar(sa.select(sa.func.count()).select_from(t)) for t in Base.metadata.sorted_tables
        }


def test_rows_survive_every_step_after_the_first_down_and_up(app, new_engine):
    """With one migration this only says that coming up to date twice changes nothing; each later one is tried both ways."""
    engine = new_engine()
    migrate(engine, "head")
    fill(engine)
    before = rows(engine)
    assert (before["applications"], before["memberships"], before["criteria"]) == (1, 1, 5)
    migrate(engine, "head")
    assert rows(engine) == before
    if len(REVISIONS) > 1:
        migrate(engine, REVISIONS[0])
        migrate(engine, "head")
        assert rows(engine) == before


@pytest.fixture
def with_next(tmp_path):
    """The migrations with one more, of which the test gives the body of `upgrade`."""

    def write(upgrade: str) -> Path:
        folder = tmp_path / "migrations"
        shutil.copytree(FOLDER, folder)
        (folder / "versions/next.py").write_text(
            f"import sqlalchemy as sa\nfrom alembic import op\nrevision, down_revision = 'next', {REVISIONS[-1]!r}\n"
            f"def upgrade():\n    {upgrade}\ndef downgrade():\n    pass\n"
        )
        return folder

    return write


def test_altering_a_table_takes_no_row_that_leans_on_it_along(app, new_engine, with_next):
    engine = new_engine()
    migrate(engine, "head")
    fill(engine)
    before = rows(engine)
    folder = with_next(
        "with op.batch_alter_table('challenges') as b: b.alter_column('slug', type_=sa.String(90), existing_type=sa.String(80))"
    )
    migrate(engine, "head", folder)
    assert rows(engine) == before
    with engine.connect() as connection:
        assert str(sa.inspect(connection).get_columns("challenges")[1]["type"]) == "VARCHAR(90)"
        if engine.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_a_migration_that_orphans_rows_is_refused_and_undone(app, new_engine, with_next):
    engine = new_engine()
    migrate(engine, "head")
    fill(engine)
    before = rows(engine)
    folder = with_next("op.execute('DELETE FROM organizations')")
    with pytest.raises((RuntimeError, sa.exc.IntegrityError)):
        migrate(engine, "head", folder)
    assert rows(engine) == before


def test_a_failing_migration_leaves_nothing_half_done(new_engine, with_next):
    engine = new_engine()
    folder = with_next("op.create_table('half', sa.Column('id', sa.Integer)); raise RuntimeError('power cut')")
    with pytest.raises(RuntimeError, match="power cut"):
        migrate(engine, "head", folder)
    assert scheme(engine) == {}
    migrate(engine, "head")
    assert "half" not in scheme(engine)
