"""Who gets which answer from the routes of accounts."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import current_app

from app.accounts.models import AccountToken, Invitation, Membership, MembershipRole, TokenPurpose
from app.accounts.profile.codes import DocumentKind
from app.accounts.profile.models import ProfileDocument, StartupProfile, TeamMember
from app.accounts.services import token_sha256
from app.core.database import db
from tests import factories
from tests.access import Row, Scene
from tests.files import PDF

#            visitor stranger startup judge sponsor organizer other_organizer other_sponsor
ANYONE = "       200     200     200   200     200       200             200           200"
ACTED = "        303     303     303   303     303       303             303           303"
VISITORS = "     200     303     303   303     303       303             303           303"
SIGNED_IN = "    303     200     200   200     200       200             200           200"
MEMBERS = "      303     404     200   404     404       404             404           404"
ADMINS = "       303     404     303   404     404       404             404           404"
TOKEN = "the-token-of-a-mailed-link"
PASSWORDS = {"current": factories.PASSWORD, "password": "another horse battery"}


def own(scene: Scene) -> dict[str, Any]:
    return {"organization_id": scene.startup.id}


def member(scene: Scene) -> dict[str, Any]:
    return {**own(scene), "user_id": scene.more["member"].id}


def add_member(scene: Scene) -> None:
    user = factories.make_user("이회원")
    db.session.add(
        Membership(user=user, organization=scene.startup, role=MembershipRole.MEMBER, created_at=factories.NOW)
    )
    scene.more["member"] = user


def invitation(scene: Scene) -> dict[str, Any]:
    return {**own(scene), "invitation_id": scene.more["invitation"].id}


def invite(scene: Scene, email: str = "new@example.org") -> None:
    scene.more["invitation"] = Invitation(
        organization=scene.startup,
        email=email,
        role=MembershipRole.MEMBER,
        token_sha256=token_sha256(TOKEN),
        sent_at=factories.NOW,
        expires_at=factories.NOW + timedelta(days=14),
    )
    db.session.add(scene.more["invitation"])
    db.session.flush()


def link(purpose: TokenPurpose) -> Callable[[Scene], None]:
    def prepare(scene: Scene) -> None:
        db.session.add(
            AccountToken(
                user=scene.people["startup"],
                purpose=purpose,
                token_sha256=token_sha256(TOKEN),
                new_email="new@example.org",
                expires_at=factories.NOW + timedelta(minutes=30),
            )
        )

    return prepare


def with_token(_scene: Scene) -> dict[str, Any]:
    return {"token": TOKEN}


def write_profile(scene: Scene) -> None:
    """A profile with a person and a document."""
    stored = current_app.extensions["storage"].save(io.BytesIO(PDF), max_bytes=10_000)
    profile = StartupProfile(organization_id=scene.startup.id, saved_at=factories.NOW)
    member = TeamMember(position=1, name="이기술")
    document = ProfileDocument(
        kind=DocumentKind.OTHER, filename="a.pdf", media_type="application/pdf", sha256=stored.sha256, size=stored.size,
        uploaded_at=factories.NOW,
    )  # fmt: skip
    profile.team.append(member)
    profile.documents.append(document)
    db.session.add(profile)
    db.session.flush()
    scene.more |= {"member": member, "document": document}


def of_profile(what: str) -> Callable[[Scene], dict[str, Any]]:
    return lambda scene: {**own(scene), f"{what}_id": scene.more[what].id}


def post(codes: str, **data: str) -> Row:
    return Row(codes, data=lambda _scene: data)


def open_post(codes: str, **data: str) -> Row:
    return Row(codes, data=lambda _scene: data, open_to_visitors=True)


def paint(scene: Scene) -> None:
    scene.startup.accent = "#2146c7"


NEW = {"name": "김하나", "email": "hana@example.org", "password": factories.PASSWORD}

ACCESS: dict[str, Row] = {
    "GET accounts.sign_up": Row(VISITORS),
    "POST accounts.sign_up": open_post(ACTED, **NEW),
    "GET accounts.show_sign_up_sent": Row(ANYONE),
    "POST accounts.resend_confirmation": open_post(ACTED, email="hana@example.org"),
    "GET accounts.confirm_email": Row(ANYONE, values=with_token, prepare=link(TokenPurpose.CONFIRM_EMAIL)),
    "POST accounts.confirm_email": Row(
        ACTED,
        values=with_token,
        data=lambda _: {"password": factories.PASSWORD},
        prepare=link(TokenPurpose.CONFIRM_EMAIL),
    ),
    "GET accounts.sign_in": Row(VISITORS),
    "POST accounts.sign_in": Row(
        ACTED, data=lambda scene: {"email": scene.people["startup"].email, "password": factories.PASSWORD}
    ),
    "POST accounts.sign_out": Row(ACTED),
    "GET accounts.ask_password_reset": Row(ANYONE),
    "POST accounts.ask_password_reset": open_post(ACTED, email="hana@example.org"),
    "GET accounts.show_password_reset_sent": Row(ANYONE),
    "GET accounts.reset_password": Row(ANYONE, values=with_token, prepare=link(TokenPurpose.RESET_PASSWORD)),
    "POST accounts.reset_password": Row(
        ACTED,
        values=with_token,
        data=lambda _: {"password": "another horse battery"},
        prepare=link(TokenPurpose.RESET_PASSWORD),
        open_to_visitors=True,
    ),
    "POST accounts.set_language": post(ACTED, language="en"),
    "GET accounts.show_account": Row(SIGNED_IN),
    "POST accounts.change_name": post(ACTED, name="김둘"),
    "GET accounts.change_email": Row(SIGNED_IN),
    "POST accounts.change_email": post(ACTED, email="new@example.org", current=factories.PASSWORD),
    "GET accounts.confirm_new_email": Row(ANYONE, values=with_token, prepare=link(TokenPurpose.CHANGE_EMAIL)),
    "POST accounts.confirm_new_email": Row(
        ACTED, values=with_token, prepare=link(TokenPurpose.CHANGE_EMAIL), open_to_visitors=True
    ),
    "GET accounts.change_password": Row(SIGNED_IN),
    "POST accounts.change_password": post(ACTED, **PASSWORDS),
    "GET accounts.show_my_data": Row(SIGNED_IN),
    "POST accounts.download_my_data": Row(SIGNED_IN),
    "GET accounts.close_account": Row(SIGNED_IN),
    # The last admin of a host or a sponsor has to find another first.
    "POST accounts.close_account": post("303 303 303 303 422 422 422 422", current=factories.PASSWORD, sure="y"),
    "GET accounts.list_organizations": Row(SIGNED_IN),
    "GET accounts.create_organization": Row(
        # Only members of an organizer can add an organizer.
        "303 404 404 404 404 200 200 404",
        values=lambda _: {"kind": "host"},
    ),
    "POST accounts.create_organization": Row(
        ACTED, values=lambda _: {"kind": "sponsor"}, data=lambda _: {"name_ko": "새 기업"}
    ),
    "GET accounts.show_organization": Row(MEMBERS, values=own),
    "GET accounts.edit_organization": Row(MEMBERS, values=own),
    "POST accounts.edit_organization": Row(
        ADMINS,
        values=own,
        data=lambda _: {"name_ko": "새 이름", "business_number": "123-45-67891", "version": "1"},
    ),
    "POST accounts.invite_member": Row(
        ADMINS, values=own, data=lambda _: {"email": "new@example.org", "role": "member"}
    ),
    "POST accounts.cancel_invitation": Row(ADMINS, values=invitation, prepare=invite),
    "POST accounts.change_member_role": Row(
        ADMINS, values=member, data=lambda _: {"role": "admin"}, prepare=add_member
    ),
    "POST accounts.remove_member": Row(ADMINS, values=member, prepare=add_member),
    "GET accounts.accept_membership": Row(ANYONE, values=with_token, prepare=invite),
    "POST accounts.accept_membership": Row(
        # The invitation is for an address that has no account: a visitor makes one, others have another address.
        "303 422 422 422 422 422 422 422",
        values=with_token,
        data=lambda _: {"name": "김하나", "password": factories.PASSWORD},
        prepare=invite,
        open_to_visitors=True,
    ),
    "GET accounts.show_profile": Row(MEMBERS, values=own),
    "GET accounts.edit_profile": Row(MEMBERS, values=own),
    "POST accounts.edit_profile": Row(ADMINS, values=own, data=lambda _: {"employees": "12"}),
    "GET accounts.add_team_member": Row(MEMBERS, values=own),
    "POST accounts.add_team_member": Row(ADMINS, values=own, data=lambda _: {"name": "이기술"}),
    "GET accounts.edit_team_member": Row(MEMBERS, values=of_profile("member"), prepare=write_profile),
    "POST accounts.edit_team_member": Row(
        ADMINS, values=of_profile("member"), prepare=write_profile, data=lambda _: {"name": "이기술"}
    ),
    "POST accounts.remove_team_member": Row(ADMINS, values=of_profile("member"), prepare=write_profile),
    "GET accounts.add_profile_document": Row(MEMBERS, values=own),
    "POST accounts.add_profile_document": Row(
        ADMINS, values=own, data=lambda _: {"kind": "registration", "file": (io.BytesIO(PDF), "a.pdf")}
    ),
    "GET accounts.date_profile_document": Row(MEMBERS, values=of_profile("document"), prepare=write_profile),
    "POST accounts.date_profile_document": Row(
        ADMINS, values=of_profile("document"), prepare=write_profile, data=lambda _: {"kind": "other"}
    ),
    "POST accounts.remove_profile_document": Row(ADMINS, values=of_profile("document"), prepare=write_profile),
    "GET accounts.download_profile_document": Row(MEMBERS, values=of_profile("document"), prepare=write_profile),
    "GET accounts.accent_css": Row(ANYONE, values=own, prepare=paint),
}
