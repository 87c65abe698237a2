"""Results in a browser: what leaks before publication (nothing), and what each sees afterwards."""

import json
import re

import pytest
import sqlalchemy as sa
from flask import g

from app.awards import services
from app.awards.models import ResultSet
from app.awards.standing import DecisionInput
from app.awards.states import Outcome
from app.challenges.states import ChallengeState
from app.core.canonical import canonical_sha256
from app.core.database import db
from app.web.panels import panels
from tests.awards.scenes import NOW, decided_challenge, judged_challenge, proposed, published_challenge

NOT_SELECTED = DecisionInput(Outcome.NOT_SELECTED, reason="포기")


def public(scene):
    return f"/challenges/{scene.challenge.slug}/results"


def managed(scene, rest=""):
    return f"/manage/{scene.challenge.id}/results{rest}"


def own(scene, letter):
    return f"/applications/{scene.id(letter)}/result"


def corrected(scene):
    changes = {scene.id("A"): NOT_SELECTED, scene.id("C"): DecisionInput(Outcome.SELECTED, reason="예비를 올립니다.")}
    changes[scene.id("E")] = DecisionInput(Outcome.SELECTED, scene.challenge.prizes[0].id)
    services.correct_results(scene.challenge, changes, "협약을 포기하여 바로잡습니다.", actor=scene.organizer, now=NOW)
    db.session.commit()


@pytest.mark.parametrize("make", [judged_challenge, decided_challenge])
def test_nothing_leaks_before_publication(app, browse_as, client, make):
    scene = make()
    if scene.challenge.state is ChallengeState.JUDGING:
        proposed(scene)
    assert client.get(public(scene)).status_code == 404
    assert client.get(public(scene) + "?number=1").status_code == 404
    for letter in "AX":
        assert browse_as(scene.applicants[letter]).get(own(scene, letter)).status_code == 404
    assert browse_as(scene.organizer).get(managed(scene, "/1.json")).status_code == 404
    with app.test_request_context():
        assert panels("challenge.public", scene.challenge) == ""
        assert panels("application.status", scene.applications["A"]) == ""
    page = browse_as(scene.applicants["A"]).get(f"/challenges/{scene.challenge.slug}").text
    assert "B기업" not in page
    page = browse_as(scene.applicants["A"]).get(f"/applications/{scene.id('A')}").text
    assert "90.00" not in page
    assert "선정" not in re.sub(r"<[^>]+>", "", page.split("<main", 1)[1]).replace("선정결과", "")
    runner = app.test_cli_runner().invoke(args=["results", "show", scene.challenge.slug, "--json"])
    assert runner.exit_code == 1
    assert "entries" not in runner.output


@pytest.mark.parametrize("state", [ChallengeState.CANCELLED, ChallengeState.DECIDED])
def test_a_result_set_of_a_challenge_that_is_not_out_stays_hidden(browse_as, client, state):
    scene = published_challenge()
    scene.challenge.state = state
    db.session.commit()
    assert client.get(public(scene)).status_code == 404
    assert browse_as(scene.applicants["A"]).get(own(scene, "A")).status_code == 404


def test_everybody_sees_the_winners_with_their_sponsors(client):
    scene = published_challenge()
    page = client.get(public(scene), headers={"Accept-Language": "ko"}).text
    for words in (
        "대상",
        "A기업",
        "최우수상",
        "B기업",
        "E기업",
        "우수상",
        "F기업",
        "수요기업: 신한금융지주",
        "대안신용평가",
    ):
        assert words in page
    for hidden in ("C기업", "D기업", "X기업", "90.00", "심사위원", "박운영"):
        assert hidden not in page
    assert db.session.scalar(sa.select(ResultSet.sha256)) in page


def test_company_names_are_in_the_pages_language(client):
    scene = published_challenge()
    page = client.get(public(scene), headers={"Accept-Language": "en"}).text
    assert "Firm A" in page
    assert "Grand prize" in page
    assert "A기업" not in page


def test_the_rule_stands_beside_the_results_in_words(client):
    scene = published_challenge()
    page = client.get(public(scene), headers={"Accept-Language": "en"}).text
    assert "An entry passes with at least 70 points before bonus points." in page


def test_no_award_is_said_plainly(client):
    scene = published_challenge(totals={"A": 60, "D": 50})
    page = client.get(public(scene), headers={"Accept-Language": "ko"}).text
    assert "이번에는 수상자를 내지 않았습니다." in page
    assert "A기업" not in page


@pytest.mark.parametrize("number", ["0", "2", "-1", "x", "1e3", "999999999999", "'"])
def test_a_set_that_there_is_not_is_not_found(client, number):
    scene = published_challenge()
    assert client.get(public(scene), query_string={"number": number}).status_code == 404


