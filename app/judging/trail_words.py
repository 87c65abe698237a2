"""What the events of the judging are called in a challenge's trail."""

from flask_babel import gettext as _

from app.core.audit.words import tell_actions

tell_actions(
    {
        "judging.invite_judge": lambda: _("Invited a judge"),
        "judging.invite_judge_again": lambda: _("Invited a judge again"),
        "judging.accept_invitation": lambda: _("Accepted the invitation to judge"),
        "judging.decline_invitation": lambda: _("Declined the invitation to judge"),
        "judging.save_profile": lambda: _("Saved a judge's profile"),
        "judging.word_pledge": lambda: _("Put a new version of the pledge in force"),
        "judging.sign_pledge": lambda: _("Signed the pledge"),
        "judging.remove_judge": lambda: _("Took a judge out"),
        "judging.start_judging": lambda: _("Started the judging"),
        "judging.assign_judge": lambda: _("Gave an entry to a judge"),
        "judging.unassign_judge": lambda: _("Took an entry back from a judge"),
        "judging.apply_assignment": lambda: _("Gave out entries as proposed"),
        "judging.declare_conflicts": lambda: _("Declared conflicts of interest"),
        "judging.record_conflict": lambda: _("Recorded a conflict of interest"),
        "judging.dismiss_suggestion": lambda: _("Dismissed a suggested conflict"),
        "judging.pin_conflict": lambda: _("Pinned or unpinned a conflict"),
        "judging.lift_conflict": lambda: _("Lifted a conflict of interest"),
        "judging.take_back_conflict": lambda: _("Took a declared conflict back"),
        "judging.recuse": lambda: _("Stepped back from an entry"),
        "judging.save_sheet": lambda: _("Saved the draft of a score sheet"),
        "judging.sign_sheet": lambda: _("Signed a score sheet"),
        "judging.reopen_sheet": lambda: _("Reopened a score sheet"),
        "judging.remind_judges": lambda: _("Reminded judges"),
        "judging.add_bonus": lambda: _("Added bonus points"),
        "judging.remove_bonus": lambda: _("Took bonus points back"),
        "judging.record_chair_decision": lambda: _("Recorded the chair's decision"),
    }
)
