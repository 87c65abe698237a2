"""Telling the applicants their results in the background."""

from uuid import UUID

from app.awards.models import ResultSet
from app.awards.services.tell_applicants import write_result_mails
from app.core.database import db
from app.core.jobs.registry import JobRun, job_handler
from app.mail.models import MailBatch


@job_handler("awards.tell_applicants")
def tell_applicants(run: JobRun) -> None:
    """Some of the applicants of one result set; the mails and the end of the job are one transaction."""
    result_set = db.session.get(ResultSet, UUID(run.payload["result_set_id"]))
    if result_set is None:
        return
    batch_id = run.payload["batch_id"]
    batch = db.session.get(MailBatch, UUID(batch_id)) if batch_id else None
    ids = [UUID(text) for text in run.payload["application_ids"]]
    write_result_mails(result_set, ids, batch, now=result_set.published_at)
