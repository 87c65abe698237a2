"""The register of a challenge's certificates: previewing, issuing, revoking, and the PDFs themselves."""

from io import BytesIO
from typing import TYPE_CHECKING
from uuid import UUID

from flask import abort, current_app, flash, make_response, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.session import signed_in_user
from app.awards import certificate_jobs as _certificate_jobs  # noqa: F401 - registers its handler
from app.awards import certificate_queries as queries
from app.awards import services
from app.awards.certificate_rules import why_not_handle, why_not_issue, why_not_print, why_not_reissue, why_not_revoke
from app.awards.certificates.glyphs import em_width
from app.awards.certificates.render import render_certificate
from app.awards.certificates.sheets import Sheet
from app.awards.certificates.words import freeze
from app.awards.models import Certificate
from app.awards.queries import list_flagged_certificates
from app.awards.views import bp
from app.challenges.models import Challenge
from app.core.bilingual import as_language
from app.core.database import db
from app.core.errors import RuleBroken
from app.web.access import access, signed_in
from app.web.clock import now

if TYPE_CHECKING:
    from app.core.storage import Storage

NO_CODE = "0" * 16  # a preview's; nothing is ever issued under it


def _staffed(challenge_id: UUID, *, organizer: bool = False) -> Challenge:
    return queries.get_challenge_for_staff(signed_in_user(), challenge_id, organizer=organizer) or abort(404)


def _of(challenge: Challenge, certificate_id: UUID) -> Certificate:
    certificate = queries.get_certificate_for(signed_in_user(), certificate_id)
    return certificate if certificate is not None and certificate.challenge_id == challenge.id else abort(404)


@bp.get("/manage/<uuid:challenge_id>/certificates")
@access(signed_in)
def list_certificates(challenge_id: UUID) -> str:
    return _list_page(_staffed(challenge_id))


def _list_page(challenge: Challenge, *, refused: Certificate | None = None, refusal: str = "", typed: str = "") -> str:
    """The register; where a reason was refused, its certificate stands open with what was typed."""
    actor, register = signed_in_user(), queries.get_register(challenge)
    waiting = [won.award for won, _language in register.waiting]
    why = why_not_issue(challenge, actor, waiting)
    flagged = {c.id for c in list_flagged_certificates(challenge.id)}
    rows = [
        {
            "certificate": c,
            "latest": register.is_latest(c),
            "failed": c.id in register.failed,
            "flagged": c.id in flagged,
            "why_not_revoke": why_not_revoke(c, actor),
            "why_not_reissue": why_not_reissue(c, register.latest_edition(c), actor),
        }
        for c in register.certificates
    ]
    return render_template(
        "awards/certificates.html",
        challenge=challenge,
        register=register,
        rows=rows,
        why=None if register.failed and not waiting else why,
        may_handle=why_not_handle(challenge, actor) is None,
        refused=refused,
        refusal=refusal,
        typed=typed,
    )


@bp.get("/manage/<uuid:challenge_id>/certificates/progress")
@access(signed_in)
def show_certificate_progress(challenge_id: UUID) -> AnyResponse:
    """The bar alone, asked for while certificates are being made; at the end the page is loaded anew."""
    challenge = _staffed(challenge_id)
    register = queries.get_register(challenge)
    response = make_response(
        render_template("awards/_certificate_progress.html", challenge=challenge, register=register)
    )
    if not register.making:
        response.headers["HX-Refresh"] = "true"
    return response


@bp.post("/manage/<uuid:challenge_id>/certificates")
@access(signed_in)
def issue_certificates(challenge_id: UUID) -> AnyResponse:
    challenge = _staffed(challenge_id, organizer=True)
    try:
        issued = services.issue_certificates(challenge, actor=signed_in_user(), now=now())
    except RuleBroken as broken:
        db.session.rollback()
        flash(broken.sentence, "error")
    else:
        db.session.commit()
        if issued:
            flash(
                ngettext("%(num)d certificate is being made.", "%(num)d certificates are being made.", len(issued)),
                "success",
            )
        else:
            flash(_("What had failed is tried again."), "success")
    return redirect(url_for(".list_certificates", challenge_id=challenge_id), code=303)


