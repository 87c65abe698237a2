"""What accounts do in the background: mails for an address of which nobody in the foreground may know whose it is."""

from app.accounts.services import mail_password_reset, resend_confirmation
from app.core.database import db
from app.core.jobs.models import Job
from app.core.jobs.registry import JobRun, job_handler


@job_handler("accounts.mail_password_reset")
def _mail_password_reset(run: JobRun) -> None:
    mail_password_reset(run.payload.get("email", ""), now=run.now)
    _forget(run)


@job_handler("accounts.mail_confirmation")
def _mail_confirmation(run: JobRun) -> None:
    resend_confirmation(run.payload.get("email", ""), now=run.now)
    _forget(run)


def _forget(run: JobRun) -> None:
    """What was typed is not kept: it may be the address of somebody who never came here."""
    if (job := db.session.get(Job, run.job_id)) is not None:
        job.payload = {}
