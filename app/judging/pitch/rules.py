"""Who may run a pitch day, and which step can follow which."""

from collections.abc import Sequence

from flask_babel import gettext as _

from app.accounts.models import User
from app.challenges.models import Round
from app.judging.pitch.models import PitchSlot
from app.judging.rules import why_not_organize, why_not_while_judging

MOST_MINUTES = 180


def why_not_run(round_: Round, actor: User | None) -> str | None:
    return why_not_organize(round_.challenge, actor) or why_not_while_judging(round_.challenge)


def why_not_minutes(minutes: int | None, *, least: int = 0) -> str | None:
    if minutes is None or not least <= minutes <= MOST_MINUTES:
        return _("Enter whole minutes from %(least)s to %(most)s.", least=least, most=MOST_MINUTES)
    return None


def why_not_begin(slot: PitchSlot, slots: Sequence[PitchSlot]) -> str | None:
    if slot.began_at is not None:
        return _("This team has begun already.")
    if any(other.is_on for other in slots):
        return _("Another team is on. End its pitch first.")
    return None


def why_not_questions(slot: PitchSlot) -> str | None:
    if not slot.is_on or slot.questions_at is not None:
        return _("Questions follow a talk that is on.")
    return None


def why_not_end(slot: PitchSlot) -> str | None:
    return None if slot.is_on else _("This team is not on.")


def why_not_take_back(slot: PitchSlot, *, written: bool) -> str | None:
    """A beginning by mistake can be taken back as long as nobody has written on a sheet of the team."""
    if not slot.is_on:
        return _("This team is not on.")
    return _("A judge has written on a sheet of this team since it began.") if written else None


def why_not_move(slot: PitchSlot) -> str | None:
    return _("A team that has begun keeps its place.") if slot.began_at is not None else None