def test_a_correction_is_named_and_the_old_set_stays(client):
    scene = published_challenge()
    corrected(scene)
    korean = {"Accept-Language": "ko"}
    page = client.get(public(scene), headers=korean).text
    assert "정정했습니다. 사유: 협약을 포기하여 바로잡습니다." in page
    assert "A기업" not in page
    old = client.get(public(scene) + "?number=1", headers=korean).text
    assert "A기업" in old
    assert "뒤에 정정된 결과이며 기록으로 남겨 둡니다." in old
    assert 'content="noindex"' in old


def test_one_sees_the_own_result_and_nothing_of_others(browse_as):
    scene = published_challenge()
    page = browse_as(scene.applicants["B"]).get(own(scene, "B")).text
    for words in (
        "First prize",
        "80.00",
        "Mean of 5 sheets, out of 100",
        "24.00",
        "B의 총평입니다.",
        "B의 적합성 의견",
    ):
        assert words in page
    for hidden in ("Firm A", "90.00", "75.00", "A의 총평", "심사위원", "위원회만 볼 메모", "over all", "전체"):
        assert hidden not in page
    for judge in scene.judges:
        assert judge.name not in page
        assert str(judge.id) not in page


def test_comments_are_held_back_where_the_call_says_so(browse_as):
    scene = published_challenge(release_comments=False)
    page = browse_as(scene.applicants["C"]).get(own(scene, "C")).text
    assert "75.00" in page
    assert "총평" not in page
    assert "적합성 의견" not in page


def test_reserves_and_those_not_selected_are_told_what_it_means(browse_as):
    scene = published_challenge()
    page = browse_as(scene.applicants["C"]).get(own(scene, "C")).text
    assert "예비순위" in page
    assert "운영기관이 이 순서대로 연락합니다" in page
    page = browse_as(scene.applicants["D"]).get(own(scene, "D")).text
    assert "미선정" in page
    assert "미통과" in page


def test_the_ineligible_read_why(browse_as):
    scene = published_challenge()
    page = browse_as(scene.applicants["X"]).get(own(scene, "X")).text
    assert "요건검토를 통과하지 못하여 평가하지 않았습니다" in page


def test_nobody_reads_anothers_result(browse_as):
    scene = published_challenge()
    for letter in "BCDX":
        assert browse_as(scene.applicants["A"]).get(own(scene, letter)).status_code == 404
    assert browse_as(scene.organizer).get(own(scene, "A")).status_code == 404


def panel_text(app, place, subject):
    with app.test_request_context(headers={"Accept-Language": "ko"}):
        g.pop("_login_user", None)
        return str(panels(place, subject))


def test_panels_after_publication(app):
    scene = published_challenge()
    assert "A기업" in panel_text(app, "challenge.public", scene.challenge)
    assert "A기업" in panel_text(app, "challenge.sponsored", scene.challenge)
    own_panel = panel_text(app, "application.status", scene.applications["A"])
    assert "결과가 나왔습니다" in own_panel
    assert "대상" in own_panel
    assert own(scene, "A") in own_panel
    assert own(scene, "X") in panel_text(app, "application.status", scene.applications["X"])
    assert "수상 4건" in panel_text(app, "challenge.managed", scene.challenge)


def test_the_organizers_panels_say_what_comes_next(app):
    scene = judged_challenge()
    assert "신청서 6건 중 0건" in panel_text(app, "challenge.managed", scene.challenge)
    assert "선정" not in panel_text(app, "application.received", scene.applications["A"])
    proposed(scene)
    assert "신청서 6건 중 6건" in panel_text(app, "challenge.managed", scene.challenge)
    assert "대상" in panel_text(app, "application.received", scene.applications["A"])
    services.confirm_decision(scene.challenge, actor=scene.organizer, now=NOW)
    assert "4건을 선정했습니다. 아직 아무에게도 알리지 않았습니다." in panel_text(
        app, "challenge.managed", scene.challenge
    )


def test_the_preview_shows_what_the_public_and_an_applicant_will_see(browse_as):
    scene = decided_challenge()
    browser = browse_as(scene.organizer)
    page = browser.get(managed(scene)).text
    assert "A기업" in page
    assert "신청 7건에 바로 메일로 알립니다" in page
    page = browser.get(managed(scene), query_string={"application": scene.id("B")}).text
    assert "Congratulations. Your application" in page
    assert scene.applicants["B"].email in page
    assert "80.00" in page
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ResultSet)) == 0
    assert browser.get(managed(scene), query_string={"application": "x"}).status_code == 200


def test_the_preview_before_the_decision_greys_publishing(browse_as):
    scene = judged_challenge()
    page = browse_as(scene.organizer).get(managed(scene)).text
    assert "결정을 확정한 뒤 결과를 발표할 수 있습니다." in page
    assert "모든 신청서를 결정하면 결과를 미리 볼 수 있습니다." in page
    response = browse_as(scene.organizer).post(managed(scene, "/publish"), follow_redirects=True)
    assert "결정을 확정한 뒤 결과를 발표할 수 있습니다." in response.text


