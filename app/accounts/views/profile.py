"""A startup's profile: its page, its facts, its people."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.forms.profile import ProfileForm, TeamMemberForm, profile_form
from app.accounts.models import Organization
from app.accounts.profile import queries, rules, services
from app.accounts.profile.codes import DOCUMENT_KINDS, INDUSTRIES, REGIONS, STAGES
from app.accounts.profile.content import profile_texts
from app.accounts.session import signed_in_user
from app.accounts.views.blueprint import bp, refused
from app.accounts.views.organizations import own_organization
from app.core.database import db
from app.core.errors import RuleBroken
from app.core.merging import Merge, fingerprint, read_bases, write_bases
from app.web.access import access, signed_in
from app.web.clock import now


def own_startup(organization_id: UUID) -> Organization:
    """A startup of the person's; for others there is nothing here."""
    organization = own_organization(organization_id)
    if rules.why_not_edit_profile(organization, signed_in_user()):
        abort(404)
    return organization


def to_profile(organization: Organization, place: str = "") -> ResponseReturnValue:
    return redirect(url_for(".show_profile", organization_id=organization.id, _anchor=place or None), code=303)


@bp.get("/organizations/<uuid:organization_id>/profile")
@access(signed_in)
def show_profile(organization_id: UUID) -> ResponseReturnValue:
    organization = own_startup(organization_id)
    profile = queries.get_profile(organization)
    return render_template(
        "accounts/profile/show.html",
        organization=organization,
        profile=profile,
        saved_by=queries.saver_name(profile) if profile else "",
        documents=[(d, rules.validity(d.expires_on, now())) for d in profile.documents] if profile else [],
        industries=INDUSTRIES,
        regions=REGIONS,
        stages=STAGES,
        kinds=DOCUMENT_KINDS,
    )


@bp.route("/organizations/<uuid:organization_id>/profile/edit", methods=["GET", "POST"])
@access(signed_in)
def edit_profile(organization_id: UUID) -> ResponseReturnValue:
    user, organization = signed_in_user(), own_startup(organization_id)
    profile = queries.get_profile(organization)
    form = profile_form(profile, now(), posted=False)
    page = "accounts/profile/edit.html"
    if not form.is_submitted():
        return render_template(page, form=form, organization=organization, merged=None)
    form = profile_form(profile, now(), posted=True)
    before = (queries.saver_name(profile), profile.saved_at) if profile else ("–", None)
    if not form.check(now()):
        return refused(page, form, organization=organization, merged=None)
    try:
        merged = services.edit_profile(
            organization, form.texts(), bases=read_bases(form.base.data), actor=user, now=now()
        )
    except RuleBroken as refusal:
        db.session.rollback()
        return refused(page, form, refusal, organization=organization, merged=None)
    db.session.commit()
    if merged.conflicts:
        return conflict(organization, form, merged, before)
    flash(_("The profile is saved."), "success")
    return to_profile(organization)


def conflict(
    organization: Organization, form: ProfileForm, merged: Merge, before: tuple[str, datetime | None]
) -> ResponseReturnValue:
    """Both texts of what both changed, the person's own in the form; all the rest is saved. Saving again decides."""
    profile = queries.get_profile(organization)
    standing = profile_texts(profile, rules.years_shown(now()))
    bases = {name: fingerprint(text) for name, text in standing.items()}
    for name in merged.unseen:  # shown as it stands now, or it would be sent back as the person's own change
        field: Any = form[name]
        field.data, field.raw_data = standing[name], None
    form.group_digits()
    form.base.data, form.base.raw_data = write_bases(bases), None
    return render_template(
        "accounts/profile/edit.html",
        form=form,
        organization=organization,
        merged=merged,
        saved_by=before[0],
        saved_at=before[1],
    ), 409


@bp.route("/organizations/<uuid:organization_id>/profile/team/new", methods=["GET", "POST"])
@access(signed_in)
def add_team_member(organization_id: UUID) -> ResponseReturnValue:
    user, organization, form = signed_in_user(), own_startup(organization_id), TeamMemberForm()
    values: dict[str, Any] = {"organization": organization, "member": None}
    if not form.is_submitted():
        return render_template("accounts/profile/member.html", form=form, **values)
    try:
        services.add_team_member(organization, **form.words(), actor=user, now=now())
    except RuleBroken as refusal:
        db.session.rollback()
        return refused("accounts/profile/member.html", form, refusal, **values)
    db.session.commit()
    flash(_("The person is added to the profile."), "success")
    return to_profile(organization, "team")


@bp.route("/organizations/<uuid:organization_id>/profile/team/<uuid:member_id>", methods=["GET", "POST"])
@access(signed_in)
def edit_team_member(organization_id: UUID, member_id: UUID) -> ResponseReturnValue:
    user, organization = signed_in_user(), own_startup(organization_id)
    member = queries.get_member_of(organization, member_id) or abort(404)
    form = TeamMemberForm.of(member)
    values: dict[str, Any] = {"organization": organization, "member": member}
    if not form.is_submitted():
        return render_template("accounts/profile/member.html", form=form, **values)
    try:
        services.edit_team_member(organization, member, **form.words(), actor=user, now=now())
    except RuleBroken as refusal:
        db.session.rollback()
        return refused("accounts/profile/member.html", form, refusal, **values)
    db.session.commit()
    flash(_("The profile is saved."), "success")
    return to_profile(organization, "team")


@bp.post("/organizations/<uuid:organization_id>/profile/team/<uuid:member_id>/remove")
@access(signed_in)
def remove_team_member(organization_id: UUID, member_id: UUID) -> ResponseReturnValue:
    organization = own_startup(organization_id)
    member = queries.get_member_of(organization, member_id) or abort(404)
    services.remove_team_member(organization, member, actor=signed_in_user(), now=now())
    db.session.commit()
    flash(_("The person is no longer in the profile. What was sent before stays as it was."), "success")
    return to_profile(organization, "team")
