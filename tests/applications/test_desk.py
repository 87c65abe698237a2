"""The desk: what is found, who has which case, tags, notes and views, duplicates, and the pages that show them."""

import unicodedata
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.applications import queries, services
from app.applications.desk.models import LikenessKind, ScreeningCase, ScreeningNote, TagTone
from app.applications.models import CheckOutcome
from app.applications.queries import NOBODY, LastCheck, ReceivedFilter
from app.applications.states import ApplicationState
from app.challenges.models import ChallengeRole, ChallengeStaff
from app.challenges.states import ChallengeState
from app.core.bilingual import Bilingual
from app.core.database import db
from app.core.errors import RuleBroken
from tests import factories
from tests.applications.scenes import AFTER

PROSE = (
    "소상공인의 결제 자료와 세금계산서로 현금흐름을 예측하고 대출 심사에 쓸 점수를 만듭니다. 기존 신용평가는 재무제표가 없는 "
    "사업자를 보지 못합니다. 우리는 카드 매출과 부가세 신고를 합쳐 석 달 앞의 잔고를 봅니다."
)
OTHER = "전력망의 부하를 위성 영상으로 예측하여 태양광 발전소의 정비 순서를 정하고 현장 점검을 줄이며 고장을 먼저 찾아냅니다."


@pytest.fixture
def desk(app):
    """A closed call with three applications, all read into their cases."""
    challenge = factories.make_challenge(state=ChallengeState.CLOSED)
    organizer = factories.make_user("이운영", member_of=challenge.host)
    entries = []
    for ko, en, number, answer in (
        ("두레신용", "Dure Credit", "9999902022", PROSE),
        ("주식회사 두레 신용", "Dure Credit Inc.", "1234567891", PROSE + " 작년에 두 은행과 시험했습니다."),
        ("한강전력 100%", "Hangang Power", "2222222227", OTHER),
    ):
        startup = factories.make_organization(name=Bilingual(ko, en), business_number=number)
        entries.append(
            factories.make_application(
                challenge, startup=startup, state=ApplicationState.SUBMITTED, answers={"summary": answer},
                contact_name="김하나" if ko == "두레신용" else "나두리", contact_email=f"{number}@example.org",
            )
        )  # fmt: skip
    db.session.commit()
    assert services.index_due(now=AFTER) == 3
    db.session.commit()
    return Desk(challenge, organizer, entries)


class Desk:
    def __init__(self, challenge, organizer, entries):
        self.challenge, self.organizer, self.entries = challenge, organizer, entries
        self.by = {"actor": organizer, "now": AFTER}
        self.ids = [entry.id for entry in entries]

    def found(self, **asked):
        rows, total = queries.list_received_for(self.challenge, ReceivedFilter(at=AFTER, **asked), offset=0, limit=50)
        assert total == len(rows)
        return [self.ids.index(row.id) for row in rows]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("두레", [0, 1]), ("레신", [0]), ("DURE", [0, 1]), ("ure cred", [0, 1]), ("현금흐름", [0, 1]), ("금흐", [0, 1]), ("위성 전력", [2]),
        ("김하나", [0]), ("9999902022@", [0]), ("100%", [2]), ("%", [2]), ("_", []), ("\\", []), ("'", []), ("없는말", []),
        (unicodedata.normalize("NFD", "두레"), [0, 1]), ("두레 위성", []), ("  ", [0, 1, 2]), ("홍길동", [0, 1, 2]),
    ],
)  # fmt: skip
def test_search_in_parts_of_words(desk, search, found):
    assert desk.found(search=search) == found


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=30))
def test_whatever_is_searched_for_is_no_fault(desk, search):
    assert set(desk.found(search=search.replace("\x00", ""))) <= {0, 1, 2}


def test_every_part_of_an_answer_is_found(desk):
    packed = PROSE.split()
    for word in packed[:10]:
        assert 0 in desk.found(search=word[1:] or word)


