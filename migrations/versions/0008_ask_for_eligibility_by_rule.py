"""Ask for eligibility by rule."""

import sqlalchemy as sa
from alembic import op

from app.core.database import Json, UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("applications", schema=None) as batch_op:
        batch_op.add_column(sa.Column("confirmed", Json, server_default="{}", nullable=False))
    op.create_table(
        "eligibility_overrides",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("challenge_id", sa.Uuid(), nullable=False),
        sa.Column("startup_id", sa.Uuid(), nullable=False),
        sa.Column("rules", Json, nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("given_by_id", sa.Uuid(), nullable=True),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_eligibility_overrides_reason_given")),
        sa.ForeignKeyConstraint(
            ["challenge_id"],
            ["challenges.id"],
            name=op.f("fk_eligibility_overrides_challenge_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["startup_id"], ["organizations.id"], name=op.f("fk_eligibility_overrides_startup_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["given_by_id"], ["users.id"], name=op.f("fk_eligibility_overrides_given_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_eligibility_overrides")),
        sa.UniqueConstraint(
            "challenge_id", "startup_id", name=op.f("uq_eligibility_overrides_challenge_id_startup_id")
        ),
    )
    op.create_index(op.f("ix_eligibility_overrides_startup_id"), "eligibility_overrides", ["startup_id"])
    with op.batch_alter_table("challenges", schema=None) as batch_op:
        batch_op.add_column(sa.Column("regions", Json, server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("relocation_allowed", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("employees_least", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("employees_most", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("revenue_most_krw", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("sme_only", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("industries", Json, server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("industries_excluded", Json, server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("entries_most", sa.Integer(), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_challenges_limits_sane"),
            "employees_least >= 0 AND revenue_most_krw >= 0 AND entries_most >= 1",
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_challenges_employees_in_order"), "employees_most >= COALESCE(employees_least, 0)"
        )


def downgrade() -> None:
    op.drop_table("eligibility_overrides")
    with op.batch_alter_table("applications", schema=None) as batch_op:
        batch_op.drop_column("confirmed")
    with op.batch_alter_table("challenges", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_challenges_employees_in_order"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_challenges_limits_sane"), type_="check")
        batch_op.drop_column("entries_most")
        batch_op.drop_column("industries_excluded")
        batch_op.drop_column("industries")
        batch_op.drop_column("sme_only")
        batch_op.drop_column("revenue_most_krw")
        batch_op.drop_column("employees_most")
        batch_op.drop_column("employees_least")
        batch_op.drop_column("relocation_allowed")
        batch_op.drop_column("regions")
