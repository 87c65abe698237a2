"""The life of one challenge in a browser, on the sample: from the draft of the call to a downloaded certificate.

Five people, each with a browser profile of their own: organizer, sponsor, startup, judge (the chair) and visitor. The second
applicant and the other four judges do their part through the services that the pages call.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from app.accounts.models import User
from app.applications import services as applications
from app.applications.rules import confirmations_asked
from app.challenges.form.parts import consents_of, documents_of
from app.challenges.models import Challenge
from app.core.audit import trail
from app.core.bilingual import Bilingual
from app.core.database import db
from app.judging import services as judging
from app.judging.models import ScoreSheet
from app.judging.states import SheetState
from app.sample.material import PASSWORD as DEMO_PASSWORD
from app.sample.papers import paper
from app.sample.services.load_sample import load_sample
from app.sample.timetable import Stage
from app.web.commands import CHORES
from tests import factories
from tests.browser.pages import PHONE, Live, Person, assert_no_sideways_scroll, sign_in
from tests.browser.writing import put, write_call
from tests.factories import seoul

pytestmark = pytest.mark.browser

SAMPLE = json.loads((Path(__file__).parents[2] / "app/sample/data/shinhan-fintech-2022.json").read_text())
SLUG = SAMPLE["challenge"]["slug"]
TITLE = SAMPLE["challenge"]["title"]
PASSWORD = "correct horse battery"
# Entries A and B of the worked scores: equal to the second place, and parted by the heaviest criterion.
TOTALS = {"가온셈랩(가상)": [92, 88, 88, 75, 70], "두레신용(가상)": [85, 84, 84, 83, 60]}


@dataclass
class Cast:
    live: Live
    organizer: Person
    sponsor: Person
    startup: Person
    judge: Person
    visitor: Person

    def at(self, moment: str) -> None:
        """Let time go on to a moment in Seoul, and do what the worker does then."""
        self.live.clock.time = seoul(moment)
        self.work()

    def work(self) -> None:
        with self.live.app.app_context():
            for chore in CHORES:
                chore()
        self.live.run_jobs()


@pytest.fixture
def cast(live: Live, enter: Callable[..., Person]) -> Cast:
    live.clock.time = seoul("2022-08-29T10:00")
    organizer, sponsor = enter(), enter()
    with live.database():
        host, company = factories.make_host(), factories.make_sponsor()
        people = factories.make_user("한서윤", member_of=host), factories.make_user("오지훈", member_of=company)
    sign_in(organizer, people[0])
    sign_in(sponsor, people[1])
    return Cast(live, organizer, sponsor, enter(), enter(), enter())


def said(page: Page, words: str) -> None:
    """The page says so in its strip of messages."""
    expect(page.locator(".flash").first).to_contain_text(words)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def confirm(page: Page, name: str) -> None:
    """Open the question behind a button, and answer it."""
    box = page.locator("main details", has=page.locator("summary", has_text=re.compile(f"^{name}"))).first
    box.locator("summary").click()
    box.locator("button").last.click()


def newest_mail(person: Person, address: str) -> str:
    """The text of the last mail to an address, read in the development mailbox."""
    page = person.visit(f"/dev/mailbox?to={address}")
    page.locator("main table a").first.click()
    return page.locator("pre").inner_text()


def link_in(mail: str, part: str) -> str:
    found = re.search(rf"http://\S*/{part}/\S+", mail)
    assert found, mail
    return found.group(0)


def sign_up(cast: Cast, person: Person, name: str, email: str) -> None:
    """From the sign-up form through the confirmation mail; ends where the person had wanted to go."""
    page = person.page
    put(page, {"name": name, "email": email, "password": PASSWORD})
    press(page, "가입하기")
    page.wait_for_url("**/sign-up/sent")
    cast.work()
    page.goto(link_in(newest_mail(person, email), "confirm-email"))
    press(page, "확인하고 로그인")


def draft_and_publish_the_call(cast: Cast) -> str:
    """Returns the address of the challenge in the organizer's workspace."""
    page = cast.organizer.visit("/manage/new")
    put(page, {"title_ko": TITLE["ko"], "title_en": TITLE["en"], "slug": SLUG, "receipt_prefix": "SF-2022"})
    press(page, "초안 만들기")
    managed = re.sub(r"/edit/.*", "", page.url).removeprefix(cast.live.url)
    write_call(page, SAMPLE, "신한금융지주")
    cast.organizer.visit(managed)
    press(page, "수요기업에 검토 요청")
    said(page, "수요기업에 메일로 검토를 요청했습니다.")
    cast.visitor.watch.allow.add(404)
    cast.visitor.visit(f"/challenges/{SLUG}")  # not yet
    expect(cast.visitor.page.locator("h1")).to_contain_text("없")

    review = cast.sponsor.visit("/sponsor")
    review.get_by_role("link", name=TITLE["ko"]).first.click()
    review.get_by_label("이 초안을 승인합니다").check()
    press(review, "답변 보내기")
    said(review, "답변을 기록")

    cast.at("2022-09-05T10:00")
    cast.organizer.visit(managed)
    press(page, "공고")
    said(page, "공고했습니다.")
    public = cast.visitor.visit(f"/challenges/{SLUG}")
    expect(public.locator("h1")).to_have_text(TITLE["ko"])
    for words in (
        "신한금융지주",
        "서울핀테크랩",
        "7,500만 원",
        "9. 23.(금) 17:00",
        "18일",
        "과제 적합성",
        "개인정보 수집·이용 동의",
    ):
        expect(public.locator("body")).to_contain_text(words)
    return managed


