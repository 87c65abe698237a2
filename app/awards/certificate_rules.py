"""Who may issue, revoke and read certificates, and when: each answer is the sentence to show, or None."""

from collections.abc import Iterable

from flask_babel import gettext as _

from app.accounts.models import User
from app.awards.certificates.words import Award, unprintable
from app.awards.models import Certificate
from app.awards.states import CertificateState, Outcome
from app.challenges.models import Challenge
from app.challenges.rules import is_organizer_of, may_observe
from app.challenges.states import ChallengeState
from app.core.bilingual import LANGUAGES, Language

REASON_LIMIT = 500
PUBLISHED = frozenset({ChallengeState.RESULTS_OUT, ChallengeState.ARCHIVED})


def why_not_handle(challenge: Challenge, actor: User | None) -> str | None:
    """Why `actor` cannot issue, revoke or reissue anything here now."""
    if not is_organizer_of(actor, challenge):
        return _("Only the organizer's staff can do this.")
    if challenge.state not in PUBLISHED:
        return _("Certificates are issued once the results are out.")
    return None


def why_not_print(awards: Iterable[Award], languages: Iterable[Language] = LANGUAGES) -> str | None:
    """The first text that the font cannot print, with every character that it lacks; None when all can be printed."""
    for award in awards:
        for language in languages:
            for text, missing in unprintable(award, language).items():
                return _(
                    "“%(text)s” cannot be printed: the certificate font lacks %(characters)s. Write it another way first.",
                    text=text,
                    characters=", ".join(missing),
                )
    return None


def why_not_issue(challenge: Challenge, actor: User | None, waiting: Iterable[Award]) -> str | None:
    """Why the certificates of `waiting`, the awards that have none yet, cannot be issued now."""
    waiting = list(waiting)
    if reason := why_not_handle(challenge, actor):
        return reason
    if not waiting:
        return _("Every winner has its certificates already.")
    return why_not_print(waiting)


def why_not_revoke(certificate: Certificate, actor: User | None) -> str | None:
    if reason := why_not_handle(certificate.challenge, actor):
        return reason
    if certificate.state is CertificateState.REVOKED:
        return _("This certificate is revoked already.")
    if not certificate.state.can_become(CertificateState.REVOKED):
        return _("This certificate is still being made.")
    return None


def why_not_reissue(certificate: Certificate, latest_edition: int, actor: User | None) -> str | None:
    """Only the latest edition is followed by another; while it is being made, nothing is there to replace."""
    if reason := why_not_handle(certificate.challenge, actor):
        return reason
    if certificate.edition < latest_edition:
        return _("A newer edition of this certificate stands already.")
    if certificate.state is CertificateState.REQUESTED:
        return _("This certificate is still being made.")
    if certificate.decision.outcome is not Outcome.SELECTED:
        return _("The decision no longer selects this application.")
    return None


def why_not_reason(reason: str) -> str | None:
    if not reason.strip():
        return _("Give the reason; whoever checks the certificate reads it.")
    if len(reason.strip()) > REASON_LIMIT:
        return _(
            "At most %(limit)s characters; this has %(count)s.", limit=REASON_LIMIT, count=f"{len(reason.strip()):,}"
        )
    return None


def may_read(certificate: Certificate, user: User | None) -> bool:
    """Whoever runs the challenge reads every certificate; the winner's members read those that stand."""
    if may_observe(user, certificate.challenge):
        return True
    startup_id = certificate.decision.application.startup_id
    return user is not None and certificate.state is CertificateState.ISSUED and user.belongs_to(startup_id)
