"""What every page knows: who looks, in which language, and where that person may go."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, has_request_context, request, url_for
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
    places = [(_("Challenges"), "challenges.list_challenges", "challenges.")]
    if user is not None:
        if user.organization_ids(OrganizationKind.STARTUP):
            places.append((_("My applications"), "applications.list_applications", "applications."))
        if user.organization_ids(OrganizationKind.HOST):
            places.append((_("Workspace"), "challenges.list_managed", "/manage"))
        if user.organization_ids(OrganizationKind.SPONSOR):
            places.append((_("Sponsored"), "challenges.list_sponsored", "/sponsor"))
        if judges_somewhere(user):
            places.append((_("My judging"), "judging.list_rounds", "judging."))
    places.append((_("Check a certificate"), "awards.verify_certificate", "/v"))
    return [NavigationItem(label, url_for(endpoint), is_here(prefix)) for label, endpoint, prefix in places]


def is_here(prefix: str) -> bool:
    """Whether the present page lies in the part of the menu that `prefix` names, by address or by endpoint."""
    in_workspace = request.path.startswith(("/manage", "/sponsor"))
    if prefix == "/v":  # the form, and the short address that certificates bear
        return request.path.startswith(("/verify", "/v/"))
    if prefix.startswith("/"):
        return request.path.startswith(prefix)
    return not in_workspace and (request.endpoint or "").startswith(prefix)


def add_page_context(app: Flask) -> None:
    @app.context_processor
    def _context() -> dict[str, Any]:
        if not has_request_context():  # a mail, rendered by a job or a command
            return {"current_language": current_language()}
        user = user_or_none()
        return {
            "current_language": current_language(),
            "navigation": navigation_for(user),
            "signed_in_user": user,
            "server_now": now(),
            "development": app.config["DEVELOPMENT"],
        }
