"""The judge's desk: writing, saving by itself, two tabs, signing once, and what locks."""

import re
from decimal import ROUND_HALF_UP, Decimal

import pytest
import sqlalchemy as sa

from app.challenges.states import ChallengeState, Scale
from app.core.audit.models import AuditEvent
from app.core.bilingual import Bilingual
from app.core.database import db
from app.judging.models import ScoreSheet, SignedSheetCopy
from app.judging.states import SheetState
from app.mail.models import Mail
from tests import factories
from tests.judging.access_table import SCORES
from tests.judging.scene import make_room, make_sheet, split

FULL = {f"score-{code}": score for code, score in SCORES.items()} | {"password": factories.PASSWORD}


@pytest.fixture
def room():
    made = make_room(entries=2)
    for entry in made.entries:
        make_sheet(made.judges[0], entry)
    db.session.commit()
    return made


def sheet_of(room, entry=0) -> ScoreSheet:
    db.session.rollback()
    return db.session.scalar(sa.select(ScoreSheet).where(ScoreSheet.application_id == room.entries[entry].id))


def post(browser, sheet, verb="", **data):
    data = {"version": sheet.version, **data}
    return browser.post(f"/judging/sheets/{sheet.id}{verb}", data=data)


def test_the_application_stands_beside_an_empty_rubric(browse_as, room):
    document = factories.make_document(room.entries[0])
    hidden = factories.make_document(room.entries[0], place=1, filename="사업자등록증.pdf")
    db.session.commit()
    sheet = sheet_of(room)
    judge = browse_as(room.person())
    page = judge.get(f"/judging/sheets/{sheet.id}").text
    assert "제안 요약" in page
    assert "요약</p>" in page
    for code, most in (("fit", 30), ("team", 10)):
        field = re.search(rf'<input[^>]*name="score-{code}"[^>]*>', page).group(0)
        assert 'value=""' in field  # never prefilled
        assert f'max="{most}"' in field
    assert not re.search(r'type="radio" name="level-[^>]*checked', page)
    shown = judge.get(f"/judging/sheets/{sheet.id}?v={document.id}").text
    assert f"/files/{document.id}?view=1" in shown
    assert "사업자등록증" not in page
    download = judge.get(f"/judging/sheets/{sheet.id}/files/{document.id}")
    assert download.headers["Content-Disposition"].startswith("attachment")
    preview = judge.get(f"/judging/sheets/{sheet.id}/files/{document.id}?view=1")
    assert preview.headers["Content-Disposition"] == "inline"
    assert "default-src 'none'" in preview.headers["Content-Security-Policy"]
    assert preview.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert judge.get(f"/judging/sheets/{sheet.id}/files/{hidden.id}").status_code == 404


def test_a_draft_is_saved_with_scripts_off(browse_as, room):
    judge = browse_as(room.person())
    response = post(
        judge, sheet_of(room), **{"score-fit": "26.5", "comment-fit": "또렷함", "comment": "좋습니다", "note": "확인"}
    )
    assert response.status_code == 303
    sheet = sheet_of(room)
    assert (sheet.scores, sheet.comments, sheet.comment, sheet.note) == (
        {"fit": "26.5"}, {"fit": "또렷함"}, "좋습니다", "확인",
    )  # fmt: skip
    assert sheet.total == Decimal("26.5")
    assert sheet.version == 2
    page = judge.get(response.location).text
    assert 'value="26.5"' in page
    assert "기술 혁신성 외 3개 항목의 점수를 입력하면 서명할 수 있습니다." in page


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("0", "0"),
        ("30", "30"),
        ("26.5", "26.5"),
        ("26,5", "26.5"),
        ("２６", "26"),
        ("26.", "26"),
        (" 7 ", "7"),
        ("7.50", "7.5"),
    ],
)
def test_scores_are_taken_as_people_type_them(browse_as, room, text, kept):
    assert post(browse_as(room.person()), sheet_of(room), **{"score-fit": text}).status_code == 303
    assert sheet_of(room).scores == {"fit": kept}


@pytest.mark.parametrize("text", ["31", "-1", "26.3", "abc", "1e1", "NaN", "Infinity", "9" * 50, "<b>", "1 2"])
def test_what_is_no_score_is_said_beside_the_field_and_nothing_is_lost(browse_as, room, text):
    response = post(browse_as(room.person()), sheet_of(room), **{"score-fit": text, "comment": "잃지 않을 말"})
    assert response.status_code == 422
    assert "과제 적합성: 0부터 30까지 0.5점 단위의 숫자" in response.text
    assert "잃지 않을 말" in response.text
    assert "<b>" not in response.text.split("score-fit-error")[1][:200]
    assert sheet_of(room).scores == {}


