"""The form that checks a certificate."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from flask_wtf.file import FileField
from wtforms import StringField
from wtforms.validators import Length

from app.web.forms import BaseForm


class VerifyForm(BaseForm):
    code = StringField(
        lazy_pgettext("certificate", "Code"),
        [Length(max=120, message=_l("This is too long for a code of 16 letters and digits."))],
    )
    serial = StringField(_l("Number"), [Length(max=60, message=_l("This is too long for a number like 2022-0001."))])
    pdf = FileField(_l("The certificate as PDF"))
