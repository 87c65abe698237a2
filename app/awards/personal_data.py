"""Certificates: a public record of who won. They stay when everything else of a person goes, and so does the published result."""

from collections.abc import Iterable

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import OrganizationKind, User
from app.applications.models import Application
from app.awards.models import Certificate, Decision
from app.core.database import db
from app.core.persons import Holding, Keeper, Person, keep


def find(person: Person) -> Iterable[Holding]:
    user = db.session.get(User, person.id)
    if user is None:
        return
    query = (
        sa.select(Certificate)
        .join(Decision, Decision.id == Certificate.decision_id)
        .join(Application, Application.id == Decision.application_id)
        .where(Application.startup_id.in_(user.organization_ids(OrganizationKind.STARTUP)))
        .order_by(Certificate.requested_at)
    )
    rows = [
        {_("Number"): c.serial, _("Recipient"): c.facts["recipient"].in_language(user.language)}
        for c in db.session.scalars(query)
    ]
    kept = _("For good: whoever is shown a certificate has to be able to check it. The host can revoke one.")
    yield Holding("certificates", _("Certificates"), kept, rows)


keep(Keeper("awards", {"certificates": frozenset({"words"})}, find))
