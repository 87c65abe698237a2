"""Every page that a person can reach, with who goes there: the table that test_every_page.py walks along."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any

import sqlalchemy as sa

from app.accounts.models import MembershipRole, Organization, OrganizationKind, TokenPurpose, User
from app.accounts.profile.codes import DocumentKind
from app.accounts.profile.services import add_profile_document, add_team_member, edit_profile
from app.accounts.services.invite_members import write_invitation
from app.accounts.services.issue_tokens import issue_token
from app.applications.desk.models import Likeness, LikenessKind, TagTone
from app.applications.mails import reminder_token
from app.applications.models import Application
from app.applications.services import assign_cases, save_view, tag_applications, write_note
from app.applications.states import ApplicationState
from app.applications.writing.fields import draft_fields
from app.applications.writing.services import invite_co_writer, record_version
from app.applications.writing.states import Right
from app.awards.appeals.services import open_public_review, raise_concern
from app.awards.models import Certificate, Decision
from app.awards.states import Outcome
from app.challenges.form.parts import typed_of
from app.challenges.models import Challenge
from app.challenges.services import answer_question, ask_question
from app.challenges.states import ChallengeState
from app.challenges.states import Section as CallSection
from app.core.bilingual import Bilingual
from app.core.database import db
from app.judging.models import Judge, ScoreSheet
from app.judging.services import invite_judge
from app.judging.states import SheetState
from app.mail.models import Mail
from app.mail.services import open_batch, queue_mail
from app.sample import demo
from app.sample.timetable import Stage, Timetable
from app.web.files import storage
from tests import factories
from tests.browser.pages import Live
from tests.files import PDF

Values = dict[str, Any]


@dataclass
class Scene:
    """The samples of every stage with the dates as published, a draft of a call, and people by their part in it."""

    people: dict[str, User | None]
    challenges: dict[str, Challenge]
    applications: dict[str, Application]
    more: dict[str, Any] = field(default_factory=dict)

    def now_at(self, stage: str) -> Any:
        return Timetable(Stage(stage), None).now if stage in list(Stage) else factories.NOW


@dataclass(frozen=True)
class Stop:
    """A page as one person finds it while the sample is at a stage."""

    who: str
    stage: str
    values: Callable[[Scene], Values] = lambda _scene: {}
    allow: int = 200

    @property
    def name(self) -> str:
        return f"{self.who} while {self.stage}"


def set_scene(live: Live) -> Scene:
    """Everything that the table asks for."""
    with live.database():
        ids = {stage.value: demo.load(stage, as_published=True).id for stage in Stage}
    with live.database():
        scene = _read_scene({stage: db.session.get_one(Challenge, found) for stage, found in ids.items()})
        organizer, startup = scene.people["organizer"], scene.people["startup"]
        host = scene.challenges["open"].host
        now = scene.now_at("open")
        scene.challenges["draft"] = factories.make_challenge(
            host=host, sponsor=scene.more["sponsor"], state=ChallengeState.DRAFT, closes_at=None
        )
        scene.people["newcomer"] = factories.make_user("신입문")
        _invitation, scene.more["membership"] = write_invitation(
            host, "invited@example.org", MembershipRole.MEMBER, actor=organizer, now=now
        )
        judging = scene.challenges["judging"]
        _judge, scene.more["judge"] = invite_judge(
            judging, email="newcomer@example.org", name="신입문", actor=organizer, now=scene.now_at("judging")
        )
        for purpose in TokenPurpose:
            scene.more[purpose] = issue_token(
                startup, purpose, now=now, valid=timedelta(days=30), new_email="new@example.org"
            )
        _write_profile(scene, now)
        _write_together(scene, now)
        set_desk(scene)
        _hold_mails(scene)
        _ask(scene)
        _review(scene)
    return scene


def set_desk(scene: Scene) -> None:
    """What the staff keep beside the first application to be checked: a tag, a note, a view, and one that it is like."""
    one, other = scene.applications["submitted"], scene.applications["correction"]
    organizer, closed = scene.people["organizer"], scene.challenges["closed"]
    by = {"actor": organizer, "now": scene.now_at("closed")}
    tag_applications(closed, [one.id, other.id], "확인 필요", tone=TagTone.WARN, **by)
    assign_cases(closed, [one.id], organizer, **by)
    write_note(one, "사업자등록증의 주소를 다시 확인할 것", **by)
    save_view(closed, "내 담당", "assignee=me", shared=True, **by)
    first, second = sorted((one.id, other.id))
    for kind, percent in ((LikenessKind.NAME, 72), (LikenessKind.TEXT, 88)):
        db.session.add(
            Likeness(
                challenge_id=closed.id, first_id=first, second_id=second, kind=kind, percent=percent, found_at=by["now"]
            )
        )
    scene.more["like"] = other


def _read_scene(challenges: dict[str, Challenge]) -> Scene:
    by_mail = {user.email.split("@")[0]: user for user in db.session.scalars(sa.select(User))}
    people = {"visitor": None, "judge": by_mail["judge4"], "startup": by_mail["gaonsem"]}
    people |= {name: by_mail[name] for name in ("organizer", "sponsor")}
    scene = Scene(people, challenges, {})
    scene.more["sponsor"] = db.session.scalars(
        sa.select(Organization).where(Organization.kind == OrganizationKind.SPONSOR)
    ).one()
    scene.more["mail"] = db.session.scalars(sa.select(Mail).order_by(Mail.created_at.desc()).limit(1)).one()
    published = challenges["published"].id
    scene.more["certificate"] = db.session.scalars(
        sa.select(Certificate).where(Certificate.challenge_id == published).order_by(Certificate.number).limit(1)
    ).one()

    for name, stage, condition in (
        ("draft", "open", Application.state == ApplicationState.DRAFT),
        ("submitted", "closed", Application.state == ApplicationState.SUBMITTED),
        ("correction", "closed", Application.state == ApplicationState.CORRECTION),
        ("eligible", "judging", Application.state == ApplicationState.ELIGIBLE),
        ("ineligible", "judging", Application.state == ApplicationState.INELIGIBLE),
        ("selected", "published", Application.id.in_(_decided(Outcome.SELECTED))),
        ("not selected", "published", Application.id.in_(_decided(Outcome.NOT_SELECTED))),
    ):
        one = db.session.scalars(
            sa.select(Application).where(Application.challenge_id == challenges[stage].id, condition).limit(1)
        ).one()
        scene.applications[name] = one
        scene.people[f"applicant ({name})"] = by_mail[_member_of(one)]
    for state in (SheetState.OPEN, SheetState.SIGNED):
        scene.more[state] = db.session.scalars(
            sa.select(ScoreSheet)
            .join(Judge, Judge.id == ScoreSheet.judge_id)
            .where(
                Judge.user_id == people["judge"].id,
                Judge.challenge_id == challenges["judging"].id,
                ScoreSheet.state == state,
            )
            .limit(1)
        ).one()
    return scene


def _decided(outcome: Outcome) -> Any:
    return sa.select(Decision.application_id).where(Decision.outcome == outcome)


def _member_of(application: Application) -> str:
    users = db.session.scalars(sa.select(User))
    return next(user.email.split("@")[0] for user in users if user.belongs_to(application.startup_id))


def challenge(stage: str, **values: Any) -> Callable[[Scene], Values]:
    return lambda scene: {"challenge_id": scene.challenges[stage].id, **values}


def slug(stage: str) -> Callable[[Scene], Values]:
    return lambda scene: {"slug": scene.challenges[stage].slug}


def application(name: str, **values: Any) -> Callable[[Scene], Values]:
    return lambda scene: {"application_id": scene.applications[name].id, **values}


def received(name: str) -> Callable[[Scene], Values]:
    def values(scene: Scene) -> Values:
        one = scene.applications[name]
        return {"challenge_id": one.challenge_id, "application_id": one.id}

    return values


def token(name: str) -> Callable[[Scene], Values]:
    return lambda scene: {"token": scene.more[name]}


def reminder_link(scene: Scene) -> Values:
    """The link in a reminder of the startup's draft."""
    one = scene.applications["draft"]
    return {"token": reminder_token(one.id, "hana@example.org")}


