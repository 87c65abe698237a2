"""What every page knows: who looks, in which language, and where that person may go."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, request, url_for
from flask_babel import gettext as _

from app.accounts.models import OrganizationKind, User
from app.accounts.session import user_or_none
from app.judging.queries import judges_somewhere
from app.web.clock import now
from app.web.filters import current_language


@dataclass(frozen=True)
class NavigationItem:
    label: str
    url: str
    current: bool


def navigation_for(user: User | None) -> list[NavigationItem]:
    """The main menu, in the order of the life of a challenge."""
    places = [(_("Challenges"), "challenges.list_challenges", ("challenges.",))]
    if user is not None:
        if user.organization_ids(OrganizationKind.STARTUP):
            places.append((_("My applications"), "applications.list_applications", ("applications.",)))
        if user.organization_ids(OrganizationKind.HOST):
            places.append((_("Workspace"), "challenges.list_managed", ()))
        if user.organization_ids(OrganizationKind.SPONSOR):
            places.append((_("Sponsored"), "challenges.list_sponsored", ()))
        if judges_somewhere(user):
            places.append((_("My judging"), "judging.list_rounds", ("judging.",)))
    places.append((_("Check a certificate"), "awards.verify_certificate", ("awards.verify",)))
    here = request.endpoint or ""
    exact = any(here == endpoint for _label, endpoint, _prefixes in places)
    return [
        NavigationItem(label, url_for(endpoint), here == endpoint or (not exact and here.startswith(prefixes)) if prefixes else here == endpoint)
        for label, endpoint, prefixes in places
    ]


def add_page_context(app: Flask) -> None:
    @app.context_processor
    def _context() -> dict[str, Any]:
        if not request:  # a mail, rendered by a job or a command
            return {"current_language": current_language()}
        user = user_or_none()
        return {
            "current_language": current_language(),
            "navigation": navigation_for(user),
            "signed_in_user": user,
            "server_now": now(),
            "development": app.config["DEVELOPMENT"],
        }
