"""The fields of a draft under one name each: the contact's, and `answer-` with a question's code."""

from typing import Any

from app.applications.models import Application
from app.core.merging import normal

CONTACT = ("contact_name", "contact_email", "contact_phone")
ANSWER = "answer-"


def draft_fields(application: Application) -> dict[str, Any]:
    """Everything that is typed, by field. Documents and consents are no part of it."""
    answers = {f"{ANSWER}{code}": answer for code, answer in application.answers.items()}
    return {name: getattr(application, name) for name in CONTACT} | answers


def set_fields(application: Application, values: dict[str, Any]) -> None:
    """Put the values in their places; an empty answer is none."""
    answers = dict(application.answers)
    for name, value in values.items():
        if name in CONTACT:
            setattr(application, name, value or "")
        elif normal(value) == "":
            answers.pop(name.removeprefix(ANSWER), None)
        else:
            answers[name.removeprefix(ANSWER)] = value
    application.answers = answers
