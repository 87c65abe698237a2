"""Places on a page that a later feature fills, so that an earlier one never has to know it."""

from collections.abc import Callable
from typing import Any, Literal

from markupsafe import Markup

Place = Literal[
    "challenge.public",  # the public page of a call; the subject is the challenge
    "challenge.managed",  # the organizer's overview of a challenge
    "challenge.form",  # where a new form is put in force: whom it reaches
    "challenge.question",  # beside a question that is composed: how it is asked; the subject is (challenge, question)
    "challenge.sponsored",  # the sponsor's page of a challenge
    "application.status",  # an applicant's own application; the subject is the application
    "application.received",  # an application as the organizer sees it
]
Panel = Callable[[Any], str]  # is given the subject; returns HTML, or "" where it has nothing to say

_PANELS: dict[Place, list[Panel]] = {}


def panel(place: Place) -> Callable[[Panel], Panel]:
    """Put what the function returns at `place`, after the panels of earlier features."""

    def register(function: Panel) -> Panel:
        if function not in (standing := _PANELS.setdefault(place, [])):
            standing.append(function)
        return function

    return register


def panels(place: Place, subject: object) -> Markup:
    """All that features have to say at `place` about `subject`, in the order of the life of a challenge."""
    return Markup("").join(Markup(function(subject)) for function in _PANELS.get(place, []))  # noqa: S704 - rendered templates
