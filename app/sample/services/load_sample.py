"""Bringing the sample to a stage through the services that the pages call, with the time as their argument."""

import re
from datetime import datetime
from uuid import uuid4

import sqlalchemy as sa

from app.applications.models import Application, Submission
from app.awards.models import ResultSet
from app.challenges.models import Challenge
from app.core.database import db
from app.core.jobs.models import Job
from app.core.jobs.registry import JobRun, handler_for
from app.core.storage import Storage
from app.mail.models import Mail
from app.mail.states import MailState
from app.sample.material import published
from app.sample.services.apply import application_events
from app.sample.services.award import award_events
from app.sample.services.judge import judging_events
from app.sample.services.make_people import make_people
from app.sample.services.story import Story, play
from app.sample.services.write_call import call_events
from app.sample.timetable import Stage, Timetable

# Several samples may stand beside each other; the later a stage, the earlier its call went out.
EDITIONS = {Stage.PUBLISHED: 1, Stage.DECIDED: 2, Stage.JUDGING: 3, Stage.CLOSED: 4, Stage.OPEN: 5}
_ORDINALS = {1: "1st", 2: "2nd", 3: "3rd", 4: "4th", 5: "5th"}


def find_sample(stage: Stage, *, as_published: bool) -> Challenge | None:
    """The sample that stands at this stage already."""
    base = published()["challenge"]["slug"]
    wanted = re.compile(
        re.escape(base).replace("2022", "2022" if as_published else r"(?!2022)\d{4}") + f"-{stage.value}"
    )
    query = sa.select(Challenge).where(Challenge.is_demo, Challenge.slug.endswith(f"-{stage.value}"))
    return next((c for c in db.session.scalars(query) if wanted.fullmatch(c.slug)), None)


def load_sample(
    stage: Stage, *, as_published: bool, known_password: bool, storage: Storage, now: datetime
) -> Challenge:
    """The sample at `stage`, made if it is not there yet. Its mails count as sent: they are of the past.

    Jobs that make certificates stay queued, with the time of the sample; see `settle_mails` for what they mail.
    """
    if (standing := find_sample(stage, as_published=as_published)) is not None:
        return standing
    timetable = Timetable(stage, None if as_published else now)
    opened = timetable.at(published()["challenge"]["schedule"]["opens_at"])
    number = EDITIONS[stage]
    story = Story(
        people=make_people(now=timetable.at("2022-08-15T09:00"), known_password=known_password),
        timetable=timetable,
        storage=storage,
        slug=f"{published()['challenge']['slug'].replace('2022', str(opened.year))}-{stage.value}",
        edition=("", "") if as_published else (f" {number}차", f", {_ORDINALS[number]} call"),
    )
    play(story, [*call_events(story), *application_events(story), *judging_events(story), *award_events(story)])
    run_mailing_jobs(story.challenge)
    settle_mails(story.challenge)
    return story.challenge


def run_mailing_jobs(challenge: Challenge) -> None:
    """What a worker would have done by now: the mails on the sample's submissions and results, each at its own time."""
    db.session.flush()
    submitted = sa.select(Submission.id).join(Application).where(Application.challenge_id == challenge.id)
    published = sa.select(ResultSet.id).where(ResultSet.challenge_id == challenge.id)
    keys = [f"applications.receipt:{submission_id}" for submission_id in db.session.scalars(submitted)]
    told = [Job.key.startswith(f"awards.tell:{result_set_id}:") for result_set_id in db.session.scalars(published)]
    mine = sa.or_(Job.key.in_(keys), *told)
    for job in db.session.scalars(sa.select(Job).where(mine).order_by(Job.run_at, Job.id)).all():
        handler_for(job.kind)(JobRun(job.id, uuid4(), dict(job.payload), job.run_at))
        db.session.delete(job)


def settle_mails(challenge: Challenge) -> None:
    """Mark the mails of a sample as sent when they were written, and drop the jobs that would send them to nobody."""
    db.session.flush()
    mine = sa.and_(Mail.challenge_id == challenge.id, Mail.state == MailState.QUEUED)
    keys = [f"mail:{mail_id}" for mail_id in db.session.scalars(sa.select(Mail.id).where(mine))]
    db.session.execute(sa.delete(Job).where(Job.key.in_(keys)).execution_options(synchronize_session="fetch"))
    values = {"state": MailState.SENT, "sent_at": Mail.created_at}
    db.session.execute(sa.update(Mail).where(mine).values(values).execution_options(synchronize_session="fetch"))
