"""What the events of an application are called in a challenge's trail."""

from flask_babel import gettext as _

from app.core.audit.words import tell_actions

tell_actions(
    {
        "applications.start_application": lambda: _("Began an application"),
        "applications.save_draft": lambda: _("Saved the draft of an application"),
        "applications.follow_form": lambda: _("Brought the draft to the new form"),
        "applications.attach_document": lambda: _("Uploaded a document"),
        "applications.date_document": lambda: _("Gave a document's date of issue"),
        "applications.remove_document": lambda: _("Deleted a document"),
        "applications.set_consents": lambda: _("Decided on the consents"),
        "applications.withdraw_consent": lambda: _("Withdrew a consent"),
        "applications.confirm_eligibility": lambda: _("Confirmed statements on eligibility"),
        "applications.override_eligibility": lambda: _("Made an exception from the rules of eligibility"),
        "applications.take_back_override": lambda: _("Took back an exception from the rules of eligibility"),
        "applications.submit_application": lambda: _("Submitted an application"),
        "applications.reopen_application": lambda: _("Reopened an application"),
        "applications.withdraw_application": lambda: _("Withdrew an application"),
        "applications.check_eligibility": lambda: _("Recorded an eligibility check"),
        "applications.export_received": lambda: _("Exported the applications received"),
        "applications.stop_reminders": lambda: _("Wanted no further reminders"),
        "applications.resume_reminders": lambda: _("Wanted reminders again"),
        "applications.give_right": lambda: _("Gave a right in an application"),
        "applications.take_right": lambda: _("Took the right in an application away"),
        "applications.invite_co_writer": lambda: _("Invited a co-writer"),
        "applications.cancel_co_writer": lambda: _("Cancelled the invitation of a co-writer"),
        "applications.accept_co_writing": lambda: _("Accepted to write an application with a startup"),
        "applications.take_over_profile": lambda: _("Took answers over from the profile"),
        "applications.restore_version": lambda: _("Went back to an earlier version of a draft"),
        "applications.assign_cases": lambda: _("Assigned cases among the staff"),
        "applications.tag_applications": lambda: _("Tagged applications"),
        "applications.untag_applications": lambda: _("Took a tag off applications"),
        "applications.write_note": lambda: _("Wrote an internal note"),
        "applications.edit_note": lambda: _("Changed an internal note"),
        "applications.decide_in_bulk": lambda: _("Decided on several applications at once"),
        "applications.undo_bulk": lambda: _("Undid a decision on several applications"),
        "applications.undo_check": lambda: _("Undid an eligibility check"),
        "applications.write_message": lambda: _("Wrote a message to applicants"),
        "applications.settle_application": lambda: _("Let the last submission stand when time ran out"),
    }
)
