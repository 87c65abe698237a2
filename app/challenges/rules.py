"""Who may do what with a challenge, and when it takes applications."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.models import Organization, OrganizationKind, User
from app.challenges.form.checks import FormProblem
from app.challenges.models import Challenge, ChallengeRole, SponsorReview, SponsorVerdict
from app.challenges.states import EDITABLE, ChallengeState, Section
from app.web.filters import current_language, when

NOTICE = timedelta(days=5)  # from the notice to the close; a preset, so a warning and no refusal
REASON_LIMIT = 500
NOTE_LIMIT = 2000


def is_organizer_of(user: User | None, challenge: Challenge) -> bool:
    """Whether `user` belongs to the host that runs `challenge`, or was made an organizer of it."""
    return user is not None and (
        user.belongs_to(challenge.host_id) or _has_role(user, challenge, ChallengeRole.ORGANIZER)
    )


def may_observe(user: User | None, challenge: Challenge) -> bool:
    """Whether `user` may read what the organizer reads."""
    return is_organizer_of(user, challenge) or (user is not None and _has_role(user, challenge, ChallengeRole.OBSERVER))


def _has_role(user: User, challenge: Challenge, role: ChallengeRole) -> bool:
    return any(staff.user_id == user.id and staff.role is role for staff in challenge.staff)


def is_sponsor_of(user: User | None, challenge: Challenge) -> bool:
    """Whether `user` belongs to a sponsor of one of the themes."""
    return user is not None and any(user.belongs_to(theme.sponsor_id) for theme in challenge.themes)


def is_public(challenge: Challenge) -> bool:
    """Whether visitors may see the call; one that was cancelled as a draft never was out."""
    return challenge.state.is_public and challenge.published_at is not None


def is_past_close(challenge: Challenge, now: datetime) -> bool:
    """Whether the last second in which a submission is taken is over (17:00 includes 17:00:00)."""
    return now.replace(microsecond=0) > challenge.closes_at


def is_sealed(challenge: Challenge, now: datetime) -> bool:
    """Whether what was handed in is closed to everybody but the applicant's own people, organizers and sponsors included.

    The clock alone opens the seal, so that no move of the challenge (cancelling it, say) opens it early.
    """
    return challenge.sealed and not is_past_close(challenge, now)


def seal_sentence(challenge: Challenge) -> str:
    """What the seal means, for the call's page and wherever somebody finds less than expected."""
    return _(
        "Sealed until the close: before %(when)s nobody but the applicant's own people can read an application; the organizer, too, "
        "sees only how many there are.",
        when=when(challenge.closes_at, challenge.timezone),
    )


def takes_applications(challenge: Challenge, now: datetime) -> bool:
    """From the opening to the very second of the close, by the server's clock."""
    return (
        challenge.state is ChallengeState.PUBLISHED and challenge.opens_at <= now and not is_past_close(challenge, now)
    )


def why_not_apply(challenge: Challenge, now: datetime) -> str | None:
    """Why nobody can begin an application now."""
    if challenge.state is ChallengeState.CANCELLED:
        return _("This challenge was cancelled.")
    if not is_public(challenge):
        return _("This call is not published yet.")
    if now < challenge.opens_at:
        return _("Applications open on %(when)s.", when=when(challenge.opens_at, challenge.timezone))
    if not takes_applications(challenge, now):
        return _("Applications closed on %(when)s.", when=when(challenge.closes_at, challenge.timezone))
    return None


def why_not_create(host: Organization, actor: User) -> str | None:
    if host.kind is not OrganizationKind.HOST or not actor.belongs_to(host.id):
        return _("Only the staff of a host can set up a challenge for it.")
    return None


def why_not_organize(challenge: Challenge, actor: User | None) -> str | None:
    if not is_organizer_of(actor, challenge):
        return _("Only the organizer's staff can do this.")
    return None


def why_not_edit(challenge: Challenge, section: Section, actor: User | None) -> str | None:
    """Why this section of the call cannot be changed now."""
    if reason := why_not_organize(challenge, actor):
        return reason
    if section in EDITABLE[challenge.state]:
        return None
    return {
        ChallengeState.SPONSOR_REVIEW: _("The sponsors are reviewing this draft. Take it back to draft to change it."),
        ChallengeState.CANCELLED: _("This challenge was cancelled."),
        ChallengeState.RESULTS_OUT: _("The results are out; the call stays as it was."),
        ChallengeState.ARCHIVED: _("The results are out; the call stays as it was."),
    }.get(challenge.state) or _why_not_after_close(challenge, section)


def why_not_compose(challenge: Challenge, actor: User | None) -> str | None:
    """Why the working copy of the form cannot be changed now, nor put in force."""
    return why_not_edit(challenge, Section.FORM, actor)


def why_not_put_in_force(
    challenge: Challenge, actor: User | None, *, is_changed: bool, is_behind: bool, problems: Sequence[FormProblem]
) -> str | None:
    """Why the working copy of the form cannot take the place of the form in force; `problems` are those that keep it from it."""
    if reason := why_not_compose(challenge, actor):
        return reason
    if is_behind:
        return _("The form in force was changed elsewhere. Decide in the builder which of the two to go on from.")
    if not is_changed:
        return _("The working copy says nothing that the form in force does not say.")
    if len(problems) == 1:
        return problems[0].sentence
    if problems:
        return ngettext(
            "%(num)d thing keeps the form from being put in force.",
            "%(num)d things keep the form from being put in force.",
            len(problems),
        )
    return None


