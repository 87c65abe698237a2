"""Several people write one application: who may do what, who is at it, what it said before."""

import re
from datetime import timedelta
from itertools import pairwise

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.models import Membership, MembershipRole
from app.applications import queries as applications
from app.applications import rules, services
from app.applications.services import DraftInput
from app.applications.writing import queries
from app.applications.writing import rules as writing
from app.applications.writing import services as together
from app.applications.writing.fields import draft_fields
from app.applications.writing.history import difference, joined, values_at
from app.applications.writing.models import ApplicationRight, CoWriterInvitation, DraftVersion, EditingPresence
from app.applications.writing.services import keep_versions
from app.applications.writing.states import Right, VersionKind
from app.core.audit.models import AuditEvent
from app.core.database import db
from app.core.errors import RuleBroken
from app.mail.models import Mail
from tests import factories
from tests.applications.scenes import FULL, OPEN, TOO_LATE, fill, make_scene, submit


@pytest.fixture
def scene():
    return make_scene()


def member(scene, name="박둘"):
    return factories.make_user(name, member_of=scene.startup, role=MembershipRole.MEMBER)


def guest(scene, right=Right.EDIT, email="guest@example.org"):
    user = factories.make_user("손님", email=email)
    invitation = together.invite_co_writer(scene.application, email, right, actor=scene.person, now=OPEN)
    together.accept_co_writing(invitation, actor=user, now=OPEN)
    db.session.commit()
    return user


def refusal(function, *arguments, **values) -> str:
    with pytest.raises(RuleBroken) as refused:
        function(*arguments, **values)
    return refused.value.sentence


def save(scene, actor, now=OPEN, **answers):
    draft = DraftInput(answers=answers)
    return services.save_draft(scene.application, draft, version=scene.application.version, actor=actor, now=now)


@pytest.mark.parametrize(
    ("role", "held", "is_guest", "expected"),
    [
        (None, None, False, None), (None, Right.SUBMIT, False, None), (None, Right.VIEW, True, Right.VIEW),
        (MembershipRole.ADMIN, None, False, Right.SUBMIT), (MembershipRole.MEMBER, None, False, Right.EDIT),
        (MembershipRole.ADMIN, Right.VIEW, False, Right.VIEW), (MembershipRole.MEMBER, Right.SUBMIT, False, Right.SUBMIT),
    ],
)  # fmt: skip
def test_a_right_comes_from_the_role_unless_one_was_given(role, held, is_guest, expected):
    assert writing.right_by(role, held, is_guest=is_guest) is expected


def test_members_edit_and_admins_submit(scene, storage):
    other = member(scene)
    fill(scene, storage)
    assert rules.why_not_edit(scene.application, other, OPEN) is None
    assert "제출 권한이 없습니다" in refusal(services.submit_application, scene.application, actor=other, now=OPEN)
    together.give_right(scene.application, other.id, Right.SUBMIT, actor=scene.person, now=OPEN)
    assert services.submit_application(scene.application, actor=other, now=OPEN).submitted_by_id == other.id
    together.give_right(scene.application, other.id, Right.EDIT, actor=scene.person, now=OPEN)
    for act in (services.reopen_application, services.withdraw_application):
        assert "제출 권한이 없습니다" in refusal(act, scene.application, actor=other, now=OPEN)


def test_who_may_only_read_changes_nothing(scene, browse_as, storage):
    reader = guest(scene, Right.VIEW)
    assert "바꿀 수는 없습니다" in refusal(save, scene, reader, summary="x")
    assert "바꿀 수는 없습니다" in refusal(
        services.set_consents, scene.application, {"privacy": True}, language="ko", actor=reader, now=OPEN
    )
    browser, id_ = browse_as(reader), scene.application.id
    assert browser.get(f"/applications/{id_}/edit").status_code == 303
    page = browser.get(f"/applications/{id_}/check")
    assert page.status_code == 200
    assert browser.post(f"/applications/{id_}/submit").status_code in (303, 422)
    db.session.rollback()
    assert scene.application.submitted_at is None


