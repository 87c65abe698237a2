"""Who may decide and publish, when, and what the published rule forbids: each answer is the sentence to show, or None."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.models import User
from app.awards.departures import find_departures
from app.awards.models import ResultSet
from app.awards.outcome_rules import find_faults, why_not_long
from app.awards.result_content import FORMAT
from app.awards.standing import Decisions, Entry, Standing
from app.challenges.models import Challenge, RulesVersion
from app.challenges.rules import is_organizer_of
from app.challenges.states import ChallengeState
from app.core.audit.models import AuditEvent
from app.core.canonical import canonical_sha256
from app.web.filters import local

LONGEST_EMBARGO = timedelta(days=90)  # between telling the applicants and telling everybody
CHANGE_REASON_LIMIT = 500  # of reopening the judging, or of correcting what was published
PUBLISHED = frozenset({ChallengeState.RESULTS_OUT, ChallengeState.ARCHIVED})


def are_results_published(challenge: Challenge) -> bool:
    """Whether applicants may read their own; everybody else waits for the moment that the result set names."""
    return challenge.state in PUBLISHED


def is_embargoed(challenge: Challenge, now: datetime) -> bool:
    """Whether the applicants know, and the public does not yet."""
    return are_results_published(challenge) and challenge.results_at is not None and now < challenge.results_at


def why_not_public_at(public_at: datetime, now: datetime) -> str | None:
    """Why the results cannot become public at that moment."""
    if public_at < now:
        return _("That moment is over. Leave it empty to make the results public at once.")
    if public_at > now + LONGEST_EMBARGO:
        return _("At most %(days)s days after the applicants are told.", days=LONGEST_EMBARGO.days)
    return None


def why_not_organize(challenge: Challenge, actor: User | None) -> str | None:
    if not is_organizer_of(actor, challenge):
        return _("Only the organizer's staff can do this.")
    return None


def why_not_decide(challenge: Challenge, actor: User | None) -> str | None:
    """Why no decision can be written down now."""
    if reason := why_not_organize(challenge, actor):
        return reason
    if challenge.state in PUBLISHED:
        return _("The results are published. Only a correction with a reason can change them.")
    if challenge.state is ChallengeState.DECIDED:
        return _("The decision is confirmed. Reopen the judging to change it.")
    if challenge.state is not ChallengeState.JUDGING:
        return _("Decisions are made while the challenge is being judged.")
    return None


def why_not_reason(reason: str, limit: int = CHANGE_REASON_LIMIT) -> str | None:
    if not reason.strip():
        return _("Give a reason; it is kept in the record.")
    return why_not_long(reason, limit)


@dataclass(frozen=True)
class Hindrance:
    """One thing that is in the way of confirming; it stands in the row of `application_id`, if in any."""

    sentence: str
    application_id: UUID | None = None


def find_hindrances(standing: Standing, decisions: Decisions) -> list[Hindrance]:
    """All that is in the way of confirming, in the order in which it is best settled."""
    found: list[Hindrance] = []
    if standing.open_sheets:
        count = standing.open_sheets
        found.append(
            Hindrance(
                ngettext("%(num)d score sheet is not signed yet.", "%(num)d score sheets are not signed yet.", count)
            )
        )
    if standing.chair_decides:
        found += [Hindrance(sentence, entry.application_id) for entry, sentence in _open_ties(standing)]
    undecided = [entry for entry in standing.entries if entry.application_id not in decisions]
    if undecided:
        sentence = ngettext(
            "%(num)d entry has no decision yet.", "%(num)d entries have no decision yet.", len(undecided)
        )
        found.append(Hindrance(sentence, undecided[0].application_id))
    return found + find_weaknesses(standing, decisions)


def _open_ties(standing: Standing) -> list[tuple[Entry, str]]:
    """The first entry of each tie at a theme's cut, with the sentence on it."""
    found = []
    for theme in standing.themes:
        if tied := [entry for entry in theme.ranked if theme.is_tied_at_the_cut(entry)]:
            sentence = _(
                "%(count)s entries tie for the last place of theme %(theme)s. The chair settles the tie first.",
                count=len(tied),
                theme=theme.code,
            )
            found.append((tied[0], sentence))
    return found


def find_weaknesses(standing: Standing, decisions: Decisions) -> list[Hindrance]:
    """Where decisions break a rule, or depart from the ranking without a reason."""
    faults = find_faults(standing, decisions)
    found = [Hindrance(f"{_name(standing, i)}: {fault}", i) for i, fault in faults.items()]
    for application_id in find_departures(standing, decisions):
        if application_id not in faults and not decisions[application_id].reason.strip():
            name = _name(standing, application_id)
            found.append(
                Hindrance(_("%(entry)s departs from the ranking without a reason.", entry=name), application_id)
            )
    return found


def why_not_confirm(challenge: Challenge, standing: Standing, decisions: Decisions, actor: User | None) -> str | None:
    """Why the decision cannot be confirmed as it is saved; the first thing that is in the way."""
    if reason := why_not_decide(challenge, actor):
        return reason
    return _first(find_hindrances(standing, decisions))


def why_not_stand(standing: Standing, decisions: Decisions) -> str | None:
    """Why complete decisions cannot stand."""
    return _first(find_weaknesses(standing, decisions))


def _first(hindrances: list[Hindrance]) -> str | None:
    if not hindrances:
        return None
    if len(hindrances) == 1:
        return hindrances[0].sentence
    return ngettext(
        "%(first)s And %(num)d thing more is in the way.",
        "%(first)s And %(num)d things more are in the way.",
        len(hindrances) - 1,
        first=hindrances[0].sentence,
    )


def _name(standing: Standing, application_id: UUID) -> str:
    known = standing.by_application.get(application_id)
    return local(known[1].startup) if known else str(application_id)


def why_not_reopen_judging(challenge: Challenge, actor: User | None) -> str | None:
    if reason := why_not_organize(challenge, actor):
        return reason
    if challenge.state in PUBLISHED:
        return _("The results are published; the judging cannot be opened again.")
    if challenge.state is not ChallengeState.DECIDED:
        return _("There is no confirmed decision to take back.")
    return None


def why_not_publish(challenge: Challenge, actor: User | None) -> str | None:
    """Why results cannot be published now; published ones are none to publish again."""
    if reason := why_not_organize(challenge, actor):
        return reason
    if challenge.state in PUBLISHED:
        return _("The results are published already.")
    if challenge.state is not ChallengeState.DECIDED:
        return _("Confirm the decision first; then the results can be published.")
    return None


def why_not_correct(challenge: Challenge, actor: User | None) -> str | None:
    """Why what was published cannot be corrected."""
    if reason := why_not_organize(challenge, actor):
        return reason
    if challenge.state is ChallengeState.ARCHIVED:
        return _("The challenge is archived; its results stay as they are.")
    if challenge.state is not ChallengeState.RESULTS_OUT:
        return _("No results are published yet, so there is nothing to correct.")
    return None


def why_not_bundle(result_set: ResultSet, rules_version: RulesVersion | None, event: AuditEvent | None) -> str | None:
    """Why no bundle of the result set can be made; `event` is the sealed one that published it."""
    if result_set.content.get("format") != FORMAT:
        return _("This set was frozen in an earlier form that cannot be bundled. A correction makes a set that can.")
    if canonical_sha256(result_set.content) != result_set.sha256:
        return _("This set does not have the hash any more under which it was published, so no bundle is made of it.")
    if rules_version is None:
        return _("The version of the rules that this set names is missing, so no bundle can be made of it.")
    if event is None:
        return _("The publication is not sealed into the trail yet. Try again in a minute.")
    return None
