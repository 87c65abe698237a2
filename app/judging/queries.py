"""The reads that judging's pages need."""

import sqlalchemy as sa

from app.accounts.models import User
from app.core.database import db
from app.judging.models import Judge
from app.judging.states import JudgeState


def judges_somewhere(user: User) -> bool:
    """Whether the person has accepted to judge in any challenge."""
    return bool(db.session.scalar(sa.select(sa.exists().where(Judge.user_id == user.id, Judge.state == JudgeState.ACCEPTED))))