@bp.get("/manage/<uuid:challenge_id>/certificates/preview")
@access(signed_in)
def preview_certificate(challenge_id: UUID) -> AnyResponse:
    """How a certificate will look, with the longest of the winners' names; it says on its face that it is a preview."""
    challenge = _staffed(challenge_id)
    language = as_language(request.args.get("language"))
    awards = [won.award for won in queries.list_won(challenge)]
    reason = why_not_print(awards, [language]) if awards else _("Nobody has been selected yet.")
    if reason:
        flash(reason, "error")
        return redirect(url_for(".list_certificates", challenge_id=challenge_id), code=303)
    longest = max(awards, key=lambda award: em_width(award.recipient.in_language(language)))
    words = freeze(longest, language, year=longest.awarded_on.year, number=0)["print"]
    sheet = Sheet(words, NO_CODE, current_app.config["BASE_URL"], now(), specimen=True)
    return _pdf(render_certificate(sheet), _("preview") + f"-{language}.pdf", inline=True)


@bp.post("/manage/<uuid:challenge_id>/certificates/<uuid:certificate_id>/revoke")
@access(signed_in)
def revoke_certificate(challenge_id: UUID, certificate_id: UUID) -> AnyResponse:
    challenge = _staffed(challenge_id, organizer=True)
    certificate = _of(challenge, certificate_id)
    typed = request.form.get("reason", "")
    try:
        services.revoke_certificate(certificate, reason=typed, actor=signed_in_user(), now=now())
    except RuleBroken as broken:
        return _refused(challenge, certificate, broken, typed)
    db.session.commit()
    flash(_("%(serial)s is revoked.", serial=certificate.serial), "success")
    return redirect(url_for(".list_certificates", challenge_id=challenge_id), code=303)


@bp.post("/manage/<uuid:challenge_id>/certificates/<uuid:certificate_id>/reissue")
@access(signed_in)
def reissue_certificate(challenge_id: UUID, certificate_id: UUID) -> AnyResponse:
    challenge = _staffed(challenge_id, organizer=True)
    certificate = _of(challenge, certificate_id)
    typed = request.form.get("reason", "")
    try:
        fresh = services.reissue_certificate(certificate, reason=typed, actor=signed_in_user(), now=now())
    except RuleBroken as broken:
        return _refused(challenge, certificate, broken, typed)
    db.session.commit()
    flash(_("%(serial)s is being made in its place.", serial=fresh.serial), "success")
    return redirect(url_for(".list_certificates", challenge_id=challenge_id), code=303)


def _refused(challenge: Challenge, certificate: Certificate, broken: RuleBroken, typed: str) -> AnyResponse:
    """A missing reason is asked for where it was left out; anything else is said on top of the list."""
    db.session.rollback()
    if broken.field == "reason":
        return make_response(_list_page(challenge, refused=certificate, refusal=broken.sentence, typed=typed), 422)
    flash(broken.sentence, "error")
    return redirect(url_for(".list_certificates", challenge_id=challenge.id), code=303)


@bp.get("/certificates/<uuid:certificate_id>.pdf")
@access(signed_in)
def download_certificate(certificate_id: UUID) -> AnyResponse:
    certificate = queries.get_certificate_for(signed_in_user(), certificate_id) or abort(404)
    if certificate.sha256 is None:
        abort(404)
    storage: Storage = current_app.extensions["storage"]
    return _pdf(b"".join(storage.read_chunks(certificate.sha256)), queries.file_name(certificate))


def _pdf(content: bytes, name: str, *, inline: bool = False) -> AnyResponse:
    response = send_file(BytesIO(content), mimetype="application/pdf", as_attachment=not inline, download_name=name)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'"
    return response