def test_texts_that_are_too_long_are_named_and_kept(browse_as, room):
    response = post(browse_as(room.person()), sheet_of(room), comment="가" * 2001)
    assert response.status_code == 422
    assert "2,000자까지 쓸 수 있으며, 지금 2,001자입니다." in response.text
    assert "가" * 2001 in response.text
    response = post(browse_as(room.person()), sheet_of(room), **{"comment-team": "나" * 1001})
    assert response.status_code == 422
    assert "1,000자까지" in response.text


def test_it_saves_by_itself_and_says_when(browse_as, room, clock):
    judge = browse_as(room.person())
    clock.advance(seconds=5)
    response = post(judge, sheet_of(room), "/autosave", **{"score-fit": "20"})
    assert response.status_code == 200
    assert 'id="saved"' in response.text
    assert "14:12:05" in response.text
    assert 'id="version" value="2" hx-swap-oob="true"' in response.text
    assert sheet_of(room).scores == {"fit": "20"}
    wrong = post(judge, sheet_of(room), "/autosave", **{"score-fit": "99"})
    assert wrong.status_code == 422
    assert "저장하지 못했습니다" in wrong.text
    assert sheet_of(room).scores == {"fit": "20"}


def test_saving_the_same_again_changes_nothing(browse_as, room):
    judge = browse_as(room.person())
    for _ in range(2):
        assert post(judge, sheet_of(room), "/autosave", **{"score-fit": "20"}).status_code == 200
    assert sheet_of(room).version == 2
    assert db.session.scalar(sa.select(sa.func.count()).where(AuditEvent.action == "judging.save_sheet")) == 1


def test_a_stale_tab_overwrites_nothing_and_is_shown_both(browse_as, room):
    judge = browse_as(room.person())
    old = sheet_of(room)
    version = old.version
    assert post(judge, old, "/autosave", **{"score-fit": "20"}).status_code == 200
    sheet = sheet_of(room)
    stale = judge.post(f"/judging/sheets/{sheet.id}/autosave", data={"version": version, "score-fit": "25"})
    assert stale.status_code == 422
    assert "덮어쓴 것은 없습니다" in stale.text
    shown = judge.post(f"/judging/sheets/{sheet.id}", data={"version": version, "score-fit": "25", "note": "나의 말"})
    assert shown.status_code == 409
    for text in ("20", "25", "나의 말", "여기에 쓴 내용으로 저장"):
        assert text in shown.text
    assert sheet_of(room).scores == {"fit": "20"}
    kept = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', shown.text))
    kept.pop("csrf_token", None)
    assert judge.post(f"/judging/sheets/{sheet.id}", data=kept).status_code == 303
    assert sheet_of(room).scores == {"fit": "25"}
    assert sheet_of(room).note == "나의 말"


def test_signing_locks_goes_on_and_happens_once(browse_as, room):
    judge = browse_as(room.person())
    sheet = sheet_of(room)
    other = sheet_of(room, 1)
    response = post(judge, sheet_of(room), "/sign", **FULL)
    assert response.location == f"/judging/sheets/{other.id}"
    assert "1건 남았습니다" in judge.get(response.location).text
    sheet = sheet_of(room)
    assert (sheet.state, sheet.total) == (SheetState.SIGNED, Decimal("84.5"))
    assert sheet.rules_version_id is not None
    again = judge.post(f"/judging/sheets/{sheet.id}/sign", data={"version": 1, **FULL})  # a second click
    assert again.status_code == 303
    assert db.session.scalar(sa.select(sa.func.count()).where(AuditEvent.action == "judging.sign_sheet")) == 1
    page = judge.get(f"/judging/sheets/{sheet.id}").text
    assert "서명하여 잠겼습니다" in page
    assert "score-fit" not in page
    locked = judge.post(f"/judging/sheets/{sheet.id}", data={"version": 3, **FULL, "score-fit": "1", "note": "늦은 말"})
    assert locked.status_code == 409
    assert "서명하여 잠긴 평가표입니다" in locked.text
    assert "늦은 말" in locked.text
    assert sheet_of(room).scores == SCORES
    last = post(judge, sheet_of(room, 1), "/sign", **FULL)
    assert last.location == f"/judging/{room.challenge.id}"
    assert "모든 서명을 마쳤습니다" in judge.get(last.location).text


def test_an_incomplete_sheet_is_kept_but_not_signed(browse_as, room):
    response = post(browse_as(room.person()), sheet_of(room), "/sign", **{"score-fit": "20"})
    assert response.status_code == 422
    assert "기술 혁신성 외 3개 항목" in response.text
    sheet = sheet_of(room)
    assert sheet.state is SheetState.OPEN
    assert sheet.scores == {"fit": "20"}


def test_a_sheet_is_nobody_elses(browse_as, room):
    other = make_room()
    sheet = sheet_of(room)
    db.session.commit()
    for person in (other.person(), room.organizer):
        assert browse_as(person).get(f"/judging/sheets/{sheet.id}").status_code == 404
        assert post(browse_as(person), sheet, "/sign", **FULL).status_code == 404