def test_the_last_right_to_submit_cannot_be_taken_away(scene):
    other = member(scene)
    sentence = refusal(
        together.give_right, scene.application, scene.person.id, Right.EDIT, actor=scene.person, now=OPEN
    )
    assert "마지막 사람" in sentence
    together.give_right(scene.application, other.id, Right.SUBMIT, actor=scene.person, now=OPEN)
    together.give_right(scene.application, scene.person.id, Right.VIEW, actor=other, now=OPEN)
    assert "마지막 사람" in refusal(together.give_right, scene.application, other.id, Right.VIEW, actor=other, now=OPEN)
    # The one who could submit leaves the startup: its admin, who only reads here, still gives rights, and so takes it back.
    db.session.execute(sa.delete(Membership).where(Membership.user_id == other.id))
    db.session.commit()
    db.session.expire_all()
    assert rules.right_of(scene.application, other) is None
    together.give_right(scene.application, scene.person.id, Right.SUBMIT, actor=scene.person, now=OPEN)
    assert rules.right_of(scene.application, scene.person) is Right.SUBMIT


def test_only_those_who_may_say_so_give_rights(scene):
    other, stranger = member(scene), factories.make_user(member_of=factories.make_organization())
    for actor in (other, stranger, guest(scene)):
        assert "주거나 거둘" in refusal(
            together.give_right, scene.application, other.id, Right.SUBMIT, actor=actor, now=OPEN
        )
    assert "관련이 없는" in refusal(
        together.give_right, scene.application, stranger.id, Right.EDIT, actor=scene.person, now=OPEN
    )
    assert "구성원에게는" in refusal(together.take_right, scene.application, other.id, actor=scene.person, now=OPEN)


def test_a_guest_sees_this_application_alone(scene, browse_as):
    second = services.start_application(scene.challenge.themes[1], scene.startup, actor=scene.person, now=OPEN)
    user = guest(scene)
    assert [own.application.id for own in applications.list_applications_for(user)] == [scene.application.id]
    assert applications.get_application_for(user, second.id) is None
    browser = browse_as(user)
    assert browser.get(f"/applications/{scene.application.id}/edit/proposal").status_code == 200
    for path in (
        f"/applications/{second.id}",
        f"/organizations/{scene.startup.id}",
        f"/organizations/{scene.startup.id}/profile",
    ):
        assert browser.get(path).status_code == 404
    together.take_right(scene.application, user.id, actor=scene.person, now=OPEN)
    db.session.commit()
    assert browser.get(f"/applications/{scene.application.id}").status_code == 404
    assert {e.action for e in db.session.scalars(sa.select(AuditEvent))} >= {
        "applications.invite_co_writer", "applications.accept_co_writing", "applications.take_right",
    }  # fmt: skip


def test_an_invitation_is_for_its_address_and_for_nobody_of_the_organizer(scene, browse_as):
    invitation = together.invite_co_writer(
        scene.application, "New@Example.org", Right.EDIT, actor=scene.person, now=OPEN
    )
    assert invitation.email == "new@example.org"
    assert "new@example.org" in writing.why_not_accept(invitation, factories.make_user())
    inside = together.invite_co_writer(
        scene.application, scene.organizer.email, Right.VIEW, actor=scene.person, now=OPEN
    )
    assert "운영기관 쪽" in refusal(together.accept_co_writing, inside, actor=scene.organizer, now=OPEN)
    assert "이미" in refusal(
        together.invite_co_writer, scene.application, scene.person.email, Right.EDIT, actor=scene.person, now=OPEN
    )
    together.cancel_co_writer(inside, actor=scene.person, now=OPEN)
    db.session.commit()
    mail = db.session.scalars(sa.select(Mail).where(Mail.to_address == "new@example.org")).one()
    link = re.search(r"/co-writing/\S+", mail.text).group()
    visitor = browse_as(None)
    assert "두레신용" in visitor.get(link).text
    joined_ = visitor.post(link, data={"name": "새필자", "password": factories.PASSWORD})
    assert joined_.location == f"/applications/{scene.application.id}"
    assert visitor.get(joined_.location).status_code == 200
    assert visitor.get(link).status_code == 410
    assert "새필자" in browse_as(scene.person).get(f"/applications/{scene.application.id}/team").text


