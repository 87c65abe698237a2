"""The keys with which hosts sign their certificates: made on first use, or brought by the host as PKCS#12."""

import hashlib
import hmac
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import Organization, OrganizationKind
from app.awards.certificates.signing import Identity, KeyRefused, make_identity, open_identity, seal_identity
from app.awards.models import SigningKey
from app.core.audit.trail import record
from app.core.database import db
from app.core.errors import RuleBroken


def password_of(secret_key: str) -> bytes:
    """What the keys in the database are sealed under; whoever has the database alone does not have it."""
    return hmac.new(secret_key.encode(), b"madang signing keys", hashlib.sha256).hexdigest().encode()


def signing_key_of(host_id: UUID, *, password: bytes, now: datetime) -> SigningKey:
    """The host's key in use; made, and recorded in the trail, where it has none yet."""
    query = sa.select(SigningKey).where(SigningKey.host_id == host_id, SigningKey.retired_at.is_(None))
    if (key := db.session.scalar(query)) is not None:
        return key
    host = _lock_host(host_id)
    return db.session.scalar(query) or _take_up(
        host, make_identity(host.name.in_language("ko"), now), made_here=True, password=password, now=now
    )


def use_signing_key(
    host: Organization, sealed: bytes, *, sealed_under: bytes | None, password: bytes, now: datetime
) -> SigningKey:
    """From now on sign the host's certificates with a key of its own. Raises RuleBroken with the sentence to show."""
    if host.kind is not OrganizationKind.HOST:
        raise RuleBroken(_("Only an organizer signs certificates."))
    try:
        identity = open_identity(sealed, sealed_under)
    except KeyRefused as error:
        raise RuleBroken(_("The key cannot be used: %(reason)s", reason=str(error))) from error
    _lock_host(host.id)
    standing = sa.update(SigningKey).where(SigningKey.host_id == host.id, SigningKey.retired_at.is_(None))
    db.session.execute(standing.values(retired_at=now))
    return _take_up(host, identity, made_here=False, password=password, now=now)


def open_signing_key(key: SigningKey, password: bytes) -> Identity:
    """Raises KeyRefused where the application's secret is another than when the key was sealed."""
    return open_identity(key.sealed, password)


def _lock_host(host_id: UUID) -> Organization:
    return db.session.scalars(sa.select(Organization).where(Organization.id == host_id).with_for_update()).one()


def _take_up(host: Organization, identity: Identity, *, made_here: bool, password: bytes, now: datetime) -> SigningKey:
    key = SigningKey(
        host_id=host.id,
        certificate=identity.certificate,
        sealed=seal_identity(identity, password),
        made_here=made_here,
        created_at=now,
    )
    db.session.add(key)
    db.session.flush()
    record(
        "awards.take_up_signing_key", subject=host, actor=None, now=now,
        details={"certificate_sha256": hashlib.sha256(identity.certificate).hexdigest(), "made_here": made_here},
    )  # fmt: skip
    return key
