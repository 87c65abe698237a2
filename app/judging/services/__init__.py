"""What changes something in judging: one verb each, with the actor and the time as keywords."""

from app.judging.services.assign_judges import (
    apply_assignment,
    assign_judge,
    unassign_judge,
)
from app.judging.services.declare_conflicts import declare_conflicts, recuse
from app.judging.services.invite_judges import (
    accept_as_new,
    accept_invitation,
    decline_invitation,
    invite_judge,
    invite_judge_again,
    remove_judge,
)
from app.judging.services.remind_judges import remind_judges
from app.judging.services.settle_ranks import add_bonus, record_chair_decision, remove_bonus
from app.judging.services.start_judging import start_judging
from app.judging.services.write_sheets import reopen_sheet, save_sheet, sign_sheet, sign_sheets

__all__ = [
    "accept_as_new",
    "accept_invitation",
    "add_bonus",
    "apply_assignment",
    "assign_judge",
    "declare_conflicts",
    "decline_invitation",
    "invite_judge",
    "invite_judge_again",
    "record_chair_decision",
    "recuse",
    "remind_judges",
    "remove_bonus",
    "remove_judge",
    "reopen_sheet",
    "save_sheet",
    "sign_sheet",
    "sign_sheets",
    "start_judging",
    "unassign_judge",
]