def organization(who: str) -> Callable[[Scene], Values]:
    return lambda scene: {"organization_id": scene.people[who].memberships[0].organization_id}


def of_profile(what: str) -> Callable[[Scene], Values]:
    return lambda scene: {**organization("startup")(scene), f"{what}_id": scene.more[f"profile {what}"].id}


def _hold_mails(scene: Scene) -> None:
    """A batch of held mails to applicants whose eligibility was checked."""
    one, now = scene.applications["submitted"], scene.now_at("closed")
    batch = open_batch(one.challenge_id, "applications/eligible", now=now, held=True)
    for language in ("ko", "en"):
        mail = queue_mail(
            f"applicant-{language}@example.org", "applications/eligible", language=language, now=now, challenge_id=one.challenge_id,
            about_id=one.id, batch=batch, application=one, challenge=one.challenge, person=scene.people["startup"],
        )  # fmt: skip
    scene.more["batch"], scene.more["held mail"] = batch, mail


def _ask(scene: Scene) -> None:
    """A question that waits, and one that is answered."""
    call, person, now = scene.challenges["open"], scene.people["startup"], scene.now_at("open")
    organizer = scene.people["organizer"]
    answered = ask_question(call, "공동 신청도 되나요?", actor=person, now=now)
    words = Bilingual("공동 신청이 되나요?", "May two apply together?"), Bilingual("됩니다.", "Yes.")
    answer_question(call, answered, published=words[0], answer=words[1], seen=1, actor=organizer, now=now)
    scene.more["question"] = ask_question(call, "개발 중인 제품도 되나요?", actor=person, now=now)


