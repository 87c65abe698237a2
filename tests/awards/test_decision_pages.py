"""The committee's desk in a browser."""

import pytest
import sqlalchemy as sa

from app.awards import services
from app.awards.models import Decision, DecisionDesk
from app.awards.standing import DecisionInput
from app.awards.states import Outcome
from app.challenges.models import ChallengeRole, ChallengeStaff
from app.challenges.states import ChallengeState
from app.core.database import db
from tests import factories
from tests.awards.scenes import NOW, decided_challenge, decisions_of, judged_challenge, proposed, published_challenge


def desk(scene):
    return f"/manage/{scene.challenge.id}/decision"


def typed(scene, version=0, **decisions):
    """What the page posts: letter=(outcome, prize index, reserve rank, reason)."""
    data = {"version": str(version)}
    for letter, (outcome, prize, reserve, reason) in decisions.items():
        key = scene.id(letter)
        data |= {f"outcome-{key}": outcome, f"reserve-{key}": str(reserve or ""), f"reason-{key}": reason}
        data[f"prize-{key}"] = str(scene.challenge.prizes[prize].id) if prize is not None else ""
    return data


FULL = {
    "A": ("selected", 0, None, ""),
    "B": ("selected", 1, None, ""),
    "C": ("reserve", None, 1, ""),
    "D": ("not_selected", None, None, ""),
    "E": ("selected", 1, None, ""),
    "F": ("selected", 2, None, ""),
}


def test_the_desk_shows_every_entry_with_what_the_rule_forbids(browse_as):
    scene = judged_challenge()
    page = browse_as(scene.organizer).get(desk(scene)).text
    for letter in "ABCDEF":
        assert f"{letter}기업" in page
    assert "X기업" not in page
    assert "통과점 70.00에 1.00점 부족합니다" in page
    low, high = (f'name="outcome-{scene.id(letter)}" value="selected"' for letter in "DA")
    assert f"{low} disabled" in page
    assert f"{high} disabled" not in page
    assert "아직 결정하지 않은 신청서가 6건 있습니다." in page


def test_a_tie_at_the_cut_is_greyed_with_its_reason(browse_as):
    scene = judged_challenge(totals={"A": 90, "B": 80, "C": 80})
    page = browse_as(scene.organizer).get(desk(scene)).text
    assert "먼저 위원장이 동점을 처리해야 합니다." in page
    assert f'name="outcome-{scene.id("B")}" value="selected" disabled' in page
    assert f'name="outcome-{scene.id("B")}" value="reserve" disabled' not in page


def test_a_full_theme_greys_the_rest(browse_as):
    scene = judged_challenge()
    proposed(scene)
    page = browse_as(scene.organizer).get(desk(scene)).text
    assert "과제의 선정 자리 2개가 찼습니다. 먼저 한 건을 빼 주십시오." in page
    assert f'name="outcome-{scene.id("C")}" value="selected" disabled' in page


def test_the_proposal_button_fills_the_draft(browse_as):
    scene = judged_challenge()
    response = browse_as(scene.organizer).post(desk(scene), data={"do": "propose", "version": "0"})
    assert response.status_code == 303
    assert decisions_of(scene)["A"] == ("selected", "Grand prize")
    page = browse_as(scene.organizer).get(desk(scene)).text
    assert "결정할" not in page
    assert "남은 일" in page


def test_the_proposal_takes_back_what_a_tie_leaves_open(browse_as):
    scene = judged_challenge(totals={"A": 90, "B": 80, "C": 80})
    services.set_decisions(
        scene.challenge, {scene.id("B"): DecisionInput(Outcome.RESERVE)}, actor=scene.organizer, now=NOW
    )
    browse_as(scene.organizer).post(desk(scene), data={"do": "propose", "version": "1"})
    assert decisions_of(scene) == {"A": ("selected", "Grand prize")}


