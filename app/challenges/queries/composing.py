"""What the form builder reads: the working copy beside the form in force, and the forms of other calls to begin from."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.challenges.form.codec import form_sha256, read_form
from app.challenges.form.model import Form
from app.challenges.models import Challenge, FormDraft, FormStep
from app.challenges.queries.managed import managed_by
from app.core.database import db


@dataclass(frozen=True)
class WorkingCopy:
    """A call's form as its organizers compose it, and what stands around it."""

    form: Form
    in_force: Form
    version: int  # 0 where nobody has begun to compose
    step: FormStep | None  # the change that was made last, which undo takes back; None where there is none
    redo: FormStep | None  # the change that redo makes again
    is_behind: bool  # the form in force was changed elsewhere since the copy, which has changes of its own, began

    @property
    def is_changed(self) -> bool:
        """Whether it says anything that the form in force does not."""
        return form_sha256(self.form) != form_sha256(self.in_force)


def form_in_force(challenge: Challenge) -> Form:
    """The form that the call stands on."""
    return challenge.form


def get_working_copy(challenge: Challenge) -> WorkingCopy:
    """The working copy, or the form in force where nobody has begun one, or where it says no more than an older one did.

    Two statements.
    """
    in_force = form_in_force(challenge)
    draft = db.session.get(FormDraft, challenge.id)
    if draft is None:
        return WorkingCopy(in_force, in_force, 0, None, None, is_behind=False)
    near = sa.select(FormStep).where(
        FormStep.challenge_id == challenge.id, FormStep.number.between(draft.at - 1, draft.at + 1)
    )
    steps = {step.number: step for step in db.session.scalars(near.options(joinedload(FormStep.edited_by)))}
    form = read_form(steps[draft.at].content)
    is_older = draft.base_sha256 != form_sha256(in_force)
    if is_older and form_sha256(form) == draft.base_sha256:
        return WorkingCopy(in_force, in_force, draft.version, None, None, is_behind=False)
    step = steps[draft.at] if draft.at - 1 in steps else None
    return WorkingCopy(
        form, in_force, draft.version, step, steps.get(draft.at + 1),
        is_behind=is_older and form_sha256(form) != form_sha256(in_force),
    )  # fmt: skip


def list_forms_to_copy(user: User, challenge: Challenge) -> list[Challenge]:
    """The other calls of the same host whose forms the person may read, the newest first. One statement."""
    query = sa.select(Challenge).where(
        managed_by(user), Challenge.host_id == challenge.host_id, Challenge.id != challenge.id
    )
    return list(db.session.scalars(query.order_by(Challenge.created_at.desc()).limit(200)))


def get_form_to_copy(user: User, challenge: Challenge, other_id: UUID) -> Challenge | None:
    """One of these."""
    query = sa.select(Challenge).where(
        managed_by(user), Challenge.host_id == challenge.host_id, Challenge.id == other_id, Challenge.id != challenge.id
    )
    return db.session.scalar(query)
