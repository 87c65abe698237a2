"""One's organizations: the list, making one, its page, its facts, its colour."""

from typing import Any
from uuid import UUID

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import queries, rules, services
from app.accounts.colours import in_the_dark
from app.accounts.forms.organizations import KINDS, LEGAL_FORMS, ROLES, InvitationForm, OrganizationForm, written
from app.accounts.models import Organization, OrganizationKind, User
from app.accounts.session import signed_in_user
from app.accounts.views.blueprint import bp, refused
from app.core.business_number import format_business_number
from app.core.database import db
from app.core.errors import RuleBroken, StaleEdit
from app.web.access import access, anyone, signed_in
from app.web.clock import now
from app.web.redirects import safe_path


@bp.get("/organizations")
@access(signed_in)
def list_organizations() -> ResponseReturnValue:
    user = signed_in_user()
    return render_template("accounts/organizations.html", user=user, kinds=KINDS, roles=ROLES)


@bp.route("/organizations/new", methods=["GET", "POST"])
@access(signed_in)
def create_organization() -> ResponseReturnValue:
    user = signed_in_user()
    kind = asked_kind()
    if kind is None:
        kinds = [k for k in KINDS if rules.why_not_create_organization(k, user) is None]
        return render_template("accounts/choose_kind.html", kinds=kinds, names=KINDS, wanted=wanted_path())
    if rules.why_not_create_organization(kind, user):
        abort(404)
    form = OrganizationForm(kind)
    page = "accounts/organization_form.html"
    values: dict[str, Any] = {"kind": kind, "names": KINDS, "organization": None, "wanted": wanted_path()}
    if not form.is_submitted():
        return render_template(page, form=form, **values)
    if not form.validate():
        return refused(page, form, **values)
    try:
        organization = services.found_organization(kind, form.facts(), actor=user, now=now())
    except RuleBroken as refusal:
        db.session.rollback()
        return refused(page, form, refusal, **values)
    db.session.commit()
    flash(_("The organization is added, and you are its admin."), "success")
    return redirect(wanted_path() or url_for(".show_organization", organization_id=organization.id), code=303)


def wanted_path() -> str | None:
    """The page of ours that sent the person here, such as an application to begin, and has them back afterwards."""
    return safe_path(request.args.get("next"))


def asked_kind() -> OrganizationKind | None:
    try:
        return OrganizationKind(request.args.get("kind", ""))
    except ValueError:
        return None


def own_organization(organization_id: UUID) -> Organization:
    """One of the person's own organizations; for others there is none."""
    return queries.get_organization_for(signed_in_user(), organization_id) or abort(404)


def organization_page(organization: Organization, user: User, form: InvitationForm) -> str:
    """The organization with its people and who is invited."""
    members = queries.list_members(organization)
    return render_template(
        "accounts/organization.html",
        organization=organization,
        business_number=format_business_number(organization.business_number) if organization.business_number else "",
        legal_forms=LEGAL_FORMS,
        user=user,
        members=members,
        admins=sum(1 for m in members if m.role == "admin"),
        invitations=queries.list_open_invitations(organization) if user.role_in(organization.id) == "admin" else [],
        why_not_manage=rules.why_not_manage_members(organization, user),
        why_not_edit=rules.why_not_edit_organization(organization, user),
        accent_organization=organization,
        form=form,
        kinds=KINDS,
        roles=ROLES,
    )


@bp.get("/organizations/<uuid:organization_id>")
@access(signed_in)
def show_organization(organization_id: UUID) -> ResponseReturnValue:
    return organization_page(own_organization(organization_id), signed_in_user(), InvitationForm())


@bp.route("/organizations/<uuid:organization_id>/edit", methods=["GET", "POST"])
@access(signed_in)
def edit_organization(organization_id: UUID) -> ResponseReturnValue:
    user, organization = signed_in_user(), own_organization(organization_id)
    if rules.why_not_edit_organization(organization, user):
        abort(404)
    form = OrganizationForm.of(organization)
    page = "accounts/organization_form.html"
    values: dict[str, Any] = {
        "kind": organization.kind,
        "names": KINDS,
        "organization": organization,
        "wanted": wanted_path(),
    }
    if not form.is_submitted():
        return render_template(page, form=form, **values)
    if not form.validate():
        return refused(page, form, **values)
    try:
        services.edit_organization(organization, form.facts(), version=form.version.data or 0, actor=user, now=now())
    except RuleBroken as refusal:
        db.session.rollback()
        return refused(page, form, refusal, **values)
    except StaleEdit:
        db.session.rollback()
        return conflict(form, organization)
    db.session.commit()
    flash(_("The organization's details are saved."), "success")
    return redirect(wanted_path() or url_for(".show_organization", organization_id=organization.id), code=303)


def conflict(form: OrganizationForm, organization: Organization) -> ResponseReturnValue:
    """Both versions side by side; what the person wrote stays in the form and goes over the newer one if sent again."""
    standing = OrganizationForm(organization.kind, formdata=None, data=written(organization))
    mine, theirs = form.shown(), standing.shown()
    form.version.data, form.version.raw_data = organization.version, None
    return render_template(
        "accounts/organization_conflict.html",
        form=form,
        organization=organization,
        mine=mine,
        theirs=theirs,
        wanted=wanted_path(),
        last=queries.last_edit(organization),
    ), 409


@bp.get("/organizations/<uuid:organization_id>/accent.css")
@access(anyone)
def accent_css(organization_id: UUID) -> Response:
    """The host's colour over that of tokens.css, which computes all the others from it."""
    accent = queries.get_accent(organization_id) or abort(404)
    dark = in_the_dark(accent)
    css = (
        f':root, [data-bs-theme="light"] {{ --m-accent: {accent}; }}\n'
        f"@media screen and (prefers-color-scheme: dark) {{ :root:not([data-bs-theme]) {{ --m-accent: {dark}; }} }}\n"
        f'[data-bs-theme="dark"] {{ --m-accent: {dark}; }}\n'
    )
    return Response(css, content_type="text/css; charset=utf-8", headers={"Cache-Control": "public, max-age=300"})