def apply(cast: Cast) -> str:
    """Sign up, register the company, fill the form, submit. Returns the address of the application."""
    person = cast.startup
    page = person.visit(f"/challenges/{SLUG}")
    page.get_by_role("link", name="신청서 작성").first.click()
    page.locator("main a[href^='/sign-up']").first.click()
    sign_up(cast, person, "김가온", "gaon@example.org")
    page.get_by_role("link", name="기업 등록").click()
    page.get_by_label("법인", exact=True).check()
    put(page, {
        "name_ko": "가온셈랩(가상)", "name_en": "Gaonsem Lab (fictional)", "business_number": "999-99-01018", "founded_on": "2019-03-12",
        "representative": "김가온", "address": "서울특별시 마포구",
    })  # fmt: skip
    person.watch.allow.add(422)
    press(page, "등록")
    expect(page.locator(".errors")).to_contain_text("사업자등록번호")  # its last digit is wrong
    put(page, {"business_number": "999-99-01019"})
    press(page, "등록")
    expect(page.locator(".startup-choice")).to_contain_text("가온셈랩(가상)")  # back at the application
    page.get_by_label("소상공인 대안신용평가").check()
    press(page, "신청서 작성 시작")
    application = re.sub(r"/edit/.*", "", page.url).removeprefix(cast.live.url)
    page.get_by_label("전화번호").fill("02-555-0101")
    press(page, "저장하고 다음")
    page.get_by_label("제안 요약").press_sequentially("카드 매출의 계절성으로 소상공인을 평가합니다.")
    expect(page.locator("#saved")).to_have_text("10:00:00 저장됨")  # by itself
    press(page, "저장하고 다음")
    hand_in_documents(page, pdf_of(cast.live, "가온셈랩(가상)"))
    press(page, "저장하고 다음")
    page.locator("[name^='consent-'][value=yes][type=checkbox]").check()
    page.locator("[name^='consent-'][value=yes][type=radio]").check()
    press(page, "저장하고 다음")
    expect(page.locator("h1")).to_have_text("제출 전 확인")
    for tick in page.locator("[name=confirmed]").all():
        tick.check()
    press(page, "최종제출")
    expect(page.locator("main")).to_contain_text("SF-2022-001")
    sha256 = re.search(r"\b[0-9a-f]{64}\b", page.locator("main").inner_text())
    assert sha256
    cast.work()
    mail = newest_mail(person, "gaon@example.org")
    assert "SF-2022-001" in mail
    assert sha256.group(0) in mail
    return application


def pdf_of(live: Live, name: str) -> bytes:
    with live.app.app_context():
        return paper("제안서", name, (("무엇을 푸는가", "카드 매출의 계절성"),), "ko")


def hand_in_documents(page: Page, pdf: bytes) -> None:
    rows = page.locator("ul.docs > li")
    file = {"name": "제안서_가온셈랩.pdf", "mimeType": "application/pdf", "buffer": pdf}
    rows.nth(0).locator("input[type=file]").set_input_files(file)
    expect(rows.nth(0)).to_contain_text("제안서_가온셈랩.pdf")
    rows.nth(1).locator("input[name=issued_on]").fill("2022-08-30")
    rows.nth(1).locator("input[type=file]").set_input_files(file | {"name": "../../등록증.pdf"})
    expect(rows.nth(1)).to_contain_text("✓ 등록증.pdf")
    rows.nth(2).locator("input[type=file]").set_input_files(file | {"name": "재무제표.xlsx"})
    expect(rows.nth(2)).to_contain_text("확장자는 .xlsx인데 내용은 PDF입니다.")


