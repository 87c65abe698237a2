"""Tell applicants first."""

import sqlalchemy as sa
from alembic import op

from app.core.database import UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What is published already is public since."""
    with op.batch_alter_table("result_sets", schema=None) as batch_op:
        batch_op.add_column(sa.Column("public_at", UtcDateTime(), nullable=True))
    op.execute("UPDATE result_sets SET public_at = published_at")
    with op.batch_alter_table("result_sets", schema=None) as batch_op:
        batch_op.alter_column("public_at", nullable=False)
        batch_op.create_check_constraint("applicants_first", "public_at >= published_at")


def downgrade() -> None:
    with op.batch_alter_table("result_sets", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_result_sets_applicants_first"), type_="check")
        batch_op.drop_column("public_at")