def test_filters_by_case_check_tag_and_likeness(desk):
    services.assign_cases(desk.challenge, desk.ids[:1], desk.organizer, **desk.by)
    services.tag_applications(desk.challenge, desk.ids[1:], "확인 필요", tone=TagTone.WARN, **desk.by)
    services.check_eligibility(desk.entries[2], CheckOutcome.INELIGIBLE, reason="서울 밖입니다.", **desk.by)
    tag = queries.list_tags(desk.challenge.id)[0]
    assert (tag.name, tag.tone, tag.count) == ("확인 필요", "warn", 2)
    assert desk.found(assignee=desk.organizer.id) == [0]
    assert desk.found(assignee=NOBODY) == [1, 2]
    assert desk.found(tag_id=tag.id) == [1, 2]
    assert desk.found(check=LastCheck.NONE) == [0, 1]
    assert desk.found(check=LastCheck.INELIGIBLE) == [2]
    assert desk.found(check=LastCheck.ELIGIBLE) == []
    assert desk.found(alike=True) == [0, 1]
    assert desk.found(alike=True, assignee=NOBODY, search="두레") == [1]
    assert desk.found(lacking=True) == [0, 1, 2]  # the factory's applications hold no documents


@pytest.mark.parametrize("sort", ["receipt", "company", "theme", "submitted", "state", "assignee"])
def test_every_order_goes_both_ways(desk, sort):
    for position, entry in enumerate(desk.entries):
        entry.submitted_at = AFTER + timedelta(hours=position)
    there, back = desk.found(sort=sort), desk.found(sort=f"-{sort}")
    assert sorted(there) == sorted(back) == [0, 1, 2]
    if sort in ("receipt", "company", "submitted"):
        assert there == back[::-1]


def test_place_in_the_filtered_list(desk):
    place = queries.place_in_list(desk.challenge, ReceivedFilter(at=AFTER, search="두레"), desk.ids[1])
    assert (place.number, place.total, place.before, place.after) == (2, 2, desk.ids[0], None)
    assert queries.place_in_list(desk.challenge, ReceivedFilter(at=AFTER, search="두레"), desk.ids[2]) is None


def test_duplicates_by_name_and_text(desk):
    found = queries.list_like(desk.challenge, desk.entries[0], AFTER)
    assert [like.id for like in found] == [desk.ids[1]]
    ways = dict(found[0].ways)
    assert ways[LikenessKind.NAME] == 100
    assert 80 <= ways[LikenessKind.TEXT] < 100
    assert queries.list_like(desk.challenge, desk.entries[2], AFTER) == []


def test_one_number_in_two_themes_is_a_duplicate_and_a_withdrawn_one_is_none(desk):
    again = factories.make_application(
        desk.challenge,
        startup=desk.entries[2].startup,
        theme=1,
        state=ApplicationState.SUBMITTED,
        answers={"summary": "다른 과제"},
    )
    assert services.index_due(now=AFTER) == 1
    (like,) = queries.list_like(desk.challenge, desk.entries[2], AFTER)
    assert (like.id, like.ways) == (again.id, ((LikenessKind.NUMBER, 100),))
    again.state, again.submitted_at = ApplicationState.WITHDRAWN, None
    db.session.flush()
    assert queries.list_like(desk.challenge, desk.entries[2], AFTER) == []
    assert desk.found(alike=True) == [0, 1]


def test_a_new_submission_is_read_anew_and_nothing_twice(desk):
    assert services.index_due(now=AFTER) == 0
    entry = desk.entries[0]
    entry.answers = {"summary": OTHER}
    db.session.query(type(entry.submissions[0])).filter_by(application_id=entry.id).delete()
    db.session.expire(entry, ["submissions"])
    factories.make_submission(entry)
    entry.submitted_at += timedelta(hours=1)
    services.assign_cases(desk.challenge, [entry.id], desk.organizer, **desk.by)
    assert services.index_due(now=AFTER) == 1
    assert desk.found(search="현금흐름") == [1]
    case = db.session.get(ScreeningCase, entry.id)
    assert case.assignee_id == desk.organizer.id
    assert {like.id for like in queries.list_like(desk.challenge, entry, AFTER)} == {desk.ids[1], desk.ids[2]}


