"""What the events of deciding, publishing and certifying are called in a challenge's trail."""

from flask_babel import gettext as _

from app.core.audit.words import tell_actions

tell_actions(
    {
        "awards.set_decisions": lambda: _("Saved the draft of the decision"),
        "awards.confirm_decision": lambda: _("Confirmed the decision"),
        "awards.reopen_judging": lambda: _("Reopened the judging"),
        "awards.publish_results": lambda: _("Published the results"),
        "awards.correct_results": lambda: _("Corrected the results"),
        "awards.open_public_review": lambda: _("Opened the public review"),
        "awards.raise_concern": lambda: _("Raised a concern in the public review"),
        "awards.file_appeal": lambda: _("Appealed against a result"),
        "awards.answer_appeal": lambda: _("Answered an objection"),
        "awards.issue_certificates": lambda: _("Had certificates made"),
        "awards.make_certificate": lambda: _("Made a certificate"),
        "awards.reissue_certificate": lambda: _("Reissued a certificate"),
        "awards.take_up_signing_key": lambda: _("Took up a key for signing certificates"),
        "awards.revoke_certificate": lambda: _("Revoked a certificate"),
    }
)