def _review(scene: Scene) -> None:
    """Those chosen, shown before the results, with a concern about one of them."""
    decided, now = scene.challenges["decided"], scene.now_at("decided")
    review = open_public_review(decided, now + timedelta(days=10), actor=scene.people["organizer"], now=now)
    chosen = review.chosen[0].application_id
    raise_concern(decided, chosen, "등록된 특허와 다릅니다.", actor=scene.people["startup"], now=now)


def of_outbox(what: str) -> Callable[[Scene], Values]:
    return lambda scene: {
        "challenge_id": scene.challenges["closed"].id, f"{what.rsplit(maxsplit=1)[-1]}_id": scene.more[what].id,
    }  # fmt: skip


def _write_profile(scene: Scene, now: Any) -> None:
    """A whole profile of the startup, with a document that is about to expire."""
    person = scene.people["startup"]
    startup = person.memberships[0].organization
    texts = {"region": "11", "industry": "K", "employees": "12", "capital_krw": "50000000", "investment_stage": "seed",
             "one_line_ko": "현금흐름으로 신용을 봅니다.", "description_ko": "설명", "products_ko": "점수 API", "revenue_2021": "300000000"}  # fmt: skip
    edit_profile(startup, texts, bases={}, actor=person, now=now)
    scene.more["profile member"] = add_team_member(
        startup, name="이기술", role="CTO", career="연구소 7년", actor=person, now=now
    )
    scene.more["profile document"] = add_profile_document(
        startup, DocumentKind.NATIONAL_TAX, stream=BytesIO(PDF), filename="납세증명서.pdf", storage=storage(), actor=person,
        now=now, issued_on=now.date(), expires_on=now.date() + timedelta(days=12),
    )  # fmt: skip