@pytest.mark.parametrize("state", [ChallengeState.DECIDED, ChallengeState.RESULTS_OUT])
def test_after_the_decision_it_can_only_be_read(browse_as, room, state):
    room.challenge.state = state
    db.session.commit()
    judge = browse_as(room.person())
    page = judge.get(f"/judging/sheets/{sheet_of(room).id}")
    assert page.status_code == 200
    assert "결정이 끝나" in page.text
    assert post(judge, sheet_of(room), **FULL).status_code == 409


def test_a_cancelled_challenge_is_no_longer_read(browse_as, room):
    room.challenge.state = ChallengeState.CANCELLED
    db.session.commit()
    assert browse_as(room.person()).get(f"/judging/sheets/{sheet_of(room).id}").status_code == 404


def test_an_entry_taken_back_or_found_ineligible_leaves_the_desk(browse_as, room):
    sheet_of(room).state = SheetState.WITHDRAWN
    db.session.commit()
    assert browse_as(room.person()).get(f"/judging/sheets/{sheet_of(room).id}").status_code == 404
    room.entries[1].state = "ineligible"
    db.session.commit()
    assert browse_as(room.person()).get(f"/judging/sheets/{sheet_of(room, 1).id}").status_code == 404


def test_the_organizer_reopens_with_a_reason_and_both_versions_stay(browse_as, room):
    judge, organizer = browse_as(room.person()), browse_as(room.organizer)
    post(judge, sheet_of(room), "/sign", **FULL)
    sheet = sheet_of(room)
    url = f"/manage/{room.challenge.id}/sheets/{sheet.id}"
    assert "84.5" in organizer.get(url).text
    assert organizer.post(f"{url}/reopen", data={"reason": ""}).status_code == 422
    assert organizer.post(f"{url}/reopen", data={"reason": "가" * 501}).status_code == 422
    assert organizer.post(f"{url}/reopen", data={"reason": "사업성 점수를 잘못 적음"}).status_code == 303
    again = organizer.post(f"{url}/reopen", data={"reason": "두 번째"})
    assert again.status_code == 422
    assert "서명하지 않은 평가표라" in again.text
    sheet = sheet_of(room)
    assert (sheet.state, sheet.signed_at) == (SheetState.OPEN, None)
    assert db.session.scalar(sa.select(sa.func.count(SignedSheetCopy.id))) == 1
    mail = db.session.scalar(sa.select(Mail).where(Mail.template == "judging/sheet_reopened"))
    assert "사업성 점수를 잘못 적음" in mail.text
    post(judge, sheet_of(room), "/sign", **{**FULL, "score-business": "14"})
    page = organizer.get(url).text
    assert "86.5" in page
    assert "84.5" in page
    assert "사업성 점수를 잘못 적음" in page


def test_what_split_makes_adds_up():
    assert sum(map(Decimal, split("83.5").values())) == Decimal("83.5")


def test_each_scale_is_written_checked_and_signed_by_its_own_rule(browse_as, room):
    anchors = {"1": {"ko": "없음", "en": "none"}, "5": {"ko": "<매우 뛰어남>", "en": "outstanding"}}
    ours = {"fit": {"scale": Scale.FIVE, "anchors": anchors, "half_points": False}, "team": {"optional": True}}
    ours |= {"technology": {"scale": Scale.HUNDRED, "comment_below": Decimal(60)}}
    ours |= {"business": {"scale": Scale.GATE, "points": Decimal(0), "group": Bilingual("필수 요건", "Gates")}}
    for criterion in room.round.criteria:
        for name, value in ours.get(criterion.code, {}).items():
            setattr(criterion, name, value)
    db.session.commit()
    judge, sheet = browse_as(room.person()), sheet_of(room)
    page = judge.get(f"/judging/sheets/{sheet.id}").text
    assert "&lt;매우 뛰어남&gt;" in page
    assert re.search(r"<h3[^>]*>필수 요건</h3>", page)
    assert re.search(r'type="radio" name="score-business" value="0"\s*>', page)
    refused = post(judge, sheet, **{"score-fit": "4.5", "score-technology": "101", "score-business": "2"})
    assert refused.status_code == 422
    assert "과제 적합성: 1부터 5까지의 정수를 입력해 주십시오." in refused.text
    marks = {"score-fit": "4", "score-technology": "50", "score-feasibility": "20", "score-business": "0"}
    assert post(judge, sheet, **marks).status_code == 303
    # 24 of 30, 12.5 of 25 and 20 of 20 stand for the whole, which is 85 points with the optional ten
    sheet = sheet_of(room)
    assert sheet.total == (Decimal("56.5") * 85 / 75).quantize(Decimal("0.01"), ROUND_HALF_UP)
    marks["password"] = factories.PASSWORD
    assert "50점은 60점 미만이므로" in post(judge, sheet, "/sign", **marks).text
    commented = post(judge, sheet_of(room), "/sign", **marks, **{"comment-technology": "근거 부족"})
    assert (commented.status_code, sheet_of(room).state) == (303, SheetState.SIGNED)
