"""Object to a decision."""

import sqlalchemy as sa
from alembic import op

from app.core.database import Json, UtcDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "public_reviews",
        sa.Column("challenge_id", sa.Uuid(), nullable=False),
        sa.Column("content", Json, nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("opened_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("ends_at > opened_at", name=op.f("ck_public_reviews_ends_after_it_opens")),
        sa.ForeignKeyConstraint(["challenge_id"], ["challenges.id"], name=op.f("fk_public_reviews_challenge_id")),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["users.id"], name=op.f("fk_public_reviews_opened_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("challenge_id", name=op.f("pk_public_reviews")),
    )
    op.create_table(
        "appeals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("challenge_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("concern", "appeal", name="appealkind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("filed_by_id", sa.Uuid(), nullable=True),
        sa.Column("filed_at", UtcDateTime(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "filed", "upheld", "dismissed", name="appealstate", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(state = 'filed') = (answered_at IS NULL)", name=op.f("ck_appeals_answered_at_when_answered")
        ),
        sa.CheckConstraint("state = 'filed' OR answer <> ''", name=op.f("ck_appeals_answered_with_a_reason")),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["users.id"], name=op.f("fk_appeals_answered_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["application_id"], ["applications.id"], name=op.f("fk_appeals_application_id")),
        sa.ForeignKeyConstraint(["challenge_id"], ["challenges.id"], name=op.f("fk_appeals_challenge_id")),
        sa.ForeignKeyConstraint(
            ["filed_by_id"], ["users.id"], name=op.f("fk_appeals_filed_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals")),
    )
    with op.batch_alter_table("appeals", schema=None) as batch_op:
        batch_op.create_index("ix_appeals_challenge", ["challenge_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_appeals_filed_by_id"), ["filed_by_id"], unique=False)
        batch_op.create_index(
            "one_appeal_of_an_applicant",
            ["application_id"],
            unique=True,
            sqlite_where=sa.text("kind = 'appeal'"),
            postgresql_where=sa.text("kind = 'appeal'"),
        )
        batch_op.create_index(
            "one_concern_of_a_person_about_an_entry",
            ["application_id", "filed_by_id"],
            unique=True,
            sqlite_where=sa.text("kind = 'concern'"),
            postgresql_where=sa.text("kind = 'concern'"),
        )


def downgrade() -> None:
    with op.batch_alter_table("appeals", schema=None) as batch_op:
        batch_op.drop_index(
            "one_concern_of_a_person_about_an_entry",
            sqlite_where=sa.text("kind = 'concern'"),
            postgresql_where=sa.text("kind = 'concern'"),
        )
        batch_op.drop_index(
            "one_appeal_of_an_applicant",
            sqlite_where=sa.text("kind = 'appeal'"),
            postgresql_where=sa.text("kind = 'appeal'"),
        )
        batch_op.drop_index(batch_op.f("ix_appeals_filed_by_id"))
        batch_op.drop_index("ix_appeals_challenge")

    op.drop_table("appeals")
    op.drop_table("public_reviews")
