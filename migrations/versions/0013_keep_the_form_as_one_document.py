"""Keep the application form of each call as one document."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from alembic import op

from app.core.database import Json

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SECTIONS = (
    ("proposal", {"ko": "제안 내용", "en": "Proposal"}),
    ("documents", {"ko": "제출서류", "en": "Documents"}),
    ("consents", {"ko": "동의", "en": "Consents"}),
)
LONGEST_TEXT = 50_000  # no draft can hold more
OLD_KINDS = ("short_text", "long_text", "number", "url", "yes_no")
EMPTY = {"format": 1, "sections": []}


def _texts(name: str) -> list[sa.Column[Any]]:
    return [sa.column(f"{name}_ko", sa.String()), sa.column(f"{name}_en", sa.String())]


def _columns(*names: str) -> list[sa.Column[Any]]:
    return [sa.column("id", sa.Uuid()), sa.column("challenge_id", sa.Uuid()), *(sa.column(name) for name in names)]


questions = sa.table(
    "questions", *_columns("position", "code", "kind", "limit"), *_texts("label"), *_texts("hint"),
    sa.column("required", sa.Boolean()), sa.column("judges_see", sa.Boolean()),
)  # fmt: skip
requirements = sa.table(
    "document_requirements", *_columns("position", "code", "max_mb", "max_age_days"), *_texts("title"), *_texts("hint"),
    sa.column("required", sa.Boolean()), sa.column("judges_see", sa.Boolean()), sa.column("types", Json),
)  # fmt: skip
consents = sa.table(
    "consent_texts", *_columns("position", "code"), *_texts("title"), *_texts("text"),
    sa.column("required", sa.Boolean()), sa.column("shares_with_sponsor", sa.Boolean()),
)  # fmt: skip
challenges = sa.table(
    "challenges", sa.column("id", sa.Uuid()), sa.column("form", Json), sa.column("form_sha256", sa.String())
)
applications = sa.table(
    "applications", sa.column("id", sa.Uuid()), sa.column("challenge_id", sa.Uuid()), sa.column("answers", Json),
    sa.column("kept", Json), sa.column("form_sha256", sa.String()),
)  # fmt: skip
documents = sa.table(
    "documents", sa.column("id", sa.Uuid()), sa.column("application_id", sa.Uuid()), sa.column("question", sa.String()),
    sa.column("requirement_id", sa.Uuid()),
)  # fmt: skip
given = sa.table(
    "given_consents", sa.column("id", sa.Uuid()), sa.column("application_id", sa.Uuid()), sa.column("question", sa.String()),
    sa.column("consent_id", sa.Uuid()),
)  # fmt: skip


def sha256(form: dict[str, Any]) -> str:
    """The hash of the form in the one spelling that JSON has here."""
    text = json.dumps(form, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def both(row: Any, name: str) -> dict[str, str]:
    return {"ko": getattr(row, f"{name}_ko"), "en": getattr(row, f"{name}_en")}


def said(**values: Any) -> dict[str, Any]:
    """What does not stand at its default, which the form leaves out."""
    return {name: value for name, value in values.items() if value not in (None, False, {"ko": "", "en": ""})}


def as_question(row: Any) -> dict[str, Any]:
    made = {"code": row.code, "kind": row.kind, "label": both(row, "label")}
    made |= said(help=both(row, "hint"), private=not row.judges_see)
    if not row.required:
        made["required"] = False
    if row.limit is not None and row.kind in ("short_text", "long_text"):
        made["limit"] = min(row.limit, LONGEST_TEXT)
    if row.kind == "number":
        made |= said(least="0", most=None if row.limit is None else str(row.limit))
    return made


def as_file(row: Any, code: str) -> dict[str, Any]:
    made = {"code": code, "kind": "file", "label": both(row, "title"), "types": list(row.types)}
    made |= said(help=both(row, "hint"), private=not row.judges_see, max_age_days=row.max_age_days)
    made |= said(max_mb=row.max_mb if row.max_mb != 20 else None)
    return made if row.required else made | {"required": False}


def as_consent(row: Any, code: str) -> dict[str, Any]:
    made = {"code": code, "kind": "consent", "label": both(row, "title")}
    made |= said(text=both(row, "text"), shares_with_sponsor=row.shares_with_sponsor)
    return made if row.required else made | {"required": False}


def free(code: str, taken: set[str], prefix: str) -> str:
    """The code, or one made of it where another question of the form has it, whatever the case of its letters."""
    number, wanted = 1, code
    while wanted.lower() in taken:
        wanted = f"{prefix}-{code}"[:40] if number == 1 else f"{prefix}{number}-{code}"[:40]
        number += 1
    taken.add(wanted.lower())
    return wanted


def compose(connection: sa.Connection, challenge_id: UUID) -> tuple[dict[str, Any], dict[UUID, str]]:
    """The form of one call, and the code of each of its documents and consents by the id of its row."""

    def rows(table: sa.TableClause) -> list[Any]:
        query = sa.select(table).where(table.c.challenge_id == challenge_id)
        return list(connection.execute(query.order_by(table.c.position, table.c.id)))

    asked = [as_question(row) for row in rows(questions)]
    taken = {question["code"].lower() for question in asked}
    codes: dict[UUID, str] = {}
    files, agreed = rows(requirements), rows(consents)
    codes |= {row.id: free(row.code, taken, "doc") for row in files}
    codes |= {row.id: free(row.code, taken, "consent") for row in agreed}
    parts = (asked, [as_file(r, codes[r.id]) for r in files], [as_consent(r, codes[r.id]) for r in agreed])
    sections = [
        {"code": code, "title": title, "questions": part}
        for (code, title), part in zip(SECTIONS, parts, strict=True)
        if part
    ]
    return {"format": 1, "sections": sections}, codes


def upgrade() -> None:
    connection = op.get_bind()
    op.add_column("challenges", sa.Column("form", Json, nullable=True))
    op.add_column("challenges", sa.Column("form_sha256", sa.String(length=64), nullable=True))
    op.add_column("applications", sa.Column("form_sha256", sa.String(length=64), nullable=True))
    op.add_column("applications", sa.Column("kept", Json, nullable=True))
    op.add_column("documents", sa.Column("question", sa.String(length=40), nullable=True))
    op.add_column("given_consents", sa.Column("question", sa.String(length=40), nullable=True))
    for (challenge_id,) in connection.execute(sa.select(challenges.c.id)).all():
        form, codes = compose(connection, challenge_id)
        of_call = challenges.c.id == challenge_id
        connection.execute(sa.update(challenges).where(of_call).values(form=form, form_sha256=sha256(form)))
        of_it = applications.c.challenge_id == challenge_id
        connection.execute(sa.update(applications).where(of_it).values(form_sha256=sha256(form), kept=[]))
        for row_id, code in codes.items():
            connection.execute(sa.update(documents).where(documents.c.requirement_id == row_id).values(question=code))
            connection.execute(sa.update(given).where(given.c.consent_id == row_id).values(question=code))
    for table, old, target in (
        ("documents", "requirement_id", "document_requirements"), ("given_consents", "consent_id", "consent_texts"),
    ):  # fmt: skip
        with op.batch_alter_table(table) as batch_op:
            batch_op.alter_column("question", existing_type=sa.String(length=40), nullable=False)
            batch_op.drop_constraint(op.f(f"fk_{table}_{old}"), type_="foreignkey")
            batch_op.drop_constraint(op.f(f"uq_{table}_application_id_{old}"), type_="unique")
            batch_op.drop_index(op.f(f"ix_{table}_{old}"))
            batch_op.drop_column(old)
            batch_op.create_unique_constraint(
                op.f(f"uq_{table}_application_id_question"), ["application_id", "question"]
            )
        op.drop_table(target)
    for table, columns in (("challenges", {"form": Json}), ("applications", {"kept": Json})):
        with op.batch_alter_table(table) as batch_op:
            batch_op.alter_column("form_sha256", existing_type=sa.String(length=64), nullable=False)
            for name, kind in columns.items():
                batch_op.alter_column(name, existing_type=kind, nullable=False)
    op.drop_table("questions")


# Back: three tables again. Kinds and conditions that they cannot hold become texts that are asked of everybody.


def as_text(answer: Any) -> str:
    if isinstance(answer, list):
        return "\n".join(" · ".join(item.values()) if isinstance(item, dict) else str(item) for item in answer)
    return str(answer)


def halves(texts: dict[str, str] | None, name: str, limit: int | None) -> dict[str, str]:
    found = texts or {}
    return {f"{name}_{language}": (found.get(language) or "")[:limit] for language in ("ko", "en")}


def old_kind(kind: str) -> str:
    return kind if kind in OLD_KINDS else "long_text" if kind in ("choices", "table") else "short_text"


def row_of(question: dict[str, Any], challenge_id: UUID, position: int) -> dict[str, Any]:
    return {
        "id": uuid4(), "challenge_id": challenge_id, "position": position, "code": question["code"],
        "required": question.get("required", True),
    }  # fmt: skip


def write_back(connection: sa.Connection, challenge_id: UUID, asked: Iterable[dict[str, Any]]) -> dict[str, UUID]:
    """The rows of one call; returns the id of each document and each consent by its code."""
    ids: dict[str, UUID] = {}
    for position, question in enumerate(asked, 1):
        row, private = row_of(question, challenge_id, position), question.get("private", False)
        if question["kind"] == "file":
            row |= halves(question["label"], "title", 120) | halves(question.get("help"), "hint", 300)
            row |= {
                "types": question.get("types", ["pdf"]), "max_mb": min(question.get("max_mb", 20), 200),
                "max_age_days": question.get("max_age_days"), "judges_see": not private,
            }  # fmt: skip
            connection.execute(sa.insert(requirements).values(row))
        elif question["kind"] == "consent":
            row |= halves(question["label"], "title", 150) | halves(question.get("text"), "text", None)
            row["shares_with_sponsor"] = question.get("shares_with_sponsor", False)
            connection.execute(sa.insert(consents).values(row))
        else:
            most = question.get("most")
            limit = question.get("limit") if question["kind"] != "number" else int(float(most)) if most else None
            row |= halves(question["label"], "label", 200) | halves(question.get("help"), "hint", 400)
            row |= {"kind": old_kind(question["kind"]), "limit": limit, "judges_see": not private}
            if question.get("condition") or question.get("themes"):
                row["required"] = False  # not everybody was asked
            connection.execute(sa.insert(questions).values(row))
        ids[question["code"]] = row["id"]
    return ids


def downgrade() -> None:
    connection = op.get_bind()
    create_old_tables()
    op.add_column("documents", sa.Column("requirement_id", sa.Uuid(), nullable=True))
    op.add_column("given_consents", sa.Column("consent_id", sa.Uuid(), nullable=True))
    for challenge_id, form in connection.execute(sa.select(challenges.c.id, challenges.c.form)).all():
        asked = [question for section in form["sections"] for question in section["questions"]]
        ours = sa.select(applications.c.id).where(applications.c.challenge_id == challenge_id).scalar_subquery()
        asked += gone(connection, ours, {question["code"] for question in asked})
        ids = write_back(connection, challenge_id, asked)
        for question in asked:
            code, row_id = question["code"], ids[question["code"]]
            if question["kind"] == "file":
                where = (documents.c.question == code, documents.c.application_id.in_(ours))
                connection.execute(sa.update(documents).where(*where).values(requirement_id=row_id))
            elif question["kind"] == "consent":
                where = (given.c.question == code, given.c.application_id.in_(ours))
                connection.execute(sa.update(given).where(*where).values(consent_id=row_id))
    for application_id, answers in connection.execute(sa.select(applications.c.id, applications.c.answers)).all():
        flat = {code: as_text(answer) for code, answer in answers.items()}
        if flat != answers:
            connection.execute(sa.update(applications).where(applications.c.id == application_id).values(answers=flat))
    connection.execute(sa.delete(given).where(given.c.consent_id.is_(None)))  # to texts that nobody asks any more
    for table, old, target in (
        ("documents", "requirement_id", "document_requirements"), ("given_consents", "consent_id", "consent_texts"),
    ):  # fmt: skip
        with op.batch_alter_table(table) as batch_op:
            batch_op.alter_column(old, existing_type=sa.Uuid(), nullable=False)
            batch_op.drop_constraint(op.f(f"uq_{table}_application_id_question"), type_="unique")
            batch_op.drop_column("question")
            batch_op.create_foreign_key(op.f(f"fk_{table}_{old}"), target, [old], ["id"])
            batch_op.create_unique_constraint(op.f(f"uq_{table}_application_id_{old}"), ["application_id", old])
            batch_op.create_index(op.f(f"ix_{table}_{old}"), [old], unique=False)
    for table, names in (("challenges", ("form", "form_sha256")), ("applications", ("kept", "form_sha256"))):
        with op.batch_alter_table(table) as batch_op:
            for name in names:
                batch_op.drop_column(name)


def gone(connection: sa.Connection, ours: Any, known: set[str]) -> list[dict[str, Any]]:
    """Documents that were handed in for questions that the form has no more: they keep a place, as optional ones."""
    codes = connection.scalars(sa.select(documents.c.question).where(documents.c.application_id.in_(ours)).distinct())
    return [
        {"code": code, "kind": "file", "label": {"ko": code, "en": code}, "required": False, "types": ["pdf"]}
        for code in sorted(codes)
        if code not in known
    ]


def create_old_tables() -> None:
    op.create_table(
        "questions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("challenge_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*OLD_KINDS, name="questionkind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("label_ko", sa.String(length=200), server_default="", nullable=False),
        sa.Column("label_en", sa.String(length=200), server_default="", nullable=False),
        sa.Column("hint_ko", sa.String(length=400), server_default="", nullable=False),
        sa.Column("hint_en", sa.String(length=400), server_default="", nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("limit", sa.Integer(), nullable=True),
        sa.Column("judges_see", sa.Boolean(), nullable=False),
        *_keys("questions"),
    )
    op.create_table(
        "document_requirements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("challenge_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("title_ko", sa.String(length=120), server_default="", nullable=False),
        sa.Column("title_en", sa.String(length=120), server_default="", nullable=False),
        sa.Column("hint_ko", sa.String(length=300), server_default="", nullable=False),
        sa.Column("hint_en", sa.String(length=300), server_default="", nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("types", Json, nullable=False),
        sa.Column("max_mb", sa.Integer(), nullable=False),
        sa.Column("max_age_days", sa.Integer(), nullable=True),
        sa.Column("judges_see", sa.Boolean(), nullable=False),
        sa.CheckConstraint("max_mb BETWEEN 1 AND 200", name=op.f("ck_document_requirements_size_sane")),
        *_keys("document_requirements"),
    )
    op.create_table(
        "consent_texts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("challenge_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("title_ko", sa.String(length=150), server_default="", nullable=False),
        sa.Column("title_en", sa.String(length=150), server_default="", nullable=False),
        sa.Column("text_ko", sa.Text(), server_default="", nullable=False),
        sa.Column("text_en", sa.Text(), server_default="", nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("shares_with_sponsor", sa.Boolean(), nullable=False),
        *_keys("consent_texts"),
    )


def _keys(table: str) -> list[Any]:
    return [
        sa.ForeignKeyConstraint(
            ["challenge_id"], ["challenges.id"], name=op.f(f"fk_{table}_challenge_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("challenge_id", "code", name=op.f(f"uq_{table}_challenge_id_code")),
    ]
