"""What one applicant will get, shown to the organizer before it goes out: the mail word for word."""

from dataclasses import dataclass

from app.applications.models import Application
from app.awards import queries
from app.awards.published import OwnResult, PublishedResults
from app.awards.services.tell_applicants import addressees, mail_context, mail_template
from app.challenges.models import Challenge
from app.judging.queries import ApplicantComments, comments_for_applicant
from app.mail.rendering import render_mail


@dataclass(frozen=True)
class MailPreview:
    to: str
    language: str
    subject: str
    text: str


@dataclass(frozen=True)
class ApplicantPreview:
    """One applicant's result and the mails about it, one for each person."""

    own: OwnResult | None
    comments: ApplicantComments | None
    mails: tuple[MailPreview, ...]


def preview_for(challenge: Challenge, application: Application, results: PublishedResults) -> ApplicantPreview:
    own = results.own(application.id)
    reason = "" if own else queries.get_ineligible_reason(application.id)
    mails = []
    for person in addressees([application])[application.id]:
        context = mail_context(challenge, application, own, person, correction=results.reason, reason=reason)
        subject, text, _html = render_mail(
            mail_template(own), language=person.language, challenge_id=challenge.id, **context
        )
        mails.append(MailPreview(person.address, person.language, subject, text))
    comments = comments_for_applicant(application) if own and challenge.release_comments else None
    return ApplicantPreview(own, comments, tuple(mails))