def _why_not_after_close(challenge: Challenge, section: Section) -> str:
    if section in EDITABLE[ChallengeState.CLOSED]:
        return _("Judging has begun; this part of the call stays as it is.")
    return _(
        "Applications closed on %(when)s; this part of the call stays as applicants answered it.",
        when=when(challenge.closes_at, challenge.timezone),
    )


def why_not_reason(reason: str) -> str | None:
    if not reason.strip():
        return _("Give the reason; it is published with the change.")
    if len(reason) > REASON_LIMIT:
        return _("At most %(limit)s characters; this has %(count)s.", limit=REASON_LIMIT, count=f"{len(reason):,}")
    return None


def why_not_send_to_sponsors(challenge: Challenge, actor: User | None) -> str | None:
    if reason := why_not_organize(challenge, actor):
        return reason
    if challenge.state is ChallengeState.SPONSOR_REVIEW:
        return _("The draft is with the sponsors already.")
    if not challenge.state.can_become(ChallengeState.SPONSOR_REVIEW):
        return _("Only a draft goes to the sponsors.")
    if not challenge.themes:
        return _("Add at least one theme with its sponsor first.")
    return None


def why_not_take_back(challenge: Challenge, actor: User | None) -> str | None:
    if reason := why_not_organize(challenge, actor):
        return reason
    if challenge.state is not ChallengeState.SPONSOR_REVIEW:
        return _("The draft is not with the sponsors.")
    return None


def current_reviews(challenge: Challenge) -> list[SponsorReview]:
    """The answers to the draft as it was last sent, one for each sponsor."""
    latest = max((review.asked_at for review in challenge.reviews), default=None)
    return [review for review in challenge.reviews if review.asked_at == latest]


def why_not_review(challenge: Challenge, actor: User | None) -> str | None:
    """Why `actor` cannot answer for a sponsor now."""
    if actor is None or not any(actor.belongs_to(review.sponsor_id) for review in current_reviews(challenge)):
        return _("Only the staff of a sponsor of this challenge can answer.")
    if challenge.state is not ChallengeState.SPONSOR_REVIEW:
        return _("This draft is not in review.")
    return None


def reviews_outstanding(challenge: Challenge) -> list[str]:
    """What keeps the sponsors' review from being complete, a sentence for each sponsor."""
    if challenge.state is not ChallengeState.SPONSOR_REVIEW:
        return []
    sentences = []
    for review in current_reviews(challenge):
        name = review.sponsor.name.in_language(current_language())
        if review.verdict is None:
            sentences.append(_("%(sponsor)s has not answered yet.", sponsor=name))
        elif review.verdict is SponsorVerdict.CHANGES:
            sentences.append(_("%(sponsor)s asks for changes: take the call back to draft.", sponsor=name))
    return sentences


@dataclass(frozen=True)
class Missing:
    """One thing that stands between a draft and its publication, and where to mend it (None: not in the editor)."""

    section: Section | None
    sentence: str


def why_not_publish(challenge: Challenge, actor: User | None, missing: list[Missing]) -> str | None:
    """Why the call cannot go out; `missing` is what `checklist.missing_for_publication` found."""
    if reason := why_not_organize(challenge, actor):
        return reason
    if not challenge.state.can_become(ChallengeState.PUBLISHED):
        return (
            _("This call has been published already.") if is_public(challenge) else _("This challenge was cancelled.")
        )
    if len(missing) == 1:
        return missing[0].sentence
    if missing:
        return ngettext(
            "%(num)d thing is missing before the call can be published.",
            "%(num)d things are missing before the call can be published.",
            len(missing),
        )
    return None


def short_notice(challenge: Challenge, now: datetime) -> str | None:
    """A warning where applicants would have fewer days than the preset from the notice to the close."""
    if challenge.closes_at - now < NOTICE:
        return _(
            "Applications close on %(when)s, less than %(days)d days after the notice.",
            when=when(challenge.closes_at, challenge.timezone), days=NOTICE.days,
        )  # fmt: skip
    return None


def why_not_close(challenge: Challenge, now: datetime) -> str | None:
    if challenge.state is not ChallengeState.PUBLISHED:
        return _("Only a published call can be closed.")
    if not is_past_close(challenge, now):
        return _("Applications are open until %(when)s.", when=when(challenge.closes_at, challenge.timezone))
    return None


def why_not_cancel(challenge: Challenge, actor: User | None) -> str | None:
    if reason := why_not_organize(challenge, actor):
        return reason
    if challenge.state is ChallengeState.CANCELLED:
        return _("This challenge was cancelled.")
    if not challenge.state.can_become(ChallengeState.CANCELLED):
        return _("The results are out; the challenge cannot be cancelled.")
    return None


def why_not_archive(challenge: Challenge, actor: User | None) -> str | None:
    if reason := why_not_organize(challenge, actor):
        return reason
    if not challenge.state.can_become(ChallengeState.ARCHIVED):
        return _("Only a challenge whose results are out can be archived.")
    return None
