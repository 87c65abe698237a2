"""What the events of accounts and organizations are called in the trail."""

from flask_babel import gettext as _

from app.core.audit.words import tell_actions

tell_actions(
    {
        "accounts.download_my_data": lambda: _("Downloaded their own data"),
        "accounts.close_account": lambda: _("Closed the account"),
        "accounts.create_user": lambda: _("Made an account"),
        "accounts.sign_up": lambda: _("Signed up"),
        "accounts.sign_up_again": lambda: _("Signed up with an address that has an account"),
        "accounts.resend_confirmation": lambda: _("Asked again for the link to confirm the address"),
        "accounts.confirm_email": lambda: _("Confirmed the address"),
        "accounts.sign_in": lambda: _("Signed in"),
        "accounts.set_language": lambda: _("Chose a language"),
        "accounts.change_name": lambda: _("Changed the name"),
        "accounts.ask_password_reset": lambda: _("Asked for a new password"),
        "accounts.reset_password": lambda: _("Chose a new password by a mailed link"),
        "accounts.change_password": lambda: _("Changed the password"),
        "accounts.ask_email_change": lambda: _("Asked to change the e-mail address"),
        "accounts.change_email": lambda: _("Changed the e-mail address"),
        "accounts.create_organization": lambda: _("Added an organization"),
        "accounts.edit_organization": lambda: _("Changed the organization's details"),
        "accounts.invite_member": lambda: _("Invited a member"),
        "accounts.cancel_invitation": lambda: _("Cancelled the invitation of a member"),
        "accounts.accept_membership": lambda: _("Accepted the invitation to an organization"),
        "accounts.add_member": lambda: _("Added a member"),
        "accounts.change_member_role": lambda: _("Changed a member's role"),
        "accounts.remove_member": lambda: _("Removed a member"),
        "accounts.edit_profile": lambda: _("Changed the startup's profile"),
        "accounts.add_team_member": lambda: _("Added a person to the profile"),
        "accounts.edit_team_member": lambda: _("Changed what the profile says about a person"),
        "accounts.remove_team_member": lambda: _("Took a person out of the profile"),
        "accounts.add_profile_document": lambda: _("Kept a document in the profile"),
        "accounts.date_profile_document": lambda: _("Changed the dates of a document in the profile"),
        "accounts.remove_profile_document": lambda: _("Took a document out of the profile"),
    }
)