def test_content_of_what_was_withdrawn_is_not_found(desk):
    desk.entries[2].state, desk.entries[2].submitted_at = ApplicationState.WITHDRAWN, None
    db.session.flush()
    assert desk.found(search="위성") == []
    assert desk.found(search="한강") == [2]


@pytest.mark.parametrize("people", [1, 2, 3])
def test_cases_are_given_out_evenly(desk, people):
    for _ in range(4):
        factories.make_application(desk.challenge, state=ApplicationState.SUBMITTED)
    staff = [desk.organizer] + [
        factories.make_user(f"박운영{i}", member_of=desk.challenge.host) for i in range(people - 1)
    ]
    services.assign_cases(desk.challenge, desk.ids[:1], desk.organizer, **desk.by)
    assert services.assign_evenly(desk.challenge, staff, **desk.by) == 6
    loads = [db.session.query(ScreeningCase).filter_by(assignee_id=person.id).count() for person in staff]
    assert sum(loads) == 7
    assert max(loads) - min(loads) <= 1
    assert services.assign_evenly(desk.challenge, staff, **desk.by) == 0


def test_cases_go_to_staff_only_and_only_of_this_challenge(desk):
    stranger = factories.make_user()
    with pytest.raises(RuleBroken, match="담당자에게만"):
        services.assign_cases(desk.challenge, desk.ids, stranger, **desk.by)
    elsewhere = factories.make_application(factories.make_challenge())
    assert services.assign_cases(desk.challenge, [elsewhere.id], desk.organizer, **desk.by) == 0
    assert services.tag_applications(desk.challenge, [elsewhere.id], "확인", **desk.by) == 0
    observer = factories.make_user()
    db.session.add(ChallengeStaff(challenge_id=desk.challenge.id, user_id=observer.id, role=ChallengeRole.OBSERVER))
    db.session.flush()
    db.session.refresh(desk.challenge, ["staff"])
    for act in (
        lambda: services.assign_cases(desk.challenge, desk.ids, None, actor=observer, now=AFTER),
        lambda: services.tag_applications(desk.challenge, desk.ids, "확인", actor=observer, now=AFTER),
        lambda: services.write_note(desk.entries[0], "메모", actor=observer, now=AFTER),
    ):
        with pytest.raises(RuleBroken, match="운영기관"):
            act()


@pytest.mark.parametrize(("name", "refusal"), [("", "이름"), (" \n ", "이름"), ("가" * 31, "30자")])
def test_a_tag_needs_a_short_name(desk, name, refusal):
    with pytest.raises(RuleBroken, match=refusal):
        services.tag_applications(desk.challenge, desk.ids, name, **desk.by)


def test_tags_come_and_go(desk):
    assert services.tag_applications(desk.challenge, desk.ids, " 확인  필요 ", **desk.by) == 3
    assert services.tag_applications(desk.challenge, desk.ids, "확인 필요", **desk.by) == 0
    assert queries.tags_of(desk.ids)[desk.ids[0]] == [("확인 필요", "")]
    assert services.untag_applications(desk.challenge, desk.ids, "확인 필요", **desk.by) == 3
    assert queries.list_tags(desk.challenge.id) == []
    assert services.untag_applications(desk.challenge, desk.ids, "확인 필요", **desk.by) == 0


def test_only_its_author_changes_a_note(desk):
    note = services.write_note(desk.entries[0], "주소를 \x00 확인할 것", **desk.by)
    assert note.text == "주소를  확인할 것"
    colleague = factories.make_user("최운영", member_of=desk.challenge.host)
    with pytest.raises(RuleBroken, match="쓴 사람만"):
        services.edit_note(note, desk.entries[0], "다른 글", actor=colleague, now=AFTER)
    services.edit_note(note, desk.entries[0], "확인함", **desk.by)
    assert (note.text, note.edited_at) == ("확인함", AFTER)
    for text in ("", "가" * 4001):
        with pytest.raises(RuleBroken):
            services.write_note(desk.entries[0], text, **desk.by)
    services.edit_note(note, desk.entries[0], " ", **desk.by)
    assert db.session.query(ScreeningNote).count() == 0