def second_startup_applies(cast: Cast) -> None:
    """At 16:58:12, through the services."""
    cast.at("2022-09-23T16:58:12")
    pdf = pdf_of(cast.live, "두레신용(가상)")
    with cast.live.database():
        challenge = the_challenge()
        company = factories.make_organization(
            name=Bilingual("두레신용(가상)", "Dure Credit (fictional)"), business_number="9999902022"
        )
        by: dict[str, Any] = {"actor": factories.make_user("이두레", member_of=company), "now": cast.live.clock()}
        application = applications.start_application(challenge.themes[0], company, **by)
        draft = applications.DraftInput(
            contact_phone="02-555-0202", answers={next(challenge.form.questions()).code: "현금흐름 점수"}
        )
        applications.save_draft(application, draft, version=application.version, **by)
        for requirement in documents_of(challenge.form)[:2]:
            applications.attach_document(
                application, requirement, stream=BytesIO(pdf), filename="서류.pdf", storage=cast.live.app.extensions["storage"],
                issued_on=date(2022, 8, 30) if requirement.max_age_days else None, **by,
            )  # fmt: skip
        applications.set_consents(application, {c.code: True for c in consents_of(challenge.form)}, language="ko", **by)
        keys = [c.key for c in confirmations_asked(application.challenge)]
        applications.submit_application(application, confirmed=keys, **by)


def the_challenge() -> Challenge:
    return db.session.scalars(sa.select(Challenge).where(Challenge.slug == SLUG)).one()


def check_eligibility(cast: Cast, managed: str) -> None:
    page = cast.organizer.page
    for company in TOTALS:
        cast.organizer.visit(f"{managed}/applications")
        page.get_by_role("link", name=company).first.click()
        page.get_by_label("적격", exact=True).check()
        press(page, "결과 기록")
        said(page, "결과를 기록하고 신청자에게 메일로 알렸습니다.")
    cast.work()
    assert "적격" in newest_mail(cast.startup, "gaon@example.org")


def invite_the_chair(cast: Cast, managed: str) -> None:
    """The organizer invites; the judge makes an account, pledges, and declares no conflict."""
    page = cast.organizer.visit(f"{managed}/judges")
    put(page, {"name": "나심사", "email": "judge1@example.org", "affiliation": "대학교(가상)", "is_chair": True})
    press(page, "초대하기")
    cast.work()
    desk = cast.judge.page
    invitation = link_in(newest_mail(cast.judge, "judge1@example.org"), "judging/invitations")
    with cast.live.database():
        user = factories.make_user("나심사", email="judge1@example.org")
    sign_in(cast.judge, user)
    desk.goto(invitation)
    desk.locator("[name=pledge]").check()
    press(desk, "수락")
    desk.locator("[name=confirm]").check()
    press(desk, "신고하기")
    said(desk, "신고를 기록")


def other_judges_accept(cast: Cast) -> None:
    with cast.live.database():
        challenge = the_challenge()
        organizer = db.session.scalars(sa.select(User).where(User.name == "한서윤")).one()
        now = cast.live.clock()
        for i in range(2, 6):
            user = factories.make_user(f"위원{i}", email=f"judge{i}@example.org")
            judge, _token = judging.invite_judge(challenge, name=user.name, email=user.email, actor=organizer, now=now)
            judging.accept_invitation(judge, actor=user, now=now)
            judging.declare_conflicts(judge, {}, actor=user, now=now)


def assign(cast: Cast, managed: str) -> None:
    page = cast.organizer.visit(f"{managed}/assignment")
    press(page, "평가 시작")
    said(page, "평가를 시작")
    other_judges_accept(cast)
    cast.organizer.visit(f"{managed}/assignment")
    press(page, "고른 배정안 만들기")
    press(page, "이대로 배정")
    said(page, "10건 배정")


def parts_of(total: int) -> list[Decimal]:
    """A total spread over the five criteria, in whole points."""
    points = [c["points"] for c in SAMPLE["challenge"]["rubric"]]
    parts = [(Decimal(total) * p / 100).to_integral_value() for p in points[:-1]]
    return [*parts, total - sum(parts)]


