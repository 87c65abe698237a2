"""Let mails wait, and be taken back."""

import re
from uuid import UUID

import sqlalchemy as sa
from alembic import op

from app.core.database import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BEFORE = ("queued", "sent")
AFTER = ("held", "excluded", "queued", "sending", "sent", "withdrawn")
APPLICATION = re.compile(r"/applications/([0-9a-f-]{36})")

mails = sa.table(
    "mails",
    sa.column("id", sa.Uuid()),
    sa.column("template", sa.String()),
    sa.column("text", sa.Text()),
    sa.column("state", sa.String()),
    sa.column("about_id", sa.Uuid()),
    sa.column("job_id", sa.Uuid()),
    sa.column("sent_at", UtcDateTime()),
)
jobs = sa.table("jobs", sa.column("id", sa.Uuid()), sa.column("kind", sa.String()), sa.column("key", sa.String()))


def states(names) -> str:
    return f"state IN ({', '.join(repr(name) for name in names)})"


def link_jobs(connection) -> None:
    """Each mail has its job under the key "mail:<id>"."""
    found = connection.execute(sa.select(jobs.c.id, jobs.c.key).where(jobs.c.kind == "mail.send")).all()
    for job_id, key in found:
        mail_id = UUID(key.removeprefix("mail:"))
        connection.execute(sa.update(mails).where(mails.c.id == mail_id).values(job_id=job_id))


def link_applications(connection) -> None:
    """A mail about an application holds its address."""
    about = sa.or_(mails.c.template.like("applications/%"), mails.c.template.like("awards/%"))
    for mail_id, text in connection.execute(sa.select(mails.c.id, mails.c.text).where(about)).all():
        if found := APPLICATION.search(text):
            connection.execute(sa.update(mails).where(mails.c.id == mail_id).values(about_id=UUID(found.group(1))))


def upgrade() -> None:
    with op.batch_alter_table("mails", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_mails_mailstate"), type_="check")
        batch_op.create_check_constraint(op.f("ck_mails_mailstate"), states(AFTER))
        batch_op.add_column(sa.Column("about_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("not_before", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("undo_key", sa.String(length=120), nullable=True))
        batch_op.add_column(sa.Column("job_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("interruptions", sa.Integer(), server_default="0", nullable=False))
        batch_op.create_check_constraint(op.f("ck_mails_interruptions_not_negative"), "interruptions >= 0")
        batch_op.create_index(batch_op.f("ix_mails_about_id"), ["about_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_mails_job_id"), ["job_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_mails_undo_key"), ["undo_key"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_mails_job_id"), "jobs", ["job_id"], ["id"], ondelete="SET NULL")
    link_jobs(op.get_bind())
    link_applications(op.get_bind())


def downgrade() -> None:
    # A mail that was taken back has no job that is still to run, so that calling it queued sends it to nobody.
    op.execute(sa.update(mails).where(mails.c.state.not_in(BEFORE)).values(state="queued"))
    with op.batch_alter_table("mails", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_mails_interruptions_not_negative"), type_="check")
        batch_op.drop_constraint(op.f("ck_mails_mailstate"), type_="check")
        batch_op.create_check_constraint(op.f("ck_mails_mailstate"), states(BEFORE))
        batch_op.drop_constraint(batch_op.f("fk_mails_job_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_mails_undo_key"))
        batch_op.drop_index(batch_op.f("ix_mails_job_id"))
        batch_op.drop_index(batch_op.f("ix_mails_about_id"))
        batch_op.drop_column("interruptions")
        batch_op.drop_column("job_id")
        batch_op.drop_column("undo_key")
        batch_op.drop_column("not_before")
        batch_op.drop_column("about_id")