def test_views_are_ones_own_unless_shared(desk):
    colleague = factories.make_user("최운영", member_of=desk.challenge.host)
    services.save_view(desk.challenge, "내 담당", "assignee=me", shared=False, **desk.by)
    services.save_view(desk.challenge, "중복", "alike=1", shared=True, **desk.by)
    services.save_view(desk.challenge, "중복", "alike=1&sort=company", shared=True, **desk.by)
    assert [v.name for v in queries.list_views_for(desk.organizer, desk.challenge.id)] == ["내 담당", "중복"]
    (shared,) = queries.list_views_for(colleague, desk.challenge.id)
    assert shared.query == "alike=1&sort=company"
    with pytest.raises(RuleBroken, match="저장한 사람만"):
        services.remove_view(shared, actor=colleague, now=AFTER)


@pytest.mark.parametrize("count", [1, 3])
def test_reading_three_submissions_takes_no_more_statements_than_one(app, statements, count):
    challenge = factories.make_challenge(state=ChallengeState.CLOSED)
    for number in range(count):
        startup = factories.make_organization(
            name=Bilingual(f"{'가나다'[number]}라마바사", ""), business_number=f"{number:010d}"
        )
        words = "".join(chr(ord("가") + 97 * number + i) for i in range(60))
        factories.make_application(
            challenge, startup=startup, state=ApplicationState.SUBMITTED, answers={"summary": words}
        )
    db.session.commit()
    db.session.expire_all()
    statements.statements.clear()
    assert services.index_due(now=AFTER) == count
    assert len(statements) == INDEXING


INDEXING = (
    8  # what is due, the submissions, the call, its form, the cases; then what stands, what is there, insert, delete
)


@pytest.mark.parametrize("count", [1, 3])
def test_one_application_reads_as_much_with_three_notes_as_with_one(desk, browse_as, statements, count):
    for number in range(count):
        services.write_note(desk.entries[0], f"메모 {number}", **desk.by)
        services.tag_applications(desk.challenge, desk.ids, f"태그 {number}", **desk.by)
    db.session.commit()
    browser = browse_as(desk.organizer)
    at = f"/manage/{desk.challenge.id}/applications/{desk.ids[0]}"
    page(browser.get(at))
    statements.statements.clear()
    text = page(browser.get(at))
    assert text.count("메모 ") >= count
    assert len(statements) == RECEIVED_ONE


RECEIVED_ONE = 17


def test_a_choice_is_found_by_its_words(desk):
    entry = desk.entries[0]
    submission = entry.submissions[0]
    option = {"code": "b2b", "label": {"ko": "기업 대상", "en": "Business to business"}}
    answer = {
        "code": "market",
        "kind": "choice",
        "label": {"ko": "시장", "en": "Market"},
        "options": [option],
        "answer": "b2b",
    }
    submission.content = {**submission.content, "answers": [*submission.content["answers"], answer]}
    entry.submitted_at += timedelta(seconds=1)
    db.session.commit()
    services.index_due(now=AFTER)
    assert desk.found(search="기업 대상") == [0]
    assert desk.found(search="business TO") == [0]


# Pages


def page(response) -> str:
    assert response.status_code == 200, response.status_code
    return response.get_data(as_text=True)


def test_the_list_shows_what_the_desk_keeps(desk, browse_as):
    services.tag_applications(desk.challenge, desk.ids[:1], "확인 필요", tone=TagTone.WARN, **desk.by)
    services.assign_cases(desk.challenge, desk.ids[:1], desk.organizer, **desk.by)
    db.session.commit()
    text = page(browse_as(desk.organizer).get(f"/manage/{desk.challenge.id}/applications?assignee=me"))
    assert text.count("<tr data-row>") == 1
    assert "state-warn" in text
    assert "확인 필요" in text
    assert "≈ 비슷한 신청서" in text
    assert "이운영" in text


def test_an_observer_sees_no_acts(desk, browse_as):
    observer = factories.make_user()
    db.session.add(ChallengeStaff(challenge_id=desk.challenge.id, user_id=observer.id, role=ChallengeRole.OBSERVER))
    services.write_note(desk.entries[0], "내부 글", **desk.by)
    db.session.commit()
    browser, at = browse_as(observer), f"/manage/{desk.challenge.id}/applications"
    assert 'name="chosen"' not in page(browser.get(at))
    one = page(browser.get(f"{at}/{desk.ids[0]}"))
    assert "내부 글" in one
    assert 'name="note"' not in one


