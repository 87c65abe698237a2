"""Migrations lead to the models and back, on the database that the tests run on, with the rows that are there."""

import os
import secrets
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.applications.models import Application, Document, GivenConsent
from app.challenges.form.codec import form_sha256, read_form
from app.challenges.form.model import Kind, Question
from app.challenges.form.parts import typed_of, with_questions
from app.challenges.models import Challenge
from app.core.bilingual import Bilingual
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


def old_rows(engine: sa.Engine) -> dict[str, list]:
    """What stands in the tables that the form replaced, and what leaned on them, in an order of its own."""
    wanted = {
        "questions": 'code, kind, label_ko, label_en, hint_ko, required, "limit", judges_see',
        "document_requirements": "code, title_ko, title_en, hint_ko, required, types, max_mb, max_age_days, judges_see",
        "consent_texts": "code, title_ko, title_en, text_ko, required, shares_with_sponsor",
    }
    with engine.connect() as connection:
        found = {
            table: [tuple(map(str, row)) for row in connection.execute(sa.text(f"SELECT {names} FROM {table} ORDER BY position"))]  # noqa: S608 - the names above
            for table, names in wanted.items()
        }  # fmt: skip
        leaning = {
            "documents": "SELECT r.code, d.filename FROM documents d JOIN document_requirements r ON r.id = d.requirement_id",
            "given_consents": "SELECT c.code, g.given FROM given_consents g JOIN consent_texts c ON c.id = g.consent_id",
        }
        return found | {t: sorted(map(str, connection.execute(sa.text(q)))) for t, q in leaning.items()}


def test_the_form_is_made_of_the_tables_before_it_and_becomes_them_again(app, new_engine):
    """Codes that a question and a document shared are told apart; answers, files and consents stay with what they belong to."""
    challenge = factories.make_challenge()
    number = Question(
        "people", Kind.NUMBER, Bilingual("인원", "People"), required=False, least=Decimal(0), most=Decimal(50)
    )
    form = with_questions(challenge.form, [*typed_of(challenge.form), number])
    challenge.form = form
    application = factories.make_application(challenge, answers={"summary": "요약", "people": "3"})
    document = factories.make_document(application)
    db.session.add(
        GivenConsent(
            application_id=application.id, question="privacy", given=True, text_sha256="0" * 64, language="ko", decided_at=factories.NOW
        )
    )  # fmt: skip
    db.session.flush()
    engine = new_engine()
    migrate(engine, "head")
    with engine.begin() as connection:
        for table in Base.metadata.sorted_tables:
            if found := [dict(row._mapping) for row in db.session.execute(sa.select(table))]:
                connection.execute(table.insert(), found)
    before = form_revision()
    migrate(engine, before)
    first = old_rows(engine)
    assert [row[0] for row in first["questions"]] == ["summary", "people"]
    assert first["questions"][1][1:7] == ("number", "인원", "People", "", first["questions"][1][5], "50")
    assert first["documents"] == [str(("proposal", document.filename))]
    assert len(first["given_consents"]) == 1
    migrate(engine, "head")
    with engine.connect() as connection:
        content, sha256 = connection.execute(sa.select(Challenge.form_content, Challenge.form_sha256)).one()
        assert form_sha256(read_form(content)) == sha256 == form_sha256(form)
        assert connection.scalar(sa.select(Application.answers)) == {"summary": "요약", "people": "3"}
        assert connection.scalar(sa.select(Application.form_sha256)) == sha256
        assert connection.scalar(sa.select(Document.question)) == "proposal"
    migrate(engine, before)
    assert old_rows(engine) == first
    # Now a question has the code of a document: the document's is told apart, and its file with it.
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO questions (id, challenge_id, position, code, kind, label_ko, label_en, hint_ko, hint_en, required, judges_see)"
                " SELECT :id, id, 9, 'Proposal', 'short_text', 'ㄱ', 'a', '', '', true, true FROM challenges"
            ).bindparams(sa.bindparam("id", type_=sa.Uuid())), {"id": uuid4()},
        )  # fmt: skip
    migrate(engine, "head")
    with engine.connect() as connection:
        form = read_form(connection.scalar(sa.select(Challenge.form_content)))
        assert [question.code for question in form.questions()] == [
            "summary", "people", "Proposal", "doc-proposal", "registration", "privacy", "sponsor",
        ]  # fmt: skip
        assert connection.scalar(sa.select(Document.question)) == "doc-proposal"


def form_revision() -> str:
    """The revision before the one that made the form."""
    revisions = ScriptDirectory.from_config(migration_config())
    made = next(s for s in revisions.walk_revisions() if s.doc.startswith("Keep the application form"))
    return str(made.down_revision)
