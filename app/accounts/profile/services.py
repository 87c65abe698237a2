"""What changes a startup's profile: its facts, its people, its documents."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import IO

from flask_babel import gettext as _

from app.accounts.models import Organization, User
from app.accounts.profile import rules
from app.accounts.profile.codes import DocumentKind, Industry, InvestmentStage, Region
from app.accounts.profile.content import TEXT_FIELDS, profile_texts
from app.accounts.profile.models import ProfileDocument, StartupProfile, TeamMember, YearlyRevenue
from app.accounts.profile.queries import get_profile
from app.accounts.services.keep_organizations import lock_organization
from app.core.audit.trail import record
from app.core.bilingual import Bilingual
from app.core.database import db
from app.core.errors import RuleBroken
from app.core.filetypes import FileRefused, ending_of, kind_for_ending, safe_filename, tell_kind
from app.core.merging import Merge, merge
from app.core.storage import Storage, TooLarge
from app.web.filters import filesize

ENUMS = {"region": Region, "industry": Industry, "investment_stage": InvestmentStage}


def _open(organization: Organization, actor: User, now: datetime) -> StartupProfile:
    """The profile, made where there is none yet, with the organization locked. Raises RuleBroken."""
    if reason := rules.why_not_edit_profile(organization, actor):
        raise RuleBroken(reason)
    lock_organization(organization)
    profile = get_profile(organization)
    if profile is None:
        profile = StartupProfile(organization_id=organization.id, version=0, saved_at=now)
        db.session.add(profile)
        db.session.flush()
    else:
        db.session.refresh(profile)
    return profile


def _touch(profile: StartupProfile, actor: User, now: datetime) -> None:
    profile.version += 1
    profile.saved_at, profile.saved_by_id = now, actor.id


def edit_profile(
    organization: Organization, texts: Mapping[str, str], *, bases: Mapping[str, str], actor: User, now: datetime
) -> Merge:
    """Store the facts that the person changed since the page of `bases`; what somebody else changed meanwhile stays.

    `texts` are facts by their field's name, as typed. The conflicts of the answer are not stored: both changed the same
    fact. Raises RuleBroken with the field.
    """
    profile = _open(organization, actor, now)
    plain = {name: _plain(name, text, now) for name, text in texts.items()}
    years = [int(name.removeprefix("revenue_")) for name in plain if name.startswith("revenue_")]
    standing = profile_texts(profile, years)
    if unknown := sorted(set(plain) - set(standing)):
        raise RuleBroken(_("A profile has no fact “%(name)s”.", name=unknown[0][:40]))
    found = merge(bases, standing, plain)
    if not found.changes:
        return found
    for name, text in found.changes.items():
        _set(profile, name, text)
    _touch(profile, actor, now)
    record(
        "accounts.edit_profile", subject=organization, actor=actor, now=now,
        details={"version": profile.version, "facts": sorted(found.changes)},
    )  # fmt: skip
    return found


def _plain(name: str, text: str, now: datetime) -> str:
    text = "".join(c for c in text.replace("\r\n", "\n") if c >= " " or c in "\n\t").strip()
    if reason := rules.why_not_fact(name, text, now):
        raise RuleBroken(reason, field=name)
    numeric = name in ("employees", "capital_krw") or name.startswith("revenue_")
    return str(rules.as_whole(text)) if numeric and text else text


def _set(profile: StartupProfile, name: str, text: str) -> None:
    if name in ENUMS:
        setattr(profile, name, ENUMS[name](text) if text else None)
    elif name.startswith("revenue_"):
        year = int(name.removeprefix("revenue_"))
        row = next((r for r in profile.revenues if r.year == year), None)
        if row is not None and not text:
            profile.revenues.remove(row)
        elif row is not None:
            row.revenue_krw = int(text)
        else:
            profile.revenues.append(YearlyRevenue(year=year, revenue_krw=int(text)))
    elif (stem := name[:-3]) in TEXT_FIELDS:
        both: Bilingual = getattr(profile, stem)
        setattr(profile, stem, Bilingual(text, both.en) if name.endswith("_ko") else Bilingual(both.ko, text))
    else:
        setattr(profile, name, int(text) if text else None)


def add_team_member(
    organization: Organization, *, name: str, role: str, career: str, actor: User, now: datetime
) -> TeamMember:
    """Present one more person. Raises RuleBroken with the field."""
    profile = _open(organization, actor, now)
    if refusal := rules.why_not_member(name, role, career, count=len(profile.team)):
        raise RuleBroken(refusal[1], field=refusal[0])
    position = max((m.position for m in profile.team), default=0) + 1
    member = TeamMember(position=position, name=name, role=role, career=career)
    profile.team.append(member)
    _touch(profile, actor, now)
    record(
        "accounts.add_team_member", subject=organization, actor=actor, now=now, personal={"name": name, "role": role}
    )
    return member


def edit_team_member(
    organization: Organization, member: TeamMember, *, name: str, role: str, career: str, actor: User, now: datetime
) -> None:
    """Change what is said about a person. Raises RuleBroken with the field."""
    profile = _open(organization, actor, now)
    if refusal := rules.why_not_member(name, role, career, count=len(profile.team) - 1):
        raise RuleBroken(refusal[1], field=refusal[0])
    if (member.name, member.role, member.career) == (name, role, career):
        return
    member.name, member.role, member.career = name, role, career
    _touch(profile, actor, now)
    record(
        "accounts.edit_team_member", subject=organization, actor=actor, now=now, personal={"name": name, "role": role}
    )


def remove_team_member(organization: Organization, member: TeamMember, *, actor: User, now: datetime) -> None:
    """Present a person no longer; what was sent before keeps the name. Raises RuleBroken."""
    profile = _open(organization, actor, now)
    record("accounts.remove_team_member", subject=organization, actor=actor, now=now, personal={"name": member.name})
    profile.team.remove(member)
    _touch(profile, actor, now)


def add_profile_document(
    organization: Organization, kind: DocumentKind, *, stream: IO[bytes], filename: str, storage: Storage, actor: User,
    now: datetime, issued_on: date | None = None, expires_on: date | None = None,
) -> ProfileDocument:  # fmt: skip
    """Keep a document for later applications. Raises RuleBroken for a content, an ending, a size or dates that are not taken."""
    profile = _open(organization, actor, now)
    if len(profile.documents) >= rules.MOST_DOCUMENTS:
        raise RuleBroken(_("At most %(limit)d documents; remove one first.", limit=rules.MOST_DOCUMENTS), field="file")
    if refusal := rules.why_not_dates(issued_on, expires_on, now):
        raise RuleBroken(refusal[1], field=refusal[0])
    try:
        found = tell_kind(stream)
    except FileRefused as refused:
        raise RuleBroken(rules.why_not_content(refused.fault), field="file") from refused
    if kind_for_ending(ending_of(filename)) is not found:
        raise RuleBroken(
            _("The name and the content of the file do not fit: the content is %(kind)s.", kind=found.code.upper()), field="file"
        )  # fmt: skip
    try:
        stored = storage.save(stream, max_bytes=rules.MOST_BYTES)
    except TooLarge as error:
        raise RuleBroken(
            _("The file is larger than %(limit)s.", limit=filesize(rules.MOST_BYTES)), field="file"
        ) from error
    document = ProfileDocument(
        kind=kind, filename=safe_filename(filename, fallback=kind.value), media_type=found.media_type, sha256=stored.sha256,
        size=stored.size, issued_on=issued_on, expires_on=expires_on, uploaded_at=now, uploaded_by_id=actor.id,
    )  # fmt: skip
    profile.documents.append(document)
    _touch(profile, actor, now)
    record(
        "accounts.add_profile_document", subject=organization, actor=actor, now=now,
        details={"kind": kind.value, "sha256": stored.sha256, "size": stored.size},
    )  # fmt: skip
    return document


def date_profile_document(
    organization: Organization, document: ProfileDocument, kind: DocumentKind, *, issued_on: date | None,
    expires_on: date | None, actor: User, now: datetime,
) -> None:  # fmt: skip
    """Correct what a kept document is and its dates. Raises RuleBroken with the field."""
    profile = _open(organization, actor, now)
    if refusal := rules.why_not_dates(issued_on, expires_on, now):
        raise RuleBroken(refusal[1], field=refusal[0])
    if (document.kind, document.issued_on, document.expires_on) == (kind, issued_on, expires_on):
        return
    document.kind, document.issued_on, document.expires_on = kind, issued_on, expires_on
    _touch(profile, actor, now)
    record(
        "accounts.date_profile_document", subject=organization, actor=actor, now=now,
        details={"sha256": document.sha256, "kind": kind.value, "issued_on": issued_on, "expires_on": expires_on},
    )  # fmt: skip


def remove_profile_document(
    organization: Organization, document: ProfileDocument, *, actor: User, now: datetime
) -> None:
    """Keep a document no longer; applications that it was handed in with keep it. Raises RuleBroken."""
    profile = _open(organization, actor, now)
    record(
        "accounts.remove_profile_document", subject=organization, actor=actor, now=now,
        details={"kind": document.kind.value, "sha256": document.sha256},
    )  # fmt: skip
    profile.documents.remove(document)
    _touch(profile, actor, now)