def _write_together(scene: Scene, now: Any) -> None:
    """A draft with two versions, and somebody invited to write it."""
    draft, person = scene.applications["draft"], scene.people["applicant (draft)"]
    code = typed_of(draft.challenge.form)[0].code
    for minutes, text in ((0, "우리 기업이 만든 점수"), (6, "우리 기업은 만든 점수를 나눕니다.")):
        before = draft_fields(draft)
        draft.answers = {**draft.answers, code: text}
        record_version(draft, before, draft_fields(draft), actor=person, now=now + timedelta(minutes=minutes))
    invite_co_writer(draft, "co-writer@example.org", Right.EDIT, actor=person, now=now)
    mail = db.session.scalars(sa.select(Mail).where(Mail.to_address == "co-writer@example.org")).one()
    scene.more["co-writer"] = mail.text.partition("/co-writing/")[2].split()[0]


def sheet(state: SheetState, *, managed: bool = False) -> Callable[[Scene], Values]:
    def values(scene: Scene) -> Values:
        found = {"sheet_id": scene.more[state].id}
        return {"challenge_id": scene.challenges["judging"].id, **found} if managed else found

    return values


def judge(scene: Scene) -> Values:
    return {"challenge_id": scene.challenges["judging"].id, "judge_id": scene.more[SheetState.OPEN].judge_id}


def organizer_at(*stages: str, who: str = "organizer", **values: Any) -> list[Stop]:
    return [Stop(who, stage, challenge(stage, **values)) for stage in stages]


