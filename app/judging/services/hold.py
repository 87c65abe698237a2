"""Against a decision that is confirmed in another tab at the same moment."""

from app.challenges.models import Challenge
from app.core.database import db


def hold_state(challenge: Challenge) -> None:
    """Read where the challenge stands now, and let nobody move it on before the transaction ends."""
    db.session.refresh(challenge, ["state"], with_for_update={"read": True})