def test_a_stale_proposal_replaces_nothing(browse_as):
    scene = judged_challenge()
    services.set_decisions(
        scene.challenge, {scene.id("A"): DecisionInput(Outcome.NOT_SELECTED)}, actor=scene.organizer, now=NOW
    )
    browser = browse_as(scene.organizer)
    for version in ("0", "", "x"):
        page = browser.post(desk(scene), data={"do": "propose", "version": version}, follow_redirects=True).text
        assert "다른 사람이 결정을 저장했습니다" in page
    assert decisions_of(scene) == {"A": ("not_selected", None)}


def test_saving_keeps_what_was_chosen(browse_as):
    scene = judged_challenge()
    response = browse_as(scene.organizer).post(desk(scene), data=typed(scene, **FULL))
    assert response.status_code == 303
    assert decisions_of(scene)["C"] == ("reserve", 1)
    assert decisions_of(scene)["F"] == ("selected", "Excellence prize")


def test_hidden_parts_of_another_outcome_are_no_mistake(browse_as):
    scene = judged_challenge()
    data = typed(scene, A=("not_selected", 0, 3, "포기"))
    assert browse_as(scene.organizer).post(desk(scene), data=data).status_code == 303
    assert decisions_of(scene) == {"A": ("not_selected", None)}


def test_what_the_rule_forbids_is_refused_beside_its_row_and_nothing_typed_is_lost(browse_as):
    scene = judged_challenge()
    data = typed(scene, A=("not_selected", None, None, "길게 쓴 사유입니다"), D=("selected", None, None, ""))
    response = browse_as(scene.organizer).post(desk(scene), data=data)
    assert response.status_code == 422
    assert f'href="#outcome-{scene.id("D")}"' in response.text
    assert "통과점 70.00에 1.00점 부족합니다" in response.text
    assert "길게 쓴 사유입니다" in response.text
    assert decisions_of(scene) == {}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("outcome", "winner"),
        ("outcome", "<script>"),
        ("prize", "00000000-0000-0000-0000-000000000000"),
        ("prize", "../../x"),
        ("reserve", "두 번째"),
        ("reserve", "1e9"),
        ("reserve", "-1"),
        ("reserve", "99999999999999999999"),
        ("reason", "가" * 1001),
    ],
)
def test_hostile_input_is_refused_with_a_sentence(browse_as, field, value):
    scene = judged_challenge()
    outcome = "reserve" if field == "reserve" else "selected"
    data = typed(scene, A=(outcome, None, None, "")) | {f"{field}-{scene.id('A')}": value}
    response = browse_as(scene.organizer).post(desk(scene), data=data)
    if response.status_code == 303:  # a number that is only too large closes up
        assert (field, value) == ("reserve", "99999999999999999999")
        assert decisions_of(scene) == {"A": ("reserve", 1)}
        return
    assert response.status_code == 422
    assert "field-error" in response.text
    assert "<script>" not in response.text.split("<main", 1)[1]
    assert decisions_of(scene) == {}


def test_an_application_of_another_challenge_is_not_touched(browse_as):
    scene, other = judged_challenge(), judged_challenge()
    data = typed(scene, A=("selected", None, None, "")) | {f"outcome-{other.id('A')}": "selected"}
    assert browse_as(scene.organizer).post(desk(scene), data=data).status_code == 303
    assert decisions_of(other) == {}


def test_a_stale_tab_is_shown_both_versions(browse_as):
    scene = judged_challenge()
    browser = browse_as(scene.organizer)
    browser.post(desk(scene), data=typed(scene, **FULL))
    changed = typed(scene, **FULL | {"A": ("not_selected", None, None, "내 사유")})
    response = browser.post(desk(scene), data=changed)
    assert response.status_code == 409
    assert "선정 · 대상" in response.text
    assert "미선정 · 내 사유" in response.text
    assert 'name="version" type="hidden" value="1"' in response.text
    assert decisions_of(scene)["A"] == ("selected", "Grand prize")
    assert browser.post(desk(scene), data=changed | {"version": "1"}).status_code == 303
    assert decisions_of(scene)["A"] == ("not_selected", None)