def test_a_link_that_is_old_or_cancelled_leads_nowhere(scene, browse_as, clock):
    together.invite_co_writer(scene.application, "a@example.org", Right.EDIT, actor=scene.person, now=OPEN)
    db.session.commit()
    link = re.search(
        r"/co-writing/\S+", db.session.scalars(sa.select(Mail.text).order_by(Mail.id.desc())).first()
    ).group()
    clock.advance(days=14)
    assert browse_as(None).get(link).status_code == 410
    assert browse_as(None).get("/co-writing/nonsense").status_code == 410


def test_the_team_page_has_a_known_number_of_statements(scene, browse_as, statements):
    browser, counts = browse_as(scene.person), []
    path = f"/applications/{scene.application.id}/team"
    browser.get(path)
    for number in (1, 3):
        for i in range(number):
            member(scene, f"사람{number}{i}")
        db.session.commit()
        db.session.expire_all()
        statements.statements.clear()
        page = browser.get(path).text
        counts.append(len(statements))
        assert f"사람{number}0" in page
    assert counts[0] == counts[1] == 10


def test_presence_lasts_as_long_as_it_is_said_and_stands_in_no_trail(scene, browse_as, clock):
    other = member(scene)
    first, second = browse_as(scene.person), browse_as(other)
    path = f"/applications/{scene.application.id}/presence"
    assert "<li" not in first.post(path, data={"section": "proposal"}).text
    answer = second.post(path, data={"section": "contact"}).text
    assert "김하나 님이 작성하고 있습니다" in answer
    assert 'data-section="proposal"' in answer
    clock.advance(seconds=40)
    first.post(path, data={"section": "proposal"})
    clock.advance(seconds=40)
    assert "김하나" in second.post(path, data={"section": "contact"}).text
    first.post(path, data={"section": "proposal", "leaves": "1"})
    assert "김하나" not in second.post(path, data={"section": "contact"}).text
    clock.advance(seconds=51)
    assert "박둘" not in first.post(path, data={"section": "proposal"}).text
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(EditingPresence)) == 1  # the silent one is swept
    assert not db.session.scalars(sa.select(AuditEvent).where(AuditEvent.action.contains("presence"))).all()
    reader = browse_as(guest(scene, Right.VIEW))
    assert "김하나" in reader.post(path, data={"section": "proposal"}).text
    assert "손님" not in first.post(path, data={"section": "proposal"}).text


def test_a_beat_costs_five_statements(scene, browse_as, statements):
    browser, path = browse_as(scene.person), f"/applications/{scene.application.id}/presence"
    browser.post(path, data={"section": "proposal"})
    statements.statements.clear()
    for _ in range(20):
        browser.post(path, data={"section": "proposal"})
    assert len(statements) <= 20 * 5


def test_what_one_person_types_in_a_few_minutes_is_one_version(scene):
    save(scene, scene.person, summary="하나")
    save(scene, scene.person, OPEN + timedelta(minutes=3), summary="하나 둘", employees="3")
    save(scene, scene.person, OPEN + timedelta(minutes=9), summary="하나 둘 셋")
    other = member(scene)
    save(scene, other, OPEN + timedelta(minutes=10), summary="넷")
    versions = queries.list_versions(scene.application)
    assert [(v.number, v.saved_by.name, list(v.changes)) for v in versions] == [
        (3, "박둘", ["answer-summary"]), (2, "김하나", ["answer-summary"]), (1, "김하나", ["answer-summary", "answer-employees"]),
    ]  # fmt: skip
    assert versions[2].changes["answer-summary"] == {"before": "", "after": "하나 둘"}


def test_who_writes_on_and_on_gets_a_version_each_quarter_of_an_hour(scene):
    for minute in range(40):
        save(scene, scene.person, OPEN + timedelta(minutes=minute), summary=f"{minute}")
    assert [v.number for v in queries.list_versions(scene.application)] == [3, 2, 1]


