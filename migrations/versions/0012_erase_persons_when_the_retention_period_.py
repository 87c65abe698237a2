"""Erase persons when the retention period ends."""

import sqlalchemy as sa
from alembic import op

from app.core.database import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("applications", schema=None) as batch_op:
        batch_op.add_column(sa.Column("erased_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("sharing_ended_at", UtcDateTime(), nullable=True))

    with op.batch_alter_table("challenges", schema=None) as batch_op:
        batch_op.add_column(sa.Column("retention_years", sa.Integer(), server_default="3", nullable=False))
        batch_op.add_column(sa.Column("erased_at", UtcDateTime(), nullable=True))
        batch_op.create_check_constraint(batch_op.f("ck_challenges_retention_sane"), "retention_years BETWEEN 1 AND 10")

    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.add_column(sa.Column("erased_at", UtcDateTime(), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_users_erased_account_is_nobodys"), "erased_at IS NULL OR confirmed_at IS NULL"
        )


def downgrade() -> None:
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_users_erased_account_is_nobodys"), type_="check")
        batch_op.drop_column("erased_at")

    with op.batch_alter_table("challenges", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_challenges_retention_sane"), type_="check")
        batch_op.drop_column("erased_at")
        batch_op.drop_column("retention_years")

    with op.batch_alter_table("applications", schema=None) as batch_op:
        batch_op.drop_column("sharing_ended_at")
        batch_op.drop_column("erased_at")
