"""Signing several sheets at once: which, each at the version that was looked at, and the password."""

from uuid import UUID

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField

from app.web.forms import BaseForm


class SignAllForm(BaseForm):
    password = PasswordField(_l("Your password"))

    def chosen(self) -> dict[UUID, int]:
        """Sheet -> the version that was shown; what is no such pair is left out."""
        found: dict[UUID, int] = {}
        for text in request.form.getlist("sheet"):
            sheet_id, _colon, version = text.partition(":")
            try:
                found[UUID(sheet_id)] = int(version)
            except ValueError:
                continue
        return found