def test_handing_in_ends_a_version(scene, storage):
    fill(scene, storage)
    submit(scene, OPEN + timedelta(seconds=10))
    services.reopen_application(scene.application, actor=scene.person, now=OPEN + timedelta(seconds=20))
    save(scene, scene.person, OPEN + timedelta(seconds=30), summary="고침")
    assert [v.number for v in queries.list_versions(scene.application)] == [2, 1]


def test_going_back_is_a_new_version_and_can_be_undone(scene):
    save(scene, scene.person, summary="처음", employees="3")
    save(scene, scene.person, OPEN + timedelta(minutes=6), summary="나중")
    save(scene, scene.person, OPEN + timedelta(minutes=12), employees="5", site="https://example.org")
    together.restore_version(scene.application, 1, actor=scene.person, now=OPEN + timedelta(minutes=13))
    assert scene.application.answers == {"summary": "처음", "employees": "3"}
    together.restore_version(scene.application, 3, actor=scene.person, now=OPEN + timedelta(minutes=14))
    assert scene.application.answers == {"summary": "나중", "employees": "5", "site": "https://example.org"}
    versions = queries.list_versions(scene.application)
    assert [(v.number, v.kind, v.restored_number) for v in versions[:2]] == [
        (5, VersionKind.RESTORED, 3),
        (4, VersionKind.RESTORED, 1),
    ]
    assert "이미" in refusal(together.restore_version, scene.application, 3, actor=scene.person, now=OPEN)
    assert "버전 99" in refusal(together.restore_version, scene.application, 99, actor=scene.person, now=OPEN)
    assert refusal(together.restore_version, scene.application, 1, actor=scene.person, now=TOO_LATE)
    assert refusal(together.restore_version, scene.application, 1, actor=guest(scene, Right.VIEW), now=OPEN)


def test_texts_kept_aside_are_readable_and_no_part_of_the_draft(scene, browse_as):
    save(scene, scene.person, summary="서 있는 글")
    other = member(scene)
    together.keep_aside(scene.application, {"answer-summary": "곁에 둔 글"}, actor=other, now=OPEN)
    together.keep_aside(scene.application, {"answer-summary": "곁에 둔 글 둘"}, actor=other, now=OPEN)
    save(scene, scene.person, OPEN + timedelta(minutes=6), summary="더 나중의 글")
    db.session.commit()
    assert [v.kind for v in queries.list_versions(scene.application)] == [
        VersionKind.SAVED,
        VersionKind.KEPT_ASIDE,
        VersionKind.SAVED,
    ]
    assert refusal(together.restore_version, scene.application, 2, actor=scene.person, now=OPEN)
    browser = browse_as(other)
    page = browser.get(f"/applications/{scene.application.id}/versions/2").text
    assert "둘" in page
    assert "<ins>" in page
    list_ = browser.get(f"/applications/{scene.application.id}/versions").text
    assert "따로 보관" in list_
    together.restore_version(scene.application, 1, actor=scene.person, now=OPEN)
    assert scene.application.answers["summary"] == "서 있는 글"


def test_versions_are_read_and_restored_on_the_page(scene, browse_as, statements):
    save(scene, scene.person, summary="우리 기업이 만든다")
    save(scene, scene.person, OPEN + timedelta(minutes=6), summary="우리 기업은 만든다")
    db.session.commit()
    browser, path = browse_as(scene.person), f"/applications/{scene.application.id}/versions"
    db.session.expire_all()
    statements.statements.clear()
    assert "제안 요약" in browser.get(path).text
    first = len(statements)
    save(scene, scene.person, OPEN + timedelta(minutes=12), summary="셋")
    db.session.commit()
    db.session.expire_all()
    statements.statements.clear()
    browser.get(path)
    assert len(statements) == first == 10
    page = browser.get(f"{path}/2").text
    assert "<del>" in page
    assert "기업<del>" in page
    assert "<ins>" in browser.get(f"{path}/1?against=now").text
    assert browser.get(f"{path}/9").status_code == 404
    assert browser.post(f"{path}/1/restore").status_code == 303
    db.session.rollback()
    db.session.expire_all()
    assert scene.application.answers["summary"] == "우리 기업이 만든다"


