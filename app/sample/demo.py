"""Loading samples with all that belongs to it, and the demo accounts of a server that has some."""

from dataclasses import dataclass

import sqlalchemy as sa
from flask import Flask, current_app

from app.accounts.models import User
from app.challenges.models import Challenge
from app.core.clock import utc_now
from app.core.database import db
from app.core.jobs.models import Job, JobState
from app.core.jobs.worker import run_one
from app.sample.material import PASSWORD, read
from app.sample.services.load_sample import load_sample, settle_mails
from app.sample.timetable import Stage
from app.web.commands import seal_trail
from app.web.files import storage


@dataclass(frozen=True)
class DemoAccount:
    role: str
    email: str
    name: str


def demo_accounts() -> tuple[list[DemoAccount], str]:
    """The accounts of the samples that are loaded, in the order of the life of a challenge, and the password of all.

    None outside development: there nobody can sign in as them.
    """
    if not current_app.config["DEVELOPMENT"]:
        return [], ""
    facts = read("people")
    roles = [("organizer", facts["organizer"]), ("sponsor", facts["sponsor"])]
    roles += [("startup", about) for about in facts["startups"][:3]]
    roles += [("chair" if about.get("chair") else "judge", about) for about in facts["judges"][:3]]
    there = set(db.session.scalars(sa.select(User.email).where(User.is_demo)))
    return [
        DemoAccount(role, about["email"], about["name"]) for role, about in roles if about["email"] in there
    ], PASSWORD


def load(stage: Stage, *, as_published: bool = False) -> Challenge:
    """Load one sample and commit it, its certificates made and its trail sealed."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined] # noqa: SLF001 - jobs outlive this context
    known_password = app.config["DEVELOPMENT"]
    challenge = load_sample(
        stage, as_published=as_published, known_password=known_password, storage=storage(), now=utc_now()
    )
    db.session.commit()
    _make_certificates(app)
    challenge = db.session.get_one(Challenge, challenge.id)
    settle_mails(challenge)
    db.session.commit()
    seal_trail()
    return challenge


def load_first_samples() -> None:
    """One open call and one with published results, so that every page has something to show."""
    for stage in (Stage.PUBLISHED, Stage.OPEN):
        load(stage)


def _make_certificates(app: Flask) -> None:
    """Run the jobs that make PDFs, each at the time that it was written for."""
    query = sa.select(Job.id, Job.run_at).where(Job.kind == "certificates.make", Job.state == JobState.QUEUED)
    for job_id, run_at in db.session.execute(query.order_by(Job.run_at, Job.id)).all():
        db.session.rollback()
        run_one(app, lambda moment=run_at: moment, job_id=job_id)  # type: ignore[misc] # a clock of one moment
    db.session.rollback()
