"""What the events of deciding, publishing and certifying are called in a challenge's trail."""

from flask_babel import gettext as _

from app.challenges.trail_words import tell_action

tell_action("awards.set_decisions", lambda: _("Saved the draft of the decision"))
tell_action("awards.confirm_decision", lambda: _("Confirmed the decision"))
tell_action("awards.reopen_judging", lambda: _("Reopened the judging"))
tell_action("awards.publish_results", lambda: _("Published the results"))
tell_action("awards.correct_results", lambda: _("Corrected the results"))
tell_action("awards.issue_certificates", lambda: _("Had certificates made"))
tell_action("awards.make_certificate", lambda: _("Made a certificate"))
tell_action("awards.reissue_certificate", lambda: _("Reissued a certificate"))
tell_action("awards.revoke_certificate", lambda: _("Revoked a certificate"))