def test_publishing_twice_from_two_tabs_is_one_publication(browse_as):
    scene = decided_challenge()
    browser = browse_as(scene.organizer)
    for _click in range(2):
        assert browser.post(managed(scene, "/publish")).status_code == 303
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ResultSet)) == 1


def test_the_frozen_set_can_be_downloaded_and_has_its_hash(browse_as):
    scene = published_challenge()
    response = browse_as(scene.organizer).get(managed(scene, "/1.json"))
    document = json.loads(response.text)
    assert canonical_sha256(document["content"]) == document["sha256"]
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert browse_as(scene.organizer).get(managed(scene, "/2.json")).status_code == 404


def correction(scene, reason="협약 포기", **outcomes):
    """What the correction's page posts: everything as it stands, with `outcomes` changed."""
    data = {"version": "1", "reason": reason}
    stands = {
        "A": ("selected", 0),
        "B": ("selected", 1),
        "C": ("reserve", None),
        "D": ("not_selected", None),
        "E": ("selected", 1),
        "F": ("selected", 2),
    }
    for letter, (outcome, prize) in (stands | outcomes).items():
        key = scene.id(letter)
        data |= {
            f"outcome-{key}": outcome,
            f"prize-{key}": str(scene.challenge.prizes[prize].id) if prize is not None else "",
        }
        data[f"reason-{key}"] = "사유" if letter in outcomes else ""
    return data


def test_a_correction_is_published_from_its_page(browse_as, client):
    scene = published_challenge()
    browser = browse_as(scene.organizer)
    assert "결과 정정" in browser.get(managed(scene, "/correct")).text
    data = correction(scene, A=("not_selected", None), C=("selected", 2), E=("selected", 0))
    response = browser.post(managed(scene, "/correct"), data=data)
    assert response.status_code == 303, response.text
    assert "C기업" in client.get(public(scene), headers={"Accept-Language": "ko"}).text
    assert "제2판" in browser.get(managed(scene)).text


@pytest.mark.parametrize(
    ("changes", "sentence", "status"),
    [
        ({"reason": ""}, "사유를 적어 주십시오. 기록에 남습니다.", 422),
        ({"reason": "가" * 501}, "500자까지 쓸 수 있으며", 422),
        ({"version": "0"}, "지금 저장된 내용에서 다시 시작", 409),
        ({"version": "x"}, "지금 저장된 내용에서 다시 시작", 409),
        ({}, "발표한 결과와 달라진 것이 없습니다.", 422),
    ],
)
def test_a_correction_that_cannot_be_is_refused_with_a_sentence(browse_as, changes, sentence, status):
    scene = published_challenge()
    response = browse_as(scene.organizer).post(managed(scene, "/correct"), data=correction(scene) | changes)
    assert response.status_code == status
    assert sentence in response.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ResultSet)) == 1


def test_there_is_no_correcting_before_publication(browse_as):
    scene = decided_challenge()
    assert browse_as(scene.organizer).get(managed(scene, "/correct")).status_code == 303
    assert browse_as(scene.organizer).post(managed(scene, "/correct"), data=correction(scene)).status_code == 303


def test_the_command_prints_the_winners_and_finds_tampering(app):
    scene = published_challenge()
    runner = app.test_cli_runner()
    shown = runner.invoke(args=["results", "show", scene.challenge.slug])
    assert shown.exit_code == 0, shown.output
    assert "대상\tA기업\tT1\t신한금융지주" in shown.output
    document = json.loads(runner.invoke(args=["results", "show", scene.challenge.slug, "--json"]).output)
    assert canonical_sha256(document["content"]) == document["sha256"]
    result_set = db.session.scalar(sa.select(ResultSet))
    result_set.content = {**result_set.content, "reason": "달라짐"}
    db.session.commit()
    tampered = runner.invoke(args=["results", "show", scene.challenge.slug])
    assert tampered.exit_code == 1
    assert "does not have the hash" in tampered.output
    assert runner.invoke(args=["results", "show", "nowhere"]).exit_code == 1


@pytest.mark.parametrize("copies", [1, 3])
def test_public_and_own_pages_take_the_same_statements_for_any_number_of_entries(browse_as, client, statements, copies):
    totals = {letter: 90 - i for i, letter in enumerate("ABCGHIJKL"[: 3 * copies])}
    scene = published_challenge(totals=totals)
    browser, page, mine = browse_as(scene.applicants["A"]), public(scene), own(scene, "A")
    db.session.remove()
    statements.statements.clear()
    assert client.get(page).status_code == 200
    assert len(statements) == 6
    statements.statements.clear()
    assert browser.get(mine).status_code == 200
    assert len(statements) == 8


def test_the_trail_says_in_words_what_was_done(browse_as):
    scene = published_challenge()
    corrected(scene)
    page = browse_as(scene.organizer).get(f"/manage/{scene.challenge.id}/trail").text
    for words in ("결정 초안 저장", "결정 확정", "결과 발표", "결과 정정", "협약을 포기하여 바로잡습니다."):
        assert words in page
