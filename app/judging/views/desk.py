"""A judge's challenges, the declaration of conflicts, and the queue of entries."""

from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.session import signed_in_user
from app.core.database import db
from app.core.errors import RuleBroken
from app.judging import queries, rules, services
from app.judging.forms import conflicts_form
from app.judging.people.queries import is_pledge_due
from app.judging.views import bp
from app.web.access import access, signed_in
from app.web.clock import now


@bp.get("/judging")
@access(signed_in)
def list_rounds() -> str:
    return render_template("judging/list_rounds.html", rounds=queries.list_desk_rounds(signed_in_user()))


@bp.route("/judging/<uuid:challenge_id>/conflicts", methods=["GET", "POST"])
@access(signed_in)
def declare_conflicts(challenge_id: UUID) -> Any:
    user = signed_in_user()
    judge = queries.get_judge_for(user, challenge_id) or abort(404)
    why_not = rules.why_not_declare(judge, user)
    rows, declared = queries.list_declarable(judge) if why_not is None else ([], [])
    form = conflicts_form(rows)
    status = 200
    if request.method == "POST":
        status = 422
        conflicts = form.conflicts() if form.validate() else {}
        if not form.errors:
            try:
                services.declare_conflicts(judge, conflicts, actor=user, now=now())
            except RuleBroken as refusal:
                db.session.rollback()
                judge = queries.get_judge_for(user, challenge_id) or abort(404)
                form.add_error(refusal.field, refusal.sentence)
            else:
                db.session.commit()
                flash(_("Your declaration is recorded."), "success")
                return redirect(url_for(".show_queue", challenge_id=challenge_id), code=303)
    page = render_template(
        "judging/declare_conflicts.html",
        judge=judge,
        challenge=judge.challenge,
        form=form,
        rows=rows,
        declared=declared,
        why_not=why_not,
    )
    return page, status


@bp.get("/judging/<uuid:challenge_id>")
@access(signed_in)
def show_queue(challenge_id: UUID) -> Any:
    user = signed_in_user()
    judge = queries.get_judge_for(user, challenge_id) or abort(404)
    if is_pledge_due(judge):
        return redirect(url_for(".sign_pledge", challenge_id=challenge_id), code=303)
    why_not_declare = rules.why_not_declare(judge, user)
    if judge.declared_at is None and why_not_declare is None:
        return redirect(url_for(".declare_conflicts", challenge_id=challenge_id), code=303)
    readable = judge.declared_at is not None and judge.challenge.state in rules.READABLE
    rows = queries.list_queue(judge) if readable else []
    begun = [round_ for round_ in judge.challenge.rounds if any(row.round_id == round_.id for row in rows)]
    asked = [round_ for round_ in begun if str(round_.position) == request.args.get("round")]
    round_ = next(iter(asked or begun[-1:] or judge.challenge.rounds[:1]), None)
    queue = [row for row in rows if round_ and row.round_id == round_.id]
    why_not_now = rules.why_not_while_judging(judge.challenge)
    return render_template(
        "judging/show_queue.html",
        judge=judge,
        challenge=judge.challenge,
        round=round_,
        rounds=begun,
        queue=queue,
        drafts=any(row.saved_at and not row.signed for row in queue) and why_not_now is None,
        distribution=queries.get_distribution(judge, queue),
        next_entry=queries.next_open(queue) if why_not_now is None else None,
        not_yet=why_not_declare if judge.declared_at is None else why_not_now,
        can_declare=why_not_declare is None,
    )