FILE = "a file, not a page"
PAGES: dict[str, list[Stop] | str] = {
    "static": FILE,
    "accounts.accent_css": FILE,
    "applications.download_document": FILE,
    "awards.download_bundle": FILE,
    "awards.download_certificate": FILE,
    "awards.download_result_set": FILE,
    "awards.preview_certificate": FILE,
    "challenges.download_attachment": FILE,
    "challenges.export_working_copy": FILE,
    "challenges.show_form_schema": FILE,
    "challenges.follow_atom": FILE,
    "challenges.follow_calendar": FILE,
    "challenges.follow_json": FILE,
    "challenges.show_calendar": FILE,
    "judging.download_entry_document": FILE,
    "awards.show_certificate_progress": "a part of list_certificates, which fetches it while certificates are made",
    "mail.show_mail_html": "a mail, which stands framed in show_mail; tests/mail looks into it",
    "accounts.accept_membership": [Stop("visitor", "open", token("membership")), Stop("startup", "open", token("membership"))],
    "accounts.ask_password_reset": [Stop("visitor", "open")],
    "accounts.change_email": [Stop("startup", "open")],
    "accounts.change_password": [Stop("startup", "open")],
    "accounts.confirm_email": [Stop("visitor", "open", token(TokenPurpose.CONFIRM_EMAIL)), Stop("visitor", "published", lambda _scene: {"token": "gone"}, 410)],
    "accounts.confirm_new_email": [Stop("visitor", "open", token(TokenPurpose.CHANGE_EMAIL))],
    "accounts.download_profile_document": FILE,
    "accounts.show_profile": [Stop("startup", "open", organization("startup")), Stop("applicant (draft)", "open", organization("applicant (draft)"))],
    "accounts.edit_profile": [Stop("startup", "open", organization("startup"))],
    "accounts.add_team_member": [Stop("startup", "open", organization("startup"))],
    "accounts.edit_team_member": [Stop("startup", "open", of_profile("member"))],
    "accounts.add_profile_document": [Stop("startup", "open", organization("startup"))],
    "accounts.date_profile_document": [Stop("startup", "open", of_profile("document"))],
    "accounts.create_organization": [Stop("newcomer", "open"), *(Stop("newcomer", "open", lambda _scene, kind=kind: {"kind": kind.value}) for kind in OrganizationKind if kind is not OrganizationKind.HOST)],
    "accounts.edit_organization": [Stop(who, "open", organization(who)) for who in ("startup", "organizer", "sponsor")],
    "accounts.list_organizations": [Stop("startup", "open"), Stop("newcomer", "open")],
    "accounts.reset_password": [Stop("visitor", "open", token(TokenPurpose.RESET_PASSWORD))],
    "accounts.show_my_data": [Stop(who, "published") for who in ("startup", "judge", "organizer", "newcomer")],
    "accounts.close_account": [Stop(who, "published") for who in ("startup", "organizer")],
    "accounts.show_account": [Stop("startup", "open")],
    "accounts.show_organization": [Stop(who, "open", organization(who)) for who in ("startup", "organizer")],
    "accounts.show_password_reset_sent": [Stop("visitor", "open")],
    "accounts.show_sign_up_sent": [Stop("visitor", "open")],
    "accounts.sign_in": [Stop("visitor", "open")],
    "accounts.sign_up": [Stop("visitor", "open")],
    "applications.check_application": [Stop("applicant (draft)", "open", application("draft"))],
    "applications.edit_application": [
        *(Stop("applicant (draft)", "open", application("draft", section=section)) for section in ("contact", "proposal", "documents", "consents")),
        Stop("applicant (correction)", "closed", application("correction", section="documents")),
    ],
    "applications.accept_co_writing": [Stop("visitor", "open", token("co-writer"))],
    "applications.list_versions": [Stop("applicant (draft)", "open", application("draft"))],
    "applications.show_team": [Stop("applicant (draft)", "open", application("draft"))],
    "applications.show_version": [Stop("applicant (draft)", "open", application("draft", number=1)), Stop("applicant (draft)", "open", application("draft", number=1, against="now"))],
    "applications.list_applications": [Stop("startup", "open"), Stop("newcomer", "open")],
    "applications.withdraw_consent": [
        Stop("applicant (submitted)", "closed", application("submitted", code=code)) for code in ("privacy", "sponsor")
    ],
    "applications.list_exceptions": organizer_at("open", "closed"),
    "applications.preview_form": organizer_at("draft", "open"),
    "applications.list_received": organizer_at("open", "closed", "judging"),
    "applications.list_shared": organizer_at("closed", who="sponsor"),
    "applications.show_application": [
        Stop(f"applicant ({name})", stage, application(name))
        for name, stage in (("draft", "open"), ("correction", "closed"), ("eligible", "judging"), ("ineligible", "judging"), ("selected", "published"))
    ],
    "applications.show_receipt": [Stop("applicant (submitted)", "closed", application("submitted"))],
    "applications.show_like": [Stop("organizer", "closed", lambda s: {**received("submitted")(s), "other_id": s.more["like"].id})],
    "applications.show_received": [
        Stop("organizer", stage, received(name))
        for name, stage in (("submitted", "closed"), ("correction", "closed"), ("ineligible", "judging"), ("selected", "published"))
    ],
    "applications.show_reminders": [Stop("visitor", "open", reminder_link)],
    "applications.show_shared": [Stop("sponsor", "published", received("selected"))],
    "applications.start_application": [Stop("startup", "open", slug("open")), Stop("newcomer", "open", slug("open"))],
    "awards.correct_results": organizer_at("published"),
    "awards.decide": organizer_at("judging", "decided", "published"),
    "awards.file_appeal": [Stop("applicant (not selected)", "published", application("not selected"))],
    "awards.list_appeals": organizer_at("decided", "published"),
    "awards.show_public_review": [Stop(who, "decided", slug("decided")) for who in ("startup", "visitor")],
    "awards.list_certificates": organizer_at("decided", "published"),
    "awards.preview_results": organizer_at("decided", "published"),
    "awards.show_certificate": [
        Stop("visitor", "published", lambda scene: {"code": scene.more["certificate"].code}),
        Stop("visitor", "published", lambda _scene: {"code": "0" * 16}, 404),
    ],
    "awards.show_own_result": [Stop(f"applicant ({name})", "published", application(name)) for name in ("selected", "not selected")],
    "awards.show_results": [Stop("visitor", "published", slug("published"))],
    "awards.verify_certificate": [Stop("visitor", "published")],
    "challenges.ask_in_force": organizer_at("draft", "open"),
    "challenges.choose_form": organizer_at("draft", "open", "judging"),
    "challenges.compose_form": organizer_at("draft", "open", "judging"),
    "challenges.create_challenge": [Stop("organizer", "open")],
    "challenges.edit_challenge": [
        *(Stop("organizer", "draft", challenge("draft", section=section.value)) for section in CallSection if section is not CallSection.FORM),
        *(Stop("organizer", "open", challenge("open", section=section)) for section in ("schedule", "rubric")),
    ],
    "challenges.list_challenges": [Stop("visitor", "open"), Stop("visitor", "published", lambda _scene: {"q": "없는 말"})],
    "challenges.list_managed": [Stop("organizer", "open")],
    "challenges.list_sponsored": [Stop("sponsor", "open")],
    "challenges.ask_question": [Stop("startup", "open", slug("open")), Stop("organizer", "published", slug("published"))],
    "challenges.list_inquiries": organizer_at("open", "published"),
    "challenges.answer_question": [
        Stop("organizer", "open", lambda scene: {"challenge_id": scene.challenges["open"].id, "inquiry_id": scene.more["question"].id})
    ],
    "challenges.list_mails": organizer_at("draft", "closed", "published"),
    "challenges.list_mail_texts": organizer_at("closed"),
    "challenges.edit_mail_text": organizer_at("closed", feature="applications", name="correction"),
    "challenges.show_batch": [Stop("organizer", "closed", of_outbox("batch"))],
    "challenges.show_mail": [Stop("organizer", "closed", of_outbox("held mail"))],
    "applications.write_message": organizer_at("closed"),
    "challenges.list_staff": organizer_at("open"),
    "challenges.preview_challenge": organizer_at("draft"),
    "challenges.take_quiz": [Stop("visitor", "open", slug("open")), Stop("visitor", "published", slug("published"))],
    "challenges.show_challenge": [*(Stop("visitor", stage, slug(stage)) for stage in ("open", "published")), Stop("startup", "judging", slug("judging"))],
    "challenges.show_managed": organizer_at("draft", *(stage.value for stage in Stage)),
    "challenges.show_sponsored": organizer_at("open", "published", who="sponsor"),
    "challenges.show_trail": organizer_at("published"),
    "judging.answer_invitation": [Stop("visitor", "judging", token("judge"))],
    "judging.assign_judges": organizer_at("closed", "judging"),
    "judging.declare_conflicts": organizer_at("closed", "judging", who="judge"),
    "judging.edit_own_profile": organizer_at("judging", who="judge"),
    "judging.edit_profile": [Stop("organizer", "judging", judge)],
    "judging.list_conflicts": organizer_at("closed", "judging"),
    "judging.list_judges": organizer_at("open", "judging"),
    "judging.list_rounds": [Stop("judge", "judging"), Stop("newcomer", "judging")],
    "judging.show_progress": organizer_at("judging", "decided"),
    "judging.show_queue": organizer_at("judging", who="judge"),
    "judging.show_ranking": organizer_at("judging", "decided"),
    "judging.show_sheet_to_organizer": [Stop("organizer", "judging", sheet(SheetState.SIGNED, managed=True))],
    "judging.service_worker": FILE,
    "judging.show_outbox": FILE,
    "judging.sign_complete_sheets": [Stop("judge", "judging", challenge("judging"))],
    "judging.sign_pledge": organizer_at("judging", who="judge"),
    "judging.word_pledge": organizer_at("judging"),
    "judging.write_sheet": [Stop("judge", "judging", sheet(state)) for state in (SheetState.OPEN, SheetState.SIGNED)],
    "mail.show_mail": [Stop("visitor", "published", lambda scene: {"mail_id": scene.more["mail"].id})],
    "mail.show_mailbox": [Stop("visitor", "published")],
}  # fmt: skip
