"""The filters of the list of received applications, in the address and back."""

from urllib.parse import urlencode
from uuid import UUID

from flask import request

from app.accounts.session import signed_in_user
from app.applications import queries
from app.applications.queries import NOBODY, LastCheck, ReceivedFilter, sort_of
from app.applications.states import ApplicationState
from app.challenges.models import Challenge
from app.web.clock import now

ME = "me"  # in an address: whoever follows it


def asked_of(challenge: Challenge) -> ReceivedFilter:
    """What the address asks for; nonsense asks for nothing."""
    args = request.args
    state, theme, check = args.get("state", ""), args.get("theme", ""), args.get("check", "")
    return ReceivedFilter(
        at=now(),
        state=ApplicationState(state) if state in set(ApplicationState) else None,
        theme_id=next((t.id for t in challenge.themes if t.code == theme), None),
        tag_id=as_uuid(args.get("tag", "")),
        assignee=_assignee(args.get("assignee", "")),
        check=LastCheck(check) if check in set(LastCheck) else None,
        alike=args.get("alike") == "1",
        lacking=args.get("lacking") == "1",
        search=" ".join(args.get("search", "").replace("\0", "").split())[:100],
        sort=sort_of(args.get("sort", "receipt")),
    )


def as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _assignee(text: str) -> UUID | str | None:
    if text == NOBODY:
        return NOBODY
    return signed_in_user().id if text == ME else as_uuid(text)


def address_of(asked: ReceivedFilter, challenge: Challenge) -> dict[str, str]:
    """What an address says to ask for the same, in one form: what asks for nothing is left out."""
    theme = next((t.code for t in challenge.themes if t.id == asked.theme_id), "")
    mine = asked.assignee == signed_in_user().id
    parts = {
        "state": asked.state.value if asked.state else "",
        "theme": theme,
        "tag": str(asked.tag_id or ""),
        "assignee": ME if mine else str(asked.assignee or ""),
        "check": asked.check.value if asked.check else "",
        "alike": "1" if asked.alike else "",
        "lacking": "1" if asked.lacking else "",
        "search": asked.search,
        "sort": asked.sort if asked.sort != "receipt" else "",
    }
    return {name: value for name, value in parts.items() if value}


def canonical(address: dict[str, str]) -> str:
    """The filters as one text, the same for the same filters."""
    return urlencode(sorted(address.items()))


def asked_ids(challenge: Challenge, asked: ReceivedFilter, *, most: int) -> list[UUID]:
    """The applications that were chosen: the boxes that were ticked, or all that fit the filters."""
    if request.form.get("all") == "1":
        return queries.list_received_ids(challenge, asked, limit=most)
    chosen = (as_uuid(text) for text in request.form.getlist("chosen")[:most])
    return list(dict.fromkeys(i for i in chosen if i is not None))
