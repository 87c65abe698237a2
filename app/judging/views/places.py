"""What judging shows on pages of earlier features, and how it writes things there."""

from datetime import datetime
from decimal import Decimal

from flask import render_template
from flask_babel import gettext as _

from app.accounts.session import user_or_none
from app.challenges.models import Challenge
from app.challenges.next_step import NextStep, tell_next_step
from app.challenges.states import ChallengeState
from app.judging import marks, queries, rules
from app.judging.levels import Level, levels_of
from app.judging.views import bp
from app.web.clock import now
from app.web.filters import points as written_points
from app.web.panels import panel

SHOWN = frozenset({ChallengeState.CLOSED, ChallengeState.JUDGING, ChallengeState.DECIDED})


def start_next(challenge: Challenge, moment: datetime) -> NextStep | None:
    """Once all applications are checked: judging starts, or what keeps it from starting."""
    counts = queries.count_checked(challenge.id)
    if counts.unchecked or rules.why_not_organize(challenge, user_or_none()):
        return None
    why = rules.why_not_start(challenge, unchecked=0, eligible=counts.eligible, actor=user_or_none(), now=moment)
    if why:
        return NextStep(why)
    return NextStep(
        _("All applications are checked. Start judging."),
        label=_("Start judging"), endpoint="judging.start_judging", post=True,
    )  # fmt: skip


tell_next_step(ChallengeState.CLOSED, start_next)


@panel("challenge.managed")
def show_judging(challenge: Challenge) -> str:
    """Where the judging stands, and its next step, on the organizer's overview."""
    if challenge.state not in SHOWN or not challenge.rounds:
        return ""
    user = user_or_none()
    counts = queries.count_checked(challenge.id)
    rows = queries.list_panel(challenge.id, challenge.rounds[0].id)
    return render_template(
        "judging/_managed.html",
        challenge=challenge,
        round=challenge.rounds[0],
        accepted=sum(row.state.value == "accepted" for row in rows),
        waiting=sum(row.state.value == "invited" for row in rows),
        signed=sum(row.signed for row in rows),
        total=sum(row.total for row in rows),
        eligible=counts.eligible,
        may_change=rules.why_not_organize(challenge, user) is None,
        why_start=rules.why_not_start(
            challenge, unchecked=counts.unchecked, eligible=counts.eligible, actor=user, now=now()
        ),
    )


@bp.app_template_filter("levels")
def levels(points: Decimal) -> list[Level]:
    return levels_of(points)


bp.add_app_template_filter(marks.top_of, "top_mark")
bp.add_app_template_filter(marks.grouped, "grouped_criteria")


@bp.app_template_filter("as_points")
def as_points(text: str) -> str:
    """A number that was kept as text, as in the copy of a signed sheet."""
    return written_points(Decimal(text)) if text not in ("", "None") else "–"
