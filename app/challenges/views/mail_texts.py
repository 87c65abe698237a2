"""A challenge's own words for each kind of mail, and which kinds it holds."""

from uuid import UUID

from flask import abort, current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from app.accounts.models import User
from app.accounts.session import signed_in_user
from app.challenges import queries, rules, services
from app.challenges.forms.mails import WordingForm
from app.challenges.models import Challenge
from app.challenges.views.blueprint import bp
from app.core.bilingual import LANGUAGES, Language
from app.core.database import db
from app.core.errors import RuleBroken, StaleEdit
from app.mail.kinds import MailKind, RealCase, all_kinds, kind_of
from app.mail.queries import list_holds, list_wordings
from app.mail.rendering import default_wording, render_wording, without_secrets
from app.mail.rules import wording_faults
from app.web.access import access, signed_in
from app.web.clock import now
from app.web.forms import choices


def _managed_or_404(challenge_id: UUID) -> tuple[Challenge, User]:
    user = signed_in_user()
    return queries.get_managed_challenge_for(user, challenge_id) or abort(404), user


def _kind_or_404(feature: str, name: str) -> MailKind:
    return kind_of(f"{feature}/{name}") or abort(404)


@bp.get("/manage/<uuid:challenge_id>/mails/texts")
@access(signed_in)
def list_mail_texts(challenge_id: UUID) -> str:
    """Each kind of mail: when it goes, whether it has words of its own, whether it is held."""
    challenge, user = _managed_or_404(challenge_id)
    return render_template(
        "challenges/mails/list_texts.html", challenge=challenge, kinds=all_kinds(), wordings=list_wordings(challenge.id),
        holds=list_holds(challenge.id), why=rules.why_not_organize(challenge, user),
    )  # fmt: skip


@bp.post("/manage/<uuid:challenge_id>/mails/texts/<feature>/<name>/hold")
@access(signed_in)
def hold_kind(challenge_id: UUID, feature: str, name: str) -> Response:
    challenge, user = _managed_or_404(challenge_id)
    kind, hold = _kind_or_404(feature, name), request.form.get("hold") == "yes"
    services.hold_kind(challenge, kind, hold=hold, actor=user, now=now())
    db.session.commit()
    flash(
        _("Mails of this kind now wait until you let them go.") if hold else _("Mails of this kind go out at once from now on."),
        "success",
    )  # fmt: skip
    return redirect(url_for(".list_mail_texts", challenge_id=challenge_id), code=303)


@bp.route("/manage/<uuid:challenge_id>/mails/texts/<feature>/<name>", methods=["GET", "POST"])
@access(signed_in)
def edit_mail_text(challenge_id: UUID, feature: str, name: str) -> Response:
    """The words in both languages with a preview beneath; POST saves them, or shows the preview of what was typed."""
    challenge, user = _managed_or_404(challenge_id)
    kind = _kind_or_404(feature, name)
    cases = kind.cases(challenge, now())
    form = WordingForm()
    form.case.choices = choices([("", _("An invented example")), *((str(i), case.label) for i, case in cases.items())])
    case = next((case for i, case in cases.items() if str(i) == form.case.data), None)
    if request.method == "GET":
        _fill(form, challenge, kind)
        return _page(challenge, user, kind, form, case)
    if "preview" in request.form:
        _find_faults(form, kind)
        return _page(challenge, user, kind, form, case, status=422 if form.errors else 200)
    try:
        changed = _save(form, challenge, kind, user)
    except RuleBroken as refused:
        db.session.rollback()
        challenge, user = _managed_or_404(challenge_id)
        form.add_error(refused.field, refused.sentence)
        return _page(challenge, user, kind, form, case, status=422)
    except StaleEdit:
        db.session.rollback()
        challenge, user = _managed_or_404(challenge_id)
        form.add_error(
            None, _("A colleague has saved other words meanwhile. Copy yours, open the page anew and compare; nothing was stored.")
        )  # fmt: skip
        return _page(challenge, user, kind, form, case, status=409)
    db.session.commit()
    flash(_("The words are saved; mails from now on have them.") if changed else _("Nothing was changed."), "success")
    return redirect(url_for(".edit_mail_text", challenge_id=challenge_id, feature=feature, name=name), code=303)


@bp.post("/manage/<uuid:challenge_id>/mails/texts/<feature>/<name>/reset")
@access(signed_in)
def reset_mail_text(challenge_id: UUID, feature: str, name: str) -> Response:
    challenge, user = _managed_or_404(challenge_id)
    kind, language = _kind_or_404(feature, name), request.form.get("language", "")
    if language not in LANGUAGES:
        abort(404)
    services.reset_mail_words(challenge, kind, language, actor=user, now=now())
    db.session.commit()
    flash(_("This mail has the usual words again."), "success")
    return redirect(url_for(".edit_mail_text", challenge_id=challenge_id, feature=feature, name=name), code=303)


def _fill(form: WordingForm, challenge: Challenge, kind: MailKind) -> None:
    """The challenge's words, or the usual ones to begin from."""
    wordings = list_wordings(challenge.id)
    for language in LANGUAGES:
        wording = wordings.get((kind.template, language))
        words = (wording.subject, wording.body) if wording else default_wording(kind, language)
        form[f"subject_{language}"].data, form[f"body_{language}"].data = words
        form[f"seen_{language}"].data = wording.number if wording else 0


def _typed(form: WordingForm, language: Language) -> tuple[str, str]:
    return form[f"subject_{language}"].data or "", form[f"body_{language}"].data or ""


def _find_faults(form: WordingForm, kind: MailKind) -> None:
    for language in LANGUAGES:
        for field, sentence in wording_faults(kind, *_typed(form, language)):
            form.add_error(f"{field}_{language}", sentence)


def _save(form: WordingForm, challenge: Challenge, kind: MailKind, user: User) -> bool:
    """Store the languages that differ from what stands; words that are the usual ones stay the usual ones."""
    _find_faults(form, kind)
    if form.errors:
        raise RuleBroken(_("Nothing was stored yet: mend what is marked."))
    wordings, changed = list_wordings(challenge.id), False
    for language in LANGUAGES:
        wording = wordings.get((kind.template, language))
        subject, body = _typed(form, language)
        standing = (wording.subject, wording.body) if wording else default_wording(kind, language)
        seen = form[f"seen_{language}"].data or 0
        if (subject, body) == standing and seen == (wording.number if wording else 0):
            continue
        services.word_mail(challenge, kind, language, subject=subject, body=body, seen=seen, actor=user, now=now())
        changed = True
    return changed


def _page(
    challenge: Challenge, user: User, kind: MailKind, form: WordingForm, case: RealCase | None, *, status: int = 200
) -> Response:  # fmt: skip
    example = {**kind.example(), **(case.context if case else {})}
    previews = []
    for language in LANGUAGES:
        subject, body = _typed(form, language)
        if not wording_faults(kind, subject, body):
            told = render_wording(kind, subject, body, language=language, context=example)
            previews.append((language, told[0], without_secrets(told[1])))
    page = render_template(
        "challenges/mails/edit_text.html", challenge=challenge, kind=kind, form=form, previews=previews,
        wordings=list_wordings(challenge.id), why=rules.why_not_organize(challenge, user),
        values=kind.values({"base_url": current_app.config["BASE_URL"], **example}),
    )  # fmt: skip
    return make_response(page, status)
