"""What tests read from the mails that were written."""

import re

import sqlalchemy as sa

from app.core.database import db
from app.core.jobs.worker import run_one
from app.mail.models import Mail


def mails_to(address: str) -> list[Mail]:
    db.session.rollback()
    return list(
        db.session.scalars(sa.select(Mail).where(Mail.to_address == address).order_by(Mail.created_at, Mail.id))
    )


def templates_to(address: str) -> list[str]:
    return [mail.template.removeprefix("accounts/") for mail in mails_to(address)]


def link_to(address: str) -> str:
    """The path of the first link in the last mail."""
    found = re.search(r"http://127\.0\.0\.1:8000(/\S+)", mails_to(address)[-1].text)
    assert found, mails_to(address)[-1].text
    return found.group(1)


def run_jobs(app) -> None:
    db.session.rollback()
    while run_one(app, app.extensions["clock"]):
        pass
