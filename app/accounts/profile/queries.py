"""What pages show of a profile; whoever asks has shown before that the organization is theirs."""

from uuid import UUID

import sqlalchemy as sa

from app.accounts.models import Organization, User
from app.accounts.profile.models import ProfileDocument, StartupProfile, TeamMember
from app.core.database import db


def get_profile(organization: Organization) -> StartupProfile | None:
    """The startup's profile with its revenues, people and documents; None before the first save. Four statements, or one."""
    return db.session.get(StartupProfile, organization.id)


def get_member_of(organization: Organization, member_id: UUID) -> TeamMember | None:
    query = sa.select(TeamMember).where(TeamMember.id == member_id, TeamMember.organization_id == organization.id)
    return db.session.scalar(query)


def get_document_of(organization: Organization, document_id: UUID) -> ProfileDocument | None:
    query = sa.select(ProfileDocument).where(
        ProfileDocument.id == document_id, ProfileDocument.organization_id == organization.id
    )
    return db.session.scalar(query)


def saver_name(profile: StartupProfile) -> str:
    """Who changed the facts last."""
    if profile.saved_by_id is None:
        return "–"
    return db.session.scalar(sa.select(User.name).where(User.id == profile.saved_by_id)) or "–"
