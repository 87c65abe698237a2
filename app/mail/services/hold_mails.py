"""Holding mails until somebody has read them: what gathers, what is changed or taken out, and letting it go."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.core.database import db
from app.core.errors import RuleBroken
from app.core.jobs.queue import enqueue
from app.mail import rules
from app.mail.kinds import kind_of
from app.mail.models import Mail, MailBatch, MailHold
from app.mail.queries import count_held
from app.mail.rendering import render_words
from app.mail.states import BatchState, MailState
from app.mail.wording import finished_body


def open_batch(challenge_id: UUID, template: str, *, now: datetime, held: bool) -> MailBatch:
    """A batch of its own, for mails that one act causes: held, or on its way at once and only to be followed."""
    state = BatchState.HELD if held else BatchState.RELEASED
    released_at = None if held else now
    batch = MailBatch(
        challenge_id=challenge_id,
        template=template,
        state=state,
        created_at=now,
        released_at=released_at,
        gathers=False,
    )
    db.session.add(batch)
    db.session.flush()
    return batch


def gathering_batch(challenge_id: UUID, template: str, *, now: datetime) -> MailBatch | None:
    """The batch that a mail of this kind has to wait in, its row locked; None where the challenge does not hold the kind."""
    kind = kind_of(template)
    if kind is None or not kind.holdable or db.session.get(MailHold, (challenge_id, template)) is None:
        return None
    query = (
        sa.select(MailBatch)
        .where(MailBatch.challenge_id == challenge_id, MailBatch.template == template, MailBatch.gathers)
        .with_for_update()
    )
    if (standing := db.session.scalar(query)) is not None:
        return standing
    batch = MailBatch(challenge_id=challenge_id, template=template, created_at=now, gathers=True)
    try:
        with db.session.begin_nested():
            db.session.add(batch)
    except IntegrityError:  # somebody opened it at the same moment
        return db.session.scalar(query)
    return batch


def set_hold(challenge_id: UUID, template: str, *, hold: bool) -> bool:
    """Hold this kind from now on, or no longer; what is held already stays so. False where that is so already."""
    standing = db.session.get(MailHold, (challenge_id, template), with_for_update=True)
    if hold == (standing is not None):
        return False
    if standing is None:
        db.session.add(MailHold(challenge_id=challenge_id, template=template))
    else:
        db.session.delete(standing)
    db.session.flush()
    return True


def edit_mail(mail: Mail, *, subject: str, body: str, now: datetime) -> None:
    """Give a held mail other words; `body` is Markdown. Raises RuleBroken with the field to mend."""
    _lock(mail)
    if reason := rules.why_not_edit_mail(mail):
        raise RuleBroken(reason)
    for field, sentence in rules.text_faults(subject, body):
        raise RuleBroken(sentence, field=field)
    mail.subject, mail.text, mail.html = render_words(subject.strip(), finished_body(body), language=mail.language)
    mail.edited_at = now


def exclude_mail(mail: Mail, *, excluded: bool) -> None:
    """Take a held mail out of its batch's release, or put it back. Twice the same is once. Raises RuleBroken."""
    _lock(mail)
    target = MailState.EXCLUDED if excluded else MailState.HELD
    if mail.state is target:
        return
    if not mail.state.can_become(target) or not _is_open(mail):
        raise RuleBroken(rules.why_not_edit_mail(mail) or rules.why_not_batch_is_open())
    mail.state = target


def release_batch(batch: MailBatch, *, at: datetime | None, now: datetime) -> int:
    """Let the held mails go at `at`, or at once; returns how many. A job does it, so that many take nobody's time.

    Raises RuleBroken.
    """
    _lock(batch)
    count = count_held(batch.id)
    if reason := rules.why_not_release(batch, count, at=at, now=now):
        raise RuleBroken(reason, field="at")
    batch.state, batch.gathers, batch.release_at = BatchState.SCHEDULED, False, at or now
    key = f"mail.release:{batch.id}:{batch.release_at.isoformat()}:{now.isoformat()}"
    enqueue("mail.release", {"batch_id": str(batch.id)}, key=key, now=now, run_at=batch.release_at)
    return count


def hold_batch_again(batch: MailBatch) -> None:
    """Stop a release whose time has not come. Raises RuleBroken."""
    _lock(batch)
    if reason := rules.why_not_move(batch, BatchState.HELD):
        raise RuleBroken(reason)
    batch.state, batch.release_at = BatchState.HELD, None


def discard_batch(batch: MailBatch) -> int:
    """Withdraw all that the batch holds, for good; returns how many mails. Raises RuleBroken."""
    _lock(batch)
    if reason := rules.why_not_move(batch, BatchState.DISCARDED):
        raise RuleBroken(reason)
    batch.state, batch.gathers = BatchState.DISCARDED, False
    gone = db.session.scalars(
        sa.update(Mail)
        .where(Mail.batch_id == batch.id, Mail.state.in_((MailState.HELD, MailState.EXCLUDED)))
        .values(state=MailState.WITHDRAWN)
        .returning(Mail.id)
        .execution_options(synchronize_session="fetch")
    )
    return len(gone.all())


def _lock(row: Mail | MailBatch) -> None:
    db.session.refresh(row, with_for_update=True)


def _is_open(mail: Mail) -> bool:
    batch = db.session.get(MailBatch, mail.batch_id) if mail.batch_id else None
    return batch is not None and batch.state in (BatchState.HELD, BatchState.SCHEDULED)
