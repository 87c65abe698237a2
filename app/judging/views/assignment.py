"""Starting the judging, and who judges what: the matrix by hand, and a proposal that is looked at before it is carried out."""

import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.session import signed_in_user
from app.challenges.models import Challenge, Round
from app.core.canonical import canonical_sha256
from app.core.database import db
from app.core.errors import RuleBroken
from app.judging import queries, rules, services
from app.judging.assignment import Proposal, propose_assignment
from app.judging.views import bp
from app.judging.views.managed import asked_round, asked_theme, challenge_or_404, filters, organized_or_404
from app.web.access import access, signed_in
from app.web.clock import now
from app.web.pagination import Page, asked_page

PER_PAGE = 50  # entries of the matrix, each with a box for every judge
Pair = tuple[UUID, UUID]


@bp.post("/manage/<uuid:challenge_id>/judging/start")
@access(signed_in)
def start_judging(challenge_id: UUID) -> Any:
    challenge = organized_or_404(challenge_id)
    try:
        services.start_judging(challenge, actor=signed_in_user(), now=now())
    except RuleBroken as refusal:
        db.session.rollback()
        flash(refusal.sentence, "error")
    else:
        db.session.commit()
        flash(_("Judging has begun. Give the entries to the judges."), "success")
    return redirect(url_for(".assign_judges", challenge_id=challenge_id), code=303)


@bp.route("/manage/<uuid:challenge_id>/assignment", methods=["GET", "POST"])
@access(signed_in)
def assign_judges(challenge_id: UUID) -> Any:
    if request.method == "GET":
        return _page(challenge_or_404(challenge_id))
    challenge = organized_or_404(challenge_id)
    round_ = asked_round(challenge)
    act = request.form.get("act", "")
    if act == "propose":
        return _preview(challenge, round_, secrets.randbelow(1_000_000), redraw="redraw" in request.form)
    if act == "apply":
        return _carry_out(challenge, round_)
    return _by_hand(challenge, round_)


def _by_hand(challenge: Challenge, round_: Round) -> Any:
    """The boxes of the entries that the page showed; others stay as they are."""
    shown = {key for text in request.form.getlist("shown") if (key := _uuid(text))}
    ticked = {pair for text in request.form.getlist("pair") if (pair := _pair(text)) and pair[1] in shown}
    standing = {pair for pair in queries.get_assignment_input(round_).standing if pair[1] in shown}
    # A judge whose box the page did not show keeps what is there.
    offered = {key for text in request.form.getlist("judge") if (key := _uuid(text))}
    gone = {pair for pair in standing - ticked if pair[0] in offered}
    return _apply(challenge, round_, ticked - standing, gone)


def _apply(challenge: Challenge, round_: Round, add: set[Pair], remove: set[Pair]) -> Any:
    try:
        services.apply_assignment(round_, add=sorted(add), remove=sorted(remove), actor=signed_in_user(), now=now())
    except RuleBroken as refusal:
        db.session.rollback()
        return _page(challenge_or_404(challenge.id), problem=refusal.sentence, ticked=add, unticked=remove), 422
    db.session.commit()
    if add or remove:
        given = ngettext("%(num)d entry given out", "%(num)d entries given out", len(add))
        back = ngettext("%(num)d taken back", "%(num)d taken back", len(remove))
        flash(_("%(given)s, %(back)s. Judges with new entries are told by mail.", given=given, back=back), "success")
    else:
        flash(_("Nothing was changed."), "plain")
    return redirect(url_for(".assign_judges", challenge_id=challenge.id, **filters()), code=303)


@dataclass(frozen=True)
class Drawn:
    """A proposal with what it changes."""

    proposal: Proposal[UUID, UUID]
    add: set[Pair]
    remove: set[Pair]
    fingerprint: str


def _draw(round_: Round, seed: int, *, redraw: bool) -> Drawn:
    given = queries.get_assignment_input(round_)
    kept = given.written if redraw else given.standing
    proposal = propose_assignment(
        given.entries,
        given.judges,
        round_.sheets_per_entry,
        conflicts=given.conflicts,
        kept={pair for pair in kept if pair[0] in set(given.judges)},
        seed=seed,
    )
    # A judge who is out keeps the sheets that were written.
    out = {pair for pair in given.standing if pair[0] not in set(given.judges)}
    add, remove = set(proposal.pairs - given.standing), set(given.standing - proposal.pairs - given.written - out)
    fingerprint = canonical_sha256([sorted(map(str, add)), sorted(map(str, remove))])
    return Drawn(proposal, add, remove, fingerprint)


def _preview(challenge: Challenge, round_: Round, seed: int, *, redraw: bool, changed: bool = False) -> Any:
    drawn = _draw(round_, seed, redraw=redraw)
    return render_template(
        "judging/proposal.html",
        challenge=challenge,
        round=round_,
        drawn=drawn,
        seed=seed,
        redraw=redraw,
        changed=changed,
        panel=[row for row in queries.list_panel(challenge.id, round_.id) if row.ready],
        uncovered=queries.list_entries_by_id(drawn.proposal.uncovered),
        why_not=rules.why_not_while_judging(challenge),
    )


def _carry_out(challenge: Challenge, round_: Round) -> Any:
    """What was looked at, or, where the entries or judges have changed since, the new proposal to look at."""
    text, redraw = request.form.get("seed", ""), "redraw" in request.form
    seed = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    drawn = _draw(round_, seed, redraw=redraw)
    if drawn.fingerprint != request.form.get("fingerprint"):
        return _preview(challenge, round_, seed, redraw=redraw, changed=True), 409
    return _apply(challenge, round_, drawn.add, drawn.remove)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _pair(text: str) -> Pair | None:
    first, _colon, second = text.partition(":")
    judge, entry = _uuid(first), _uuid(second)
    return (judge, entry) if judge and entry else None


def _page(
    challenge: Challenge, *, problem: str = "", ticked: set[Pair] | None = None, unticked: set[Pair] | None = None
) -> str:
    user = signed_in_user()
    round_ = asked_round(challenge)
    panel = queries.list_panel(challenge.id, round_.id)
    chosen = queries.EntryFilter(
        theme_id=asked_theme(challenge),
        search=request.args.get("q", "")[:100].strip(),
        unassigned="short" in request.args,
    )
    number = asked_page()
    entries, total = queries.list_entries(round_, chosen, offset=(number - 1) * PER_PAGE, limit=PER_PAGE)
    counts = queries.count_checked(challenge.id)
    return render_template(
        "judging/assign_judges.html",
        challenge=challenge,
        round=round_,
        kept=filters(),
        panel=[row for row in panel if row.ready or row.total],
        waiting=[row for row in panel if not row.ready and row.state.value in ("invited", "accepted")],
        entries=entries,
        page=Page(number, total, PER_PAGE),
        chosen=chosen,
        problem=problem,
        ticked=ticked or set(),
        unticked=unticked or set(),
        may_change=rules.why_not_organize(challenge, user) is None,
        why_not=rules.why_not_while_judging(challenge),
        why_start=rules.why_not_start(
            challenge, unchecked=counts.unchecked, eligible=counts.eligible, actor=user, now=now()
        ),
    )
