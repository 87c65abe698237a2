"""Number the entries of blind rounds and keep copies without names."""

import sqlalchemy as sa
from alembic import op

from app.core.database import Json, UtcDateTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "blind_choices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.String(length=40), server_default="", nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("chosen_by_id", sa.Uuid(), nullable=True),
        sa.Column("chosen_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("hidden OR place <> ''", name=op.f("ck_blind_choices_let_stand_at_a_place")),
        sa.CheckConstraint("key <> ''", name=op.f("ck_blind_choices_words_given")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_blind_choices_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["chosen_by_id"], ["users.id"], name=op.f("fk_blind_choices_chosen_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blind_choices")),
        sa.UniqueConstraint("application_id", "place", "key", name=op.f("uq_blind_choices_application_id_place_key")),
    )
    op.create_table(
        "blind_copies",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("source_sha256", sa.String(length=64), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "ready",
                "held",
                "allowed",
                name="copystate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("found", Json, nullable=False),
        sa.Column("doubts", Json, nullable=False),
        sa.Column("made_with", sa.String(length=64), server_default="", nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=True),
        sa.Column("handed_in", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("allowed_by_id", sa.Uuid(), nullable=True),
        sa.Column("allowed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(state = 'allowed') = (allowed_at IS NOT NULL)", name=op.f("ck_blind_copies_allowed_by_somebody")
        ),
        sa.CheckConstraint(
            "state NOT IN ('ready', 'allowed') OR sha256 IS NOT NULL",
            name=op.f("ck_blind_copies_readable_where_there_is_one"),
        ),
        sa.CheckConstraint("(sha256 IS NULL) = (size IS NULL)", name=op.f("ck_blind_copies_size_of_a_file")),
        sa.ForeignKeyConstraint(
            ["allowed_by_id"], ["users.id"], name=op.f("fk_blind_copies_allowed_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_blind_copies_application_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blind_copies")),
        sa.UniqueConstraint(
            "application_id", "source_sha256", name=op.f("uq_blind_copies_application_id_source_sha256")
        ),
    )
    op.create_table(
        "blind_numbers",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_blind_numbers_counted_from_one")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_blind_numbers_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_blind_numbers_round_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("round_id", "application_id", name=op.f("pk_blind_numbers")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_blind_numbers_round_id_number")),
    )
    with op.batch_alter_table("blind_numbers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_blind_numbers_application_id"), ["application_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("blind_numbers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_blind_numbers_application_id"))

    op.drop_table("blind_numbers")
    op.drop_table("blind_copies")
    op.drop_table("blind_choices")
