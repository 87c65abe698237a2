"""Forms about oneself: signing up and in, passwords, addresses, names."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from app.accounts import rules
from app.web.forms import BaseForm

TOO_LONG = _l("Use at most %(max)d characters; this has %(length)d.")


def _is_email(_form: object, field: StringField) -> None:
    if rules.normal_email(field.data or "") is None:
        raise ValidationError(_l("Enter an e-mail address, such as hana@example.org."))


def email_field(label: str = _l("E-mail address"), description: str = "") -> StringField:
    return StringField(label, [DataRequired(_l("Enter an e-mail address.")), _is_email], description=description)


def _name() -> StringField:
    return StringField(
        _l("Name"),
        [DataRequired(_l("Enter your name.")), Length(max=100, message=TOO_LONG)],
        description=_l("As others should see it, family name and given name together."),
    )


def _new_password(label: str) -> PasswordField:
    return PasswordField(
        label,
        [DataRequired(_l("Choose a password."))],
        description=_l("At least 10 characters. A few words in a row are easy to remember and hard to guess."),
    )


class SignUpForm(BaseForm):
    name = _name()
    email = email_field(description=_l("We send a link there to see that it is yours."))
    password = _new_password(_l("Password"))
    next = HiddenField()


class JoinForm(BaseForm):
    """A sign-up by invitation: the address is that of the invitation."""

    name = _name()
    password = _new_password(_l("Password"))


class SignInForm(BaseForm):
    email = StringField(_l("E-mail address"), [DataRequired(_l("Enter your e-mail address."))])
    password = PasswordField(_l("Password"), [DataRequired(_l("Enter your password."))])
    next = HiddenField()


class EmailForm(BaseForm):
    """Somewhere to send a link to."""

    email = email_field()


class ConfirmForm(BaseForm):
    """Asked for where the link is opened in another browser than the one of the sign-up."""

    password = PasswordField(_l("The password that you chose"))


class ResetPasswordForm(BaseForm):
    password = _new_password(_l("New password"))


class ChangePasswordForm(BaseForm):
    current = PasswordField(_l("Present password"), [DataRequired(_l("Enter your present password."))])
    password = _new_password(_l("New password"))


class ChangeEmailForm(BaseForm):
    email = email_field(
        _l("New e-mail address"), description=_l("We send a link there; until you open it, nothing changes.")
    )
    current = PasswordField(_l("Present password"), [DataRequired(_l("Enter your present password."))])


class NameForm(BaseForm):
    name = _name()


class CloseAccountForm(BaseForm):
    current = PasswordField(_l("Present password"), [DataRequired(_l("Enter your present password."))])
    sure = BooleanField(
        _l("I have read what goes and what stays; this cannot be taken back"),
        [DataRequired(_l("Tick this to close the account."))],
    )