def score(cast: Cast) -> None:
    """The chair scores both entries on the page, the others through the services."""
    page = cast.judge.visit("/judging")
    page.locator("main a").first.click()
    page.get_by_role("link", name="가온셈랩(가상)").first.click()
    for company in TOTALS:
        expect(page.locator("main")).to_contain_text(company)
        for field, part in zip(page.locator("[name^='score-']").all(), parts_of(TOTALS[company][0]), strict=True):
            field.fill(str(part))
        page.locator("[name=comment]").fill("문제 정의가 또렷합니다.")
        expect(page.locator("output").last).to_have_text(str(TOTALS[company][0]))
        expect(page.locator(".save-state").first).to_contain_text("저장됨")
        page.locator(".sign-box summary").click()
        page.get_by_label("비밀번호").fill(factories.PASSWORD)
        page.get_by_role("button", name="서명하고 잠그기").click()
        said(page, f"{company} 평가표에 서명")
    with cast.live.database():
        for sheet in db.session.scalars(sa.select(ScoreSheet).where(ScoreSheet.state == SheetState.OPEN)):
            number = int(sheet.judge.email[5])
            total = TOTALS[sheet.application.startup.name.ko][number - 1]
            scores = dict(zip([c.code for c in sheet.round.criteria], parts_of(total), strict=True))
            by: dict[str, Any] = {"actor": sheet.judge.user, "now": cast.live.clock()}
            judging.save_sheet(sheet, scores=scores, comments={}, comment=f"의견 {number}", **by)
            judging.sign_sheet(sheet, **by)


def decide_and_publish(cast: Cast, managed: str) -> None:
    page = cast.organizer.visit(f"{managed}/ranking")
    for row, company in enumerate(
        ("두레신용(가상)", "가온셈랩(가상)")
    ):  # 25.00 against 24.67 in the heaviest criterion
        expect(page.locator("tr", has=page.get_by_text(company)).nth(0)).to_contain_text(["83.67", "83.67"][row])
    expect(page.locator("main")).to_contain_text("동점 1위")
    cast.at("2022-10-14T19:00")
    cast.organizer.visit(f"{managed}/decision")
    press(page, "순위대로 채우기")
    confirm(page, "결정 확정")
    said(page, "결정을 확정했습니다.")
    cast.visitor.visit(f"/challenges/{SLUG}/results")  # nothing is out
    expect(cast.visitor.page.locator("h1")).to_contain_text("없")
    cast.at("2022-10-28T10:00")
    cast.organizer.visit(f"{managed}/results")
    expect(page.locator("main")).to_contain_text("아직 외부에 공개되지 않았습니다")
    confirm(page, "결과 발표")
    said(page, "결과를 발표")
    cast.work()


def read_own_result(cast: Cast, application: str) -> None:
    assert "최우수상" in newest_mail(cast.startup, "gaon@example.org")
    page = cast.startup.visit(f"{application}/result")
    words = page.locator("main").inner_text()
    assert "83.67" in words
    assert "최우수상 · 15,000,000원" in words
    assert "문제 정의가 또렷합니다." in words
    assert "나심사" not in words
    assert "두레신용" not in words


def receive_the_certificate(cast: Cast, managed: str, application: str, folder: Path) -> Path:
    page = cast.organizer.visit(f"{managed}/certificates")
    press(page, "상장 발급")
    cast.work()
    own = cast.startup.visit(application)
    with own.expect_download() as download:
        own.locator("main a[href^='/certificates/']").first.click()
    assert download.value.suggested_filename == "상장_최우수상_가온셈랩(가상)_2022-0003.pdf"
    path = folder / "certificate.pdf"
    download.value.save_as(path)
    return path


def words_of(pdf: Path) -> str:
    return " ".join(PdfReader(pdf).pages[0].extract_text().split())


