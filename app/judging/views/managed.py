"""What the organizer's views of judging share."""

from typing import Any
from uuid import UUID

from flask import abort, request

from app.accounts.session import signed_in_user
from app.challenges.models import Challenge, Round
from app.challenges.rules import is_organizer_of
from app.judging import queries


def challenge_or_404(challenge_id: UUID) -> Challenge:
    """The challenge, for its organizers and observers."""
    return queries.get_managed_challenge(signed_in_user(), challenge_id) or abort(404)


def organized_or_404(challenge_id: UUID) -> Challenge:
    """The challenge, for those who may change something in it; an observer only reads."""
    challenge = challenge_or_404(challenge_id)
    if not is_organizer_of(signed_in_user(), challenge):
        abort(404)
    return challenge


def asked_round(challenge: Challenge) -> Round:
    """The round that the address asks for by its position, else the first; 404 without any."""
    asked = request.values.get("round", "")
    found = [round_ for round_ in challenge.rounds if str(round_.position) == asked] or challenge.rounds
    return found[0] if found else abort(404)


def asked_theme(challenge: Challenge) -> UUID | None:
    """The theme whose code the address names."""
    asked = request.args.get("theme", "")
    return next((theme.id for theme in challenge.themes if theme.code == asked), None)


FILTERS = ("round", "theme", "view", "show", "q", "page", "short", "open")


def filters() -> dict[str, Any]:
    """What the address filters by, to be kept in links and after a POST; nothing else that stands there."""
    return {name: request.args[name] for name in FILTERS if name in request.args}