def test_confirming_saves_the_page_first(browse_as):
    scene = judged_challenge()
    response = browse_as(scene.organizer).post(f"{desk(scene)}/confirm", data=typed(scene, **FULL))
    assert response.status_code == 303
    db.session.refresh(scene.challenge)
    assert scene.challenge.state is ChallengeState.DECIDED
    assert decisions_of(scene)["B"] == ("selected", "First prize")


def test_a_refused_confirmation_stores_nothing(browse_as):
    scene = judged_challenge()
    data = typed(scene, **FULL | {"A": ("not_selected", None, None, "")})
    response = browse_as(scene.organizer).post(f"{desk(scene)}/confirm", data=data)
    assert response.status_code == 422
    assert "A기업: 순위와 다르게 결정했지만 사유가 없습니다." in response.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Decision)) == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(DecisionDesk)) == 0


def test_a_double_click_on_confirm_says_that_it_is_done(browse_as):
    scene = judged_challenge()
    browser = browse_as(scene.organizer)
    data = typed(scene, **FULL)
    browser.post(f"{desk(scene)}/confirm", data=data)
    response = browser.post(f"{desk(scene)}/confirm", data=data)
    assert response.status_code == 422
    assert "결정을 확정했습니다. 바꾸려면 평가를 다시 열어 주십시오." in response.text


def test_a_confirmed_decision_can_only_be_read(browse_as):
    scene = decided_challenge()
    page = browse_as(scene.organizer).get(desk(scene)).text
    assert 'type="radio"' not in page
    assert "최우수상" in page
    assert "평가 다시 열기" in page
    assert browse_as(scene.organizer).post(desk(scene), data=typed(scene, 1, **FULL)).status_code == 422


def test_reopening_needs_a_reason(browse_as):
    scene = decided_challenge()
    browser = browse_as(scene.organizer)
    response = browser.post(f"{desk(scene)}/reopen", data={"reason": "  "})
    assert response.status_code == 422
    assert "사유를 적어 주십시오. 기록에 남습니다." in response.text
    assert browser.post(f"{desk(scene)}/reopen", data={"reason": "가점 증빙"}).status_code == 303
    db.session.refresh(scene.challenge)
    assert scene.challenge.state is ChallengeState.JUDGING


def test_published_results_cannot_be_reopened(browse_as):
    scene = published_challenge()
    page = browse_as(scene.organizer).post(f"{desk(scene)}/reopen", data={"reason": "왜"}, follow_redirects=True).text
    assert "결과를 발표하여 평가를 다시 열 수 없습니다." in page


def test_an_observer_reads_the_desk_and_changes_nothing(browse_as):
    scene = judged_challenge()
    observer = factories.make_user("이참관")
    db.session.add(ChallengeStaff(challenge_id=scene.challenge.id, user_id=observer.id, role=ChallengeRole.OBSERVER))
    db.session.commit()
    browser = browse_as(observer)
    page = browser.get(desk(scene)).text
    assert "A기업" in page
    assert 'type="radio"' not in page
    assert browser.post(desk(scene), data=typed(scene, **FULL)).status_code == 422
    assert decisions_of(scene) == {}


def test_nothing_to_decide_says_what_comes_first(browse_as):
    host = factories.make_host()
    challenge = factories.make_challenge(host=host, state=ChallengeState.CLOSED)
    page = browse_as(factories.make_user(member_of=host)).get(f"/manage/{challenge.id}/decision").text
    assert "결정은 평가가 진행되는 동안 할 수 있습니다." in page


@pytest.mark.parametrize("copies", [1, 3])
def test_the_desk_takes_the_same_statements_for_any_number_of_entries(browse_as, statements, copies):
    totals = {letter: 90 - i for i, letter in enumerate("ABCGHIJKL"[: 3 * copies])}
    scene = judged_challenge(totals=totals)
    proposed(scene)
    browser, url = browse_as(scene.organizer), desk(scene)
    db.session.remove()
    statements.statements.clear()
    assert browser.get(url).status_code == 200
    assert len(statements) == 15