def test_a_challenge_runs_from_the_call_to_the_certificate(cast: Cast, tmp_path: Path) -> None:
    managed = draft_and_publish_the_call(cast)
    application = apply(cast)
    second_startup_applies(cast)

    cast.at("2022-09-23T17:00:01")
    cast.startup.visit(f"{application}/edit")  # closed: there is only the status left
    expect(cast.startup.page.locator("main")).to_contain_text("접수가 2022. 9. 23.(금) 17:00에 마감되었습니다.")
    cast.at("2022-09-26T09:00")
    check_eligibility(cast, managed)
    shared = cast.sponsor.visit("/sponsor")
    shared.get_by_role("link", name=TITLE["ko"]).first.click()
    cast.sponsor.visit(shared.url.removeprefix(cast.live.url) + "/applications")
    expect(shared.locator("main")).to_contain_text("가온셈랩(가상)")

    invite_the_chair(cast, managed)
    cast.at("2022-09-30T09:00")
    assign(cast, managed)
    cast.at("2022-10-12T11:00")
    score(cast)
    decide_and_publish(cast, managed)

    public = cast.visitor.visit(f"/challenges/{SLUG}/results")
    for words in ("대상", "두레신용(가상)", "최우수상", "가온셈랩(가상)", "신한금융지주"):
        expect(public.locator("main")).to_contain_text(words)
    read_own_result(cast, application)

    pdf = receive_the_certificate(cast, managed, application, tmp_path)
    words = words_of(pdf)
    for part in (
        "제 2022-0003 호",
        "상장",
        "최우수상",
        "가온셈랩(가상)",
        "신한금융지주",
        "소상공인 대안신용평가",
        "2022년 10월 28일",
    ):
        assert part in words, words
    verify(cast, pdf, words)

    with cast.live.database():
        verdict = trail.verify()
    assert verdict.broken is None
    assert verdict.length > 60


def verify(cast: Cast, pdf: Path, words: str) -> None:
    """By the printed code, by the file, and not by a file that differs in its last byte."""
    page = cast.visitor.visit("/verify")
    code = re.search(r"/v/([0-9A-Z-]{19})", words, re.IGNORECASE)
    assert code, words
    put(page, {"code": code.group(1)})
    press(page, "확인")
    for part in ("가온셈랩(가상)", "최우수상", "신한금융지주", "제 2022-0003 호"):
        expect(page.locator("main")).to_contain_text(part)
    cast.visitor.visit("/verify")
    page.locator("[name=pdf]").set_input_files(pdf)
    press(page, "확인")
    expect(page.locator("main")).to_contain_text("가온셈랩(가상)")
    changed = pdf.with_name("changed.pdf")
    changed.write_bytes(pdf.read_bytes() + b"\n")
    cast.visitor.visit("/verify")
    page.locator("[name=pdf]").set_input_files(changed)
    press(page, "확인")
    expect(page.locator("main")).not_to_contain_text("가온셈랩(가상)")


def test_a_winner_reads_it_all_in_english(live: Live, enter: Callable[..., Person], tmp_path: Path) -> None:
    live.clock.time = seoul("2022-10-31T09:00")
    with live.database():
        load_sample(
            Stage.PUBLISHED,
            as_published=True,
            known_password=True,
            storage=live.app.extensions["storage"],
            now=live.clock(),
        )
    live.run_jobs()
    person = enter(language="en", width=PHONE)
    page = person.visit("/")
    page.get_by_role("link", name=re.compile("Fintech Open Innovation")).first.click()
    expect(page.locator("h1")).to_contain_text("Seoul Fintech Open Innovation Challenge")
    for words in ("Shinhan Financial Group", "Grand prize", "Marubot (fictional)", "Fit to the theme"):
        expect(page.locator("main")).to_contain_text(words)
    assert_no_sideways_scroll(page)
    person.visit("/sign-in?next=/applications")
    put(page, {"email": "marubot@example.org", "password": DEMO_PASSWORD})
    press(page, "Sign in")
    page.get_by_role("link", name=re.compile("Fintech Open Innovation|Marubot")).first.click()
    page.get_by_role("link", name="Read your result").click()
    for words in ("Selected", "Grand prize · KRW 30,000,000", "84.00", "Fit to the theme"):
        expect(page.locator("main")).to_contain_text(words)
    assert_no_sideways_scroll(page)
    page.go_back()
    with page.expect_download() as download:
        page.locator("main li, main tr, main dd, main p").filter(has_text="No. 2022-").locator(
            "a[href^='/certificates/']"
        ).last.click()
    download.value.save_as(tmp_path / "certificate.pdf")
    words = words_of(tmp_path / "certificate.pdf")
    for part in (
        "Certificate of Award",
        "Marubot (fictional)",
        "Grand prize",
        "Shinhan Financial Group",
        "28 October 2022",
    ):
        assert part in words, words
