"""What awards adds to the pages of earlier features."""

from flask import render_template
from sqlalchemy import select

from app.applications.models import Application
from app.applications.states import ApplicationState
from app.awards import queries
from app.awards.appeals.queries import count_open, get_review
from app.awards.certificate_queries import list_certificates_of
from app.awards.models import Decision
from app.challenges.models import Challenge
from app.challenges.states import ChallengeState
from app.core.database import db
from app.judging import views as _judging_views  # noqa: F401 - so that its panels come before these
from app.web.clock import now
from app.web.panels import panel

CHECKED = (ApplicationState.ELIGIBLE, ApplicationState.INELIGIBLE)
WITH_A_NEXT_STEP = (ChallengeState.JUDGING, ChallengeState.DECIDED, ChallengeState.RESULTS_OUT)


@panel("challenge.public")
def show_winners(challenge: Challenge) -> str:
    """The winners on the call's own page; nothing before publication."""
    results = queries.get_public_results(challenge, now())
    if results is None:
        return ""
    return render_template("awards/_panel_public.html", challenge=challenge, results=results)


@panel("challenge.public")
def show_review(challenge: Challenge) -> str:
    """The way to those chosen, while everybody may object."""
    if challenge.state is not ChallengeState.DECIDED or (review := get_review(challenge.id)) is None:
        return ""
    return render_template("awards/appeals/_panel_public.html", challenge=challenge, review=review)


@panel("challenge.sponsored")
def show_winners_to_sponsor(challenge: Challenge) -> str:
    """A sponsor sees the winners when everybody does."""
    return show_winners(challenge)


@panel("application.status")
def show_own_outcome(application: Application) -> str:
    """The way to one's own result; nothing before publication."""
    if application.state not in CHECKED:
        return ""
    results = queries.get_published_results(application.challenge)
    if results is None:
        return ""
    return render_template("awards/_panel_own.html", application=application, own=results.own(application.id))


@panel("challenge.managed")
def show_next_step(challenge: Challenge) -> str:
    """What comes next between the last sheet and the certificates."""
    if challenge.state not in WITH_A_NEXT_STEP:
        return ""
    return render_template(
        "awards/_panel_managed.html",
        challenge=challenge,
        decided=queries.count_decided(challenge.id),
        open_appeals=count_open(challenge.id),
        flagged=queries.list_flagged_certificates(challenge.id)
        if challenge.state is ChallengeState.RESULTS_OUT
        else [],
    )


@panel("application.received")
def show_decision(application: Application) -> str:
    """What is decided on an application, for the organizer."""
    decision = db.session.scalar(select(Decision).where(Decision.application_id == application.id))
    if decision is None:
        return ""
    return render_template("awards/_panel_received.html", application=application, decision=decision)


@panel("application.status")
def show_own_certificates(application: Application) -> str:
    """A winner's certificates, once they are made."""
    certificates = list_certificates_of(application.id)
    if not certificates:
        return ""
    return render_template("awards/_own_certificates.html", certificates=certificates, application=application)
