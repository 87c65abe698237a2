"""What applications have to say on the organizer's overview of a challenge."""

from typing import Any

from flask import render_template

from app.applications import queries
from app.applications.labels import staff_label
from app.applications.states import ApplicationState
from app.web.panels import panel


@panel("challenge.managed")
def applications_received(challenge: Any) -> str:
    if not challenge.state.is_public:
        return ""
    counts, drafts = queries.count_received(challenge.id)
    return render_template(
        "applications/_panel_managed.html",
        challenge=challenge,
        drafts=drafts,
        states=[(s, staff_label(s)[0], counts[s]) for s in ApplicationState if counts.get(s)],
    )