def test_a_long_history_is_thinned_out_and_its_first_words_stay(scene, monkeypatch):
    monkeypatch.setattr(keep_versions, "MOST_VERSIONS", 5)
    for i in range(9):
        save(scene, scene.person, OPEN + timedelta(minutes=6 * i), summary=f"글 {i}")
    versions = queries.list_versions(scene.application)
    assert [v.number for v in versions] == [9, 8, 7, 6, 5]
    assert versions[-1].changes["answer-summary"] == {"before": "", "after": "글 4"}
    together.restore_version(scene.application, 5, actor=scene.person, now=OPEN + timedelta(hours=1))
    assert scene.application.answers["summary"] == "글 4"


def test_what_time_took_back_stands_in_the_history(scene, storage):
    fill(scene, storage)
    submit(scene)
    services.reopen_application(scene.application, actor=scene.person, now=OPEN)
    save(scene, scene.person, OPEN + timedelta(minutes=1), summary="제때 내지 못한 글")
    services.settle_application(scene.application, now=TOO_LATE)
    last = queries.list_versions(scene.application)[0]
    assert last.saved_by is None
    assert last.changes["answer-summary"] == {"before": "제때 내지 못한 글", "after": FULL.answers["summary"]}


FIELDS = st.sampled_from("abc")
STATES = st.dictionaries(FIELDS, st.text("xy", max_size=2))


@given(st.lists(STATES, min_size=2, max_size=8), st.data())
def test_every_earlier_state_can_be_read_from_the_changes(states, data):
    changes = [difference(a, b) for a, b in pairwise(states)]
    number = data.draw(st.integers(0, len(states) - 1))
    then = values_at(states[-1], reversed(changes[number:]))
    assert difference(then, states[number]) == {}
    cut = data.draw(st.integers(0, len(changes) - 1))
    thinned = [
        *changes[:cut],
        *([joined(changes[cut], changes[cut + 1])] if cut + 1 < len(changes) else changes[cut:]),
        *changes[cut + 2 :],
    ]
    assert difference(values_at(states[-1], reversed(thinned)), states[0]) == {}


def test_all_goes_with_the_application(scene):
    save(scene, scene.person, summary="글")
    guest(scene)
    together.say_presence(scene.application.id, scene.person.id, "proposal", now=OPEN)
    assert draft_fields(scene.application)["answer-summary"] == "글"
    db.session.commit()
    table = type(scene.application)
    db.session.execute(sa.delete(table).where(table.id == scene.application.id))
    db.session.commit()
    for model in (ApplicationRight, CoWriterInvitation, DraftVersion, EditingPresence):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(model)) == 0


def join(scene, user):
    db.session.add(Membership(user=user, organization=scene.startup, role=MembershipRole.MEMBER, created_at=OPEN))
    db.session.commit()


def test_a_guest_who_became_a_member_goes_with_the_membership(scene):
    one, two = guest(scene), factories.make_user("둘째", email="two@example.org")
    invitation = together.invite_co_writer(scene.application, two.email, Right.VIEW, actor=scene.person, now=OPEN)
    join(scene, one)
    join(scene, two)
    together.accept_co_writing(invitation, actor=two, now=OPEN)
    assert not together.take_right(scene.application, one.id, actor=scene.person, now=OPEN)
    db.session.commit()
    assert rules.right_of(scene.application, one) is Right.EDIT
    refusal(together.take_right, scene.application, one.id, actor=scene.person, now=OPEN)
    refusal(together.take_right, scene.application, two.id, actor=scene.person, now=OPEN)
    db.session.execute(sa.delete(Membership).where(Membership.user_id.in_([one.id, two.id])))
    db.session.commit()
    assert [rules.is_own(scene.application, user) for user in (one, two)] == [False, False]


def test_whom_a_guest_invited_does_not_come_after_the_guest_has_gone(scene):
    one = guest(scene, Right.SUBMIT)
    for actor, email in ((one, "later@example.org"), (scene.person, "other@example.org")):
        together.invite_co_writer(scene.application, email, Right.VIEW, actor=actor, now=OPEN)
    assert together.take_right(scene.application, one.id, actor=scene.person, now=OPEN)
    db.session.commit()
    assert [i.email for i in queries.list_invited(scene.application)] == ["other@example.org"]
