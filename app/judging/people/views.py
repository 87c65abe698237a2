"""The judge's own profile and pledge, and both as the organizer looks after them."""

from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.session import signed_in_user
from app.core.bilingual import Bilingual
from app.core.database import db
from app.core.errors import RuleBroken, StaleEdit
from app.judging import queries as judging_queries
from app.judging.models import Judge
from app.judging.people import queries, rules, services
from app.judging.people.forms import PledgeForm, ProfileForm, SignPledgeForm, profile_form
from app.judging.views import bp
from app.judging.views.managed import challenge_or_404, organized_or_404
from app.web.access import access, signed_in
from app.web.clock import now


@bp.route("/judging/<uuid:challenge_id>/profile", methods=["GET", "POST"])
@access(signed_in)
def edit_own_profile(challenge_id: UUID) -> Any:
    return _edit(_own_judge_or_404(challenge_id), managed=False)


@bp.route("/manage/<uuid:challenge_id>/judges/<uuid:judge_id>/profile", methods=["GET", "POST"])
@access(signed_in)
def edit_profile(challenge_id: UUID, judge_id: UUID) -> Any:
    organized_or_404(challenge_id)
    return _edit(judging_queries.get_judge_of(challenge_id, judge_id) or abort(404), managed=True)


def _own_judge_or_404(challenge_id: UUID) -> Judge:
    return judging_queries.get_judge_for(signed_in_user(), challenge_id) or abort(404)


def _edit(judge: Judge, *, managed: bool) -> Any:
    user = signed_in_user()
    profile = queries.get_profile(judge)
    earlier = queries.get_earlier_profile(judge) if profile is None else None
    version = profile.version if profile else 0
    form = profile_form(judge.challenge, profile or earlier, version=version, posted=request.method == "POST")
    if request.method == "POST":
        draft = form.draft()
        for name, sentence in rules.faults_of(draft):
            form.add_error(name, sentence)
        if form.errors or form.form_errors:
            return _page(judge, form, managed=managed), 422
        seen = int(text) if (text := form.version.data or "").isascii() and text.isdigit() else 0
        try:
            services.save_profile(judge, draft, version=seen, actor=user, now=now())
        except RuleBroken as refusal:
            db.session.rollback()
            form.add_error(refusal.field, refusal.sentence)
            return _page(judge, form, managed=managed), 422
        except StaleEdit as stale:
            db.session.rollback()
            return _conflict(judge, form, stale.current, managed=managed), 409
        db.session.commit()
        flash(_("The profile is saved."), "success")
        back = ".list_judges" if managed else ".show_queue"
        return redirect(url_for(back, challenge_id=judge.challenge_id), code=303)
    return _page(judge, form, managed=managed, earlier=earlier is not None)


def _page(judge: Judge, form: ProfileForm, *, managed: bool, earlier: bool = False) -> str:
    return render_template(
        "judging/people/profile.html",
        judge=judge, challenge=judge.challenge, form=form, managed=managed, earlier=earlier,
        why_not=rules.why_not_edit_profile(judge, signed_in_user()),
    )  # fmt: skip


def _conflict(judge: Judge, form: ProfileForm, current: int, *, managed: bool) -> str:
    """Both versions beside each other; what I typed goes along in the form, under the version that stands."""
    mine = form.typed()
    stored = profile_form(judge.challenge, queries.get_profile(judge), version=current, posted=False)
    form.version.data = str(current)
    return render_template(
        "judging/people/profile.html",
        judge=judge, challenge=judge.challenge, form=form, managed=managed, mine=mine, theirs=stored.typed(),
    )  # fmt: skip


@bp.route("/judging/<uuid:challenge_id>/pledge", methods=["GET", "POST"])
@access(signed_in)
def sign_pledge(challenge_id: UUID) -> Any:
    """What the judge has signed; where a newer version is in force, it waits here for the judge's word."""
    judge = _own_judge_or_404(challenge_id)
    asked = queries.pledge_asked(judge)
    form, status = SignPledgeForm(), 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                services.sign_pledge(judge, shown_sha256=form.shown.data or "", actor=signed_in_user(), now=now())
            except RuleBroken as refusal:
                db.session.rollback()
                form.add_error(refusal.field, refusal.sentence)
                judge = _own_judge_or_404(challenge_id)
                asked = queries.pledge_asked(judge)
            else:
                db.session.commit()
                flash(_("Thank you. Your pledge is kept."), "success")
                return redirect(url_for(".show_queue", challenge_id=challenge_id), code=303)
    form.shown.data = services.pledge_sha256(asked.text)
    page = render_template(
        "judging/people/sign_pledge.html", judge=judge, challenge=judge.challenge, form=form, asked=asked
    )
    return page, status


@bp.route("/manage/<uuid:challenge_id>/judges/pledge", methods=["GET", "POST"])
@access(signed_in)
def word_pledge(challenge_id: UUID) -> Any:
    challenge = organized_or_404(challenge_id) if request.method == "POST" else challenge_or_404(challenge_id)
    form = PledgeForm()
    status = 200
    if request.method == "POST":
        text = Bilingual(form.text_ko.data or "", form.text_en.data or "")
        try:
            services.word_pledge(challenge, text, actor=signed_in_user(), now=now())
        except RuleBroken as refusal:
            db.session.rollback()
            challenge, status = challenge_or_404(challenge_id), 422
            form.add_error(refusal.field, refusal.sentence)
        else:
            db.session.commit()
            flash(_("The new version is in force. Judges who signed an earlier one are asked to sign it."), "success")
            return redirect(url_for(".word_pledge", challenge_id=challenge_id), code=303)
    else:
        text = queries.pledge_text(challenge)
        form = PledgeForm(formdata=None, data={"text_ko": text.ko, "text_en": text.en})
    page = render_template(
        "judging/people/word_pledge.html",
        challenge=challenge, form=form, versions=queries.list_pledges(challenge_id),
        why_not=rules.why_not_word_pledge(challenge, signed_in_user()),
    )  # fmt: skip
    return page, status
