"""The ranking: per theme and over all, with bonus points and the chair's order of what stays tied."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.session import signed_in_user
from app.applications.models import Application
from app.core.database import db
from app.core.errors import RuleBroken
from app.judging import queries, rules, services
from app.judging.forms import BonusForm, ChairForm
from app.judging.models import Bonus
from app.judging.official import Tie
from app.judging.queries import RankedEntry, RankingTable
from app.judging.views import bp
from app.judging.views.managed import asked_round, asked_theme, challenge_or_404, filters, organized_or_404
from app.judging.views.ranked_rows import grouped
from app.web.access import access, signed_in
from app.web.clock import now
from app.web.filters import current_language
from app.web.pagination import Page, asked_page

PER_PAGE = 250
MOST_TIES = 6  # beside the table; filters lead to the others


@bp.get("/manage/<uuid:challenge_id>/ranking")
@access(signed_in)
def show_ranking(challenge_id: UUID) -> str:
    return _page(challenge_id)


def _matches(entry: RankedEntry, wanted: str, search: str) -> bool:
    if search and search not in f"{entry.company.ko} {entry.company.en} {entry.receipt_number}".casefold():
        return False
    return {
        "passing": bool(entry.passes),
        "below": entry.passes is False,
        "short": entry.provisional,
        "tied": entry.tie is not None or entry.theme_tie is not None,
    }.get(wanted, True)


def _names(entries: Iterable[RankedEntry]) -> list[tuple[UUID, str]]:
    language = current_language()
    return [(e.application_id, f"{e.receipt_number} {e.company.in_language(language)}") for e in entries]


def _page(challenge_id: UUID, bonus_form: BonusForm | None = None, chair_form: ChairForm | None = None) -> str:
    challenge = challenge_or_404(challenge_id)
    round_ = asked_round(challenge)
    user = signed_in_user()
    table = queries.get_ranking(round_)
    theme_id, overall = asked_theme(challenge), request.args.get("view") == "all"
    wanted, search = request.args.get("show", ""), request.args.get("q", "")[:100].strip().casefold()
    ordered = table.entries if overall else [entry for theme in table.themes for entry in table.by_theme[theme.id]]
    shown = ordered
    if theme_id or wanted or search:
        shown = [entry for entry in ordered if theme_id in (None, entry.theme.id) and _matches(entry, wanted, search)]
    page = Page(asked_page(), len(shown), PER_PAGE)
    window = shown[page.offset : page.offset + PER_PAGE]
    bonus_form = bonus_form or BonusForm(formdata=None)
    posted = bonus_form.application.data
    on_page = {entry.application_id for entry in window}
    elsewhere = (
        [e for e in table.entries if str(e.application_id) == posted and e.application_id not in on_page]
        if posted
        else []
    )
    bonus_form.offer(_names([*elsewhere, *window]))
    ties = [tie for tie in (table.ties if overall else table.theme_ties) if not on_page.isdisjoint(tie.keys)]
    ties.sort(key=lambda tie: tie.settled)  # what waits for the chair first
    return render_template(
        "judging/show_ranking.html",
        challenge=challenge,
        round=round_,
        kept=filters(),
        table=table,
        groups=grouped(table, challenge.id, window, theme_id, overall=overall),
        page=page,
        overall=overall,
        wanted=wanted,
        ties=[_shown_tie(table, tie, within_theme=not overall) for tie in ties[:MOST_TIES]],
        more_ties=max(0, len(ties) - MOST_TIES),
        bonus_form=bonus_form,
        chair_form=chair_form or ChairForm(formdata=None),
        most=sum((criterion.points for criterion in round_.criteria), start=round_.bonus_cap * 0),
        titles={criterion.code: criterion.title for criterion in round_.criteria},
        sentences=rules.describe_rule(round_),
        may_change=rules.why_not_organize(challenge, user) is None,
        why_not=rules.why_not_change_result(round_, user),
    )


@dataclass(frozen=True)
class ShownTie:
    """A tie with its entries, the groups that still share a rank, and what the chair decided on them."""

    tie: Tie[UUID]
    entries: list[RankedEntry]
    sharing: list[tuple[UUID, ...]]
    decision: queries.ChairLine | None
    rank: int | None
    within_theme: bool


def _shown_tie(table: RankingTable, tie: Tie[UUID], *, within_theme: bool) -> ShownTie:
    entries = [table.by_application[key] for key in tie.keys]
    by_chair = next((set(dict(step.values)) for step in tie.steps if step.criterion == "chair" and step.decided), set())
    decision = next((line for line in reversed(table.decisions) if by_chair and set(line.order) & by_chair), None)
    rank = min((entry.theme_rank if within_theme else entry.rank) or 0 for entry in entries)
    return ShownTie(tie, entries, table.sharing(tie, within_theme=within_theme), decision, rank, within_theme)


@bp.post("/manage/<uuid:challenge_id>/bonuses")
@access(signed_in)
def add_bonus(challenge_id: UUID) -> Any:
    challenge = organized_or_404(challenge_id)
    round_ = asked_round(challenge)
    form = BonusForm()
    table = queries.get_ranking(round_)
    form.offer([(entry.application_id, entry.receipt_number) for entry in table.entries])
    if not form.validate():
        return _page(challenge_id, bonus_form=form), 422
    application = db.session.get(Application, UUID(form.application.data)) or abort(404)
    try:
        services.add_bonus(
            round_,
            application,
            points=form.given_points(),
            evidence=form.evidence.data or "",
            actor=signed_in_user(),
            now=now(),
        )
    except RuleBroken as refusal:
        db.session.rollback()
        form.add_error(refusal.field, refusal.sentence)
        return _page(challenge_id, bonus_form=form), 422
    db.session.commit()
    flash(_("The bonus points are added."), "success")
    return redirect(url_for(".show_ranking", challenge_id=challenge_id, **filters()), code=303)


@bp.post("/manage/<uuid:challenge_id>/bonuses/<uuid:bonus_id>/remove")
@access(signed_in)
def remove_bonus(challenge_id: UUID, bonus_id: UUID) -> Any:
    challenge = organized_or_404(challenge_id)
    bonus = db.session.get(Bonus, bonus_id)
    round_ = next((one for one in challenge.rounds if bonus and one.id == bonus.round_id), None)
    if bonus is None or round_ is None:
        abort(404)
    try:
        services.remove_bonus(bonus, round_, actor=signed_in_user(), now=now())
    except RuleBroken as refusal:
        db.session.rollback()
        flash(refusal.sentence, "error")
    else:
        db.session.commit()
        flash(_("The bonus points are taken back; the trail keeps them."), "success")
    return redirect(url_for(".show_ranking", challenge_id=challenge_id, **filters()), code=303)


@bp.post("/manage/<uuid:challenge_id>/chair")
@access(signed_in)
def record_chair_decision(challenge_id: UUID) -> Any:
    challenge = organized_or_404(challenge_id)
    form = ChairForm()
    try:
        services.record_chair_decision(
            asked_round(challenge),
            form.order(request.form),
            form.reason.data or "",
            actor=signed_in_user(),
            now=now(),
        )
    except RuleBroken as refusal:
        db.session.rollback()
        form.add_error(refusal.field if refusal.field == "reason" else None, refusal.sentence)
        return _page(challenge_id, chair_form=form), 422
    db.session.commit()
    flash(_("The chair's decision is recorded."), "success")
    return redirect(url_for(".show_ranking", challenge_id=challenge_id, **filters()), code=303)