def test_applicants_never_see_notes_tags_or_likenesses(desk, browse_as):
    services.write_note(desk.entries[0], "내부 글", **desk.by)
    services.tag_applications(desk.challenge, desk.ids, "요주의", **desk.by)
    applicant = factories.make_user(member_of=desk.entries[0].startup)
    db.session.commit()
    text = page(browse_as(applicant).get(f"/applications/{desk.ids[0]}"))
    assert "내부 글" not in text
    assert "요주의" not in text
    assert "비슷" not in text


def test_filters_survive_the_way_to_one_application_and_on(desk, browse_as):
    browser, at = browse_as(desk.organizer), f"/manage/{desk.challenge.id}/applications"
    text = page(browser.get(f"{at}/{desk.ids[0]}?search=두레"))
    assert "목록 2건 중 1번째" in text
    assert f"{at}/{desk.ids[1]}?search=%EB%91%90%EB%A0%88" in text
    assert (
        "목록"
        not in page(browser.get(f"{at}/{desk.ids[2]}?search=두레")).partition("<main")[2].partition("room-head")[0]
    )


def test_two_alike_stand_beside_each_other(desk, browse_as):
    browser, at = browse_as(desk.organizer), f"/manage/{desk.challenge.id}/applications"
    text = page(browser.get(f"{at}/{desk.ids[0]}/like/{desk.ids[1]}"))
    assert "이름이 100% 비슷함" in text
    assert "작년에 두 은행과" in text
    assert browser.get(f"{at}/{desk.ids[0]}/like/{desk.ids[2]}").status_code == 404


def test_marking_from_the_page(desk, browse_as):
    browser, at = browse_as(desk.organizer), f"/manage/{desk.challenge.id}/applications"
    chosen = [str(i) for i in desk.ids[:2]]
    answer = browser.post(f"{at}/mark?search=두레", data={"do": "tag", "tag": "확인", "tone": "bad", "chosen": chosen})
    assert answer.status_code == 303
    assert answer.location.endswith("/applications?search=%EB%91%90%EB%A0%88")
    assert queries.tags_of(desk.ids)[desk.ids[0]] == [("확인", "bad")]
    browser.post(f"{at}/mark?search=두레", data={"do": "assign", "assignee": str(desk.organizer.id), "all": "1"})
    assert desk.found(assignee=desk.organizer.id) == [0, 1]
    nothing = browser.post(f"{at}/mark", data={"do": "tag", "tag": "확인"}, follow_redirects=True)
    assert "신청서를 한 건 이상 고르십시오." in page(nothing)
    for data in ({"do": "nonsense"}, {}):
        assert browser.post(f"{at}/mark", data=data).status_code == 400
    for chosen in (["nonsense"], ["\x00"], [str(desk.challenge.id)]):
        assert browser.post(f"{at}/mark", data={"do": "tag", "tag": "확인", "chosen": chosen}).status_code == 303


def test_a_view_is_kept_in_one_form_whatever_the_address_said(desk, browse_as):
    browser, at = browse_as(desk.organizer), f"/manage/{desk.challenge.id}/applications"
    asked = f"sort=newest&search=++두레++&assignee={desk.organizer.id}&page=3&theme=none&junk=1"
    browser.post(f"{at}/views?{asked}", data={"view": "두레", "shared": "1"})
    (view,) = queries.list_views_for(desk.organizer, desk.challenge.id)
    assert view.query == "assignee=me&search=%EB%91%90%EB%A0%88&sort=-submitted"
    assert 'aria-current="true">두레</a>' in page(browser.get(f"{at}?{view.query}"))


def test_exports_hold_the_filtered_list(desk, browse_as):
    browser, at = browse_as(desk.organizer), f"/manage/{desk.challenge.id}/applications"
    text = browser.post(f"{at}/export.csv?alike=1").get_data(as_text=True)
    assert "두레신용" in text
    assert "한강전력" not in text
