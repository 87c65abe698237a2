"""The versions of a draft: what each changed, and the way back."""

from uuid import UUID

from flask import abort, flash, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.session import signed_in_user
from app.applications import rules
from app.applications.labels import field_labels, field_words
from app.applications.views import bp
from app.applications.views.form import _to
from app.applications.views.pages import own_or_404, page_values
from app.applications.writing import queries, services
from app.applications.writing.fields import draft_fields
from app.applications.writing.history import difference, values_at
from app.applications.writing.states import VersionKind
from app.core.database import db
from app.core.errors import RuleBroken
from app.web.access import access, signed_in
from app.web.clock import now


@bp.get("/applications/<uuid:application_id>/versions")
@access(signed_in)
def list_versions(application_id: UUID) -> str:
    application = own_or_404(application_id)
    return render_template(
        "applications/writing/versions.html",
        versions=queries.list_versions(application),
        labels=field_labels(application.challenge),
        kept_aside=VersionKind.KEPT_ASIDE,
        **page_values(application),
    )


@bp.get("/applications/<uuid:application_id>/versions/<int:number>")
@access(signed_in)
def show_version(application_id: UUID, number: int) -> str:
    """What a version changed; with `against=now`, what has changed since."""
    application = own_or_404(application_id)
    version = queries.get_version(application, number) or abort(404)
    aside = version.kind is VersionKind.KEPT_ASIDE
    standing = draft_fields(application)
    later = None if aside else queries.list_changes_after(application, number)
    then = values_at(standing, later or [])
    since = {} if aside else difference(then, standing)
    against_now = request.args.get("against") == "now" and not aside
    shown = since if against_now else version.changes
    labels = field_labels(application.challenge)
    return render_template(
        "applications/writing/version.html",
        version=version,
        aside=aside,
        against_now=against_now,
        changes=[
            (
                labels.get(name, name),
                *(field_words(application.challenge, name, c[side]) for side in ("before", "after")),
            )
            for name, c in shown.items()
        ],
        why_not_edit=rules.why_not_edit(application, signed_in_user(), now()),
        differs=bool(since),
        **page_values(application),
    )


@bp.post("/applications/<uuid:application_id>/versions/<int:number>/restore")
@access(signed_in)
def restore_version(application_id: UUID, number: int) -> Response:
    application = own_or_404(application_id)
    try:
        services.restore_version(application, number, actor=signed_in_user(), now=now())
    except RuleBroken as refused:
        db.session.rollback()
        flash(refused.sentence, "error")
        return _to("list_versions", application)
    db.session.commit()
    flash(
        _(
            "The draft says again what it said at version %(number)s. What stood before is kept as a version, too.",
            number=number,
        ),
        "success",
    )
    return _to("list_versions", application)
