from datetime import timedelta
from io import BytesIO
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from markupsafe import escape
from pypdf import PdfReader

from app import create_app
from app.awards import services
from app.awards.models import Certificate, ResultSet
from app.awards.states import CertificateState
from app.awards.views import verify
from app.challenges.states import ChallengeState
from app.core.bilingual import Bilingual
from app.core.database import db
from app.core.jobs.models import Job, JobState
from app.web.limits import limiter
from app.web.panels import panels
from config import Config
from tests import factories
from tests.awards.certificates import LONGEST, make_awarded, run_jobs, stand_in_pdf  # noqa: F401 - a fixture

KOREAN = {"Accept-Language": "ko"}

pytestmark = pytest.mark.usefixtures("stand_in_pdf")


@pytest.fixture
def scene():
    return make_awarded(Bilingual("가온셈랩(가상)", "Gaonsem Lab"), Bilingual("온결", "Ongyeol"))


@pytest.fixture
def made(app, clock, scene):
    services.issue_certificates(scene.challenge, actor=scene.organizer, now=clock())
    run_jobs(app, clock)
    return list(db.session.scalars(sa.select(Certificate).order_by(Certificate.number)))


def page(browser, url):
    response = browser.get(url, headers=KOREAN)
    assert response.status_code == 200
    return response.get_data(as_text=True)


def content_of(app, certificate):
    return b"".join(app.extensions["storage"].read_chunks(certificate.sha256))


def test_the_organizer_previews_issues_watches_and_downloads(app, browse_as, clock, scene):
    browser, here = browse_as(scene.organizer), f"/manage/{scene.challenge.id}/certificates"
    assert "발급할 상장이 4건 있습니다" in page(browser, here)
    response = browser.post(here, headers=KOREAN)
    assert (response.status_code, response.location) == (303, here)
    text = page(browser, here)
    assert "상장 4건을 만들고 있습니다" in text
    assert "0 / 4" in text or "0" in text
    assert f'hx-get="{here}/progress"' in text
    assert text.count("만드는 중") == 4
    assert "상장 발급</button>" not in text
    assert browser.get(f"{here}/progress", headers=KOREAN).headers.get("HX-Refresh") is None
    run_jobs(app, clock)
    progress = browser.get(f"{here}/progress", headers=KOREAN)
    assert progress.headers["HX-Refresh"] == "true"
    assert "hx-get" not in progress.get_data(as_text=True)
    text = page(browser, here)
    for shown in ("제 2022-0001 호", "No. 2022-0002", "가온셈랩(가상)", "온결", "대상", "최우수상"):
        assert shown in text
    assert "hx-get" not in text


def test_a_double_click_issues_once(browse_as, scene):
    browser, here = browse_as(scene.organizer), f"/manage/{scene.challenge.id}/certificates"
    browser.post(here, headers=KOREAN)
    browser.post(here, headers=KOREAN)
    assert "모든 선정기업의 상장을 이미 발급했습니다." in page(browser, here)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Certificate)) == 4


def test_before_the_results_are_out_the_button_says_why_and_previews_work(browse_as):
    scene = make_awarded(state=ChallengeState.DECIDED)
    browser, here = browse_as(scene.organizer), f"/manage/{scene.challenge.id}/certificates"
    text = page(browser, here)
    assert "상장은 결과를 발표한 뒤에 발급할 수 있습니다." in text
    assert 'aria-disabled="true"' in text
    assert browser.get(f"{here}/preview").mimetype == "application/pdf"


def test_the_preview_has_the_longest_name_and_is_no_certificate(browse_as):
    scene = make_awarded(Bilingual("온결", "On"), LONGEST)
    browser = browse_as(scene.organizer)
    for language, name, mark in (
        ("ko", "온누리소상공인대안신용평가협동조합", "미리보기"),
        ("en", "Cooperative Consortium", "PREVIEW"),
    ):
        response = browser.get(f"/manage/{scene.challenge.id}/certificates/preview?language={language}")
        assert response.headers["Content-Disposition"].startswith("inline")
        text = " ".join(PdfReader(BytesIO(response.data)).pages[0].extract_text().split())
        assert name in text
        assert mark in text
        assert "2022-0000" in text
    assert browser.get("/v/0000000000000000").status_code == 404


def test_a_name_that_cannot_be_printed_is_refused_on_the_page_the_preview_and_the_button(browse_as):
    scene = make_awarded(Bilingual("𠮷田테크", "Yoshida Tech"))
    browser, here = browse_as(scene.organizer), f"/manage/{scene.challenge.id}/certificates"
    assert "𠮷 (U+20BB7)" in page(browser, here)
    for ask, url in ((browser.get, f"{here}/preview?language=ko"), (browser.post, here)):
        response = ask(url, headers=KOREAN)
        assert (response.status_code, response.location) == (303, here)
        assert "𠮷 (U+20BB7)" in page(browser, here).split("<main")[0]
    assert browser.get(f"{here}/preview?language=en").mimetype == "application/pdf"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Job)) == 0


def test_a_preview_before_anyone_is_selected_says_so(browse_as):
    host = factories.make_host()
    challenge = factories.make_challenge(host=host, state=ChallengeState.DECIDED)
    browser = browse_as(factories.make_user(member_of=host))
    browser.get(f"/manage/{challenge.id}/certificates/preview", headers=KOREAN)
    assert "아직 선정된 기업이 없습니다." in page(browser, f"/manage/{challenge.id}/certificates")


def test_a_download_bears_a_korean_name_and_only_the_winner_and_the_organizer_get_it(app, browse_as, scene, made):
    url = f"/certificates/{made[0].id}.pdf"
    for person in (scene.people[0], scene.organizer):
        response = browse_as(person).get(url)
        assert response.data == content_of(app, made[0])
        disposition = response.headers["Content-Disposition"]
        assert disposition.startswith("attachment")
        assert quote("상장_대상_가온셈랩(가상)_2022-0001.pdf", safe="!#$&+-.^_`|~") in disposition
        assert response.headers["Cache-Control"] == "private, no-store"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert browse_as(scene.people[1]).get(url).status_code == 404
    assert browse_as(None).get(url).status_code == 303


def test_a_file_name_holds_nothing_that_a_file_system_refuses(browse_as, app, clock):
    scene = make_awarded(Bilingual("../../x.pdf:온|결", "..\\x"))
    services.issue_certificates(scene.challenge, actor=scene.organizer, now=clock())
    run_jobs(app, clock)
    certificate = db.session.scalars(sa.select(Certificate).order_by(Certificate.number)).first()
    disposition = browse_as(scene.people[0]).get(f"/certificates/{certificate.id}.pdf").headers["Content-Disposition"]
    assert not set("/\\:|") & set(disposition.partition("filename*=UTF-8''")[2])


def test_revoking_without_a_reason_asks_for_it_where_it_is_missing(browse_as, scene, made):
    browser, here = browse_as(scene.organizer), f"/manage/{scene.challenge.id}/certificates"
    response = browser.post(f"{here}/{made[0].id}/revoke", data={"reason": "  "}, headers=KOREAN)
    text = response.get_data(as_text=True)
    assert response.status_code == 422
    assert "사유를 적어 주십시오" in text
    assert text.count('<details class="confirm" open>') == 1
    too_long = browser.post(f"{here}/{made[0].id}/reissue", data={"reason": "가" * 501}, headers=KOREAN)
    assert "가" * 501 in too_long.get_data(as_text=True)
    db.session.rollback()
    assert db.session.get(Certificate, made[0].id).state is CertificateState.ISSUED


def test_a_second_tab_that_revokes_is_told(browse_as, scene, made):
    browser, here = browse_as(scene.organizer), f"/manage/{scene.challenge.id}/certificates"
    for expected in ("제 2022-0001 호 상장을 취소했습니다.", "이미 취소한 상장입니다."):
        response = browser.post(f"{here}/{made[0].id}/revoke", data={"reason": "오기"}, headers=KOREAN)
        assert response.status_code == 303
        assert expected in page(browser, here)


def test_what_a_correction_made_wrong_is_marked(browse_as, scene, made):
    browser, here = browse_as(scene.organizer), f"/manage/{scene.challenge.id}/certificates"
    assert "정정 전 결과" not in page(browser, here)
    content = {"changed": [str(scene.applications[0].id)]}
    later = factories.NOW + timedelta(days=1)
    db.session.add(
        ResultSet(challenge_id=scene.challenge.id, number=2, reason="오기", content=content, sha256="0" * 64, published_at=later, public_at=later)
    )  # fmt: skip
    db.session.commit()
    assert page(browser, here).count("정정 전 결과") == 2


def test_a_certificate_of_another_challenge_is_not_there(browse_as, scene, made):
    other = make_awarded(host=db.session.get(type(scene.startups[0]), scene.challenge.host_id))
    browser = browse_as(other.organizer)
    url = f"/manage/{other.challenge.id}/certificates/{made[0].id}/revoke"
    assert browser.post(url, data={"reason": "남의 것"}).status_code == 404


def test_what_could_not_be_made_is_shown_and_tried_again(app, browse_as, clock, scene):
    services.issue_certificates(scene.challenge, actor=scene.organizer, now=clock())
    for job in db.session.scalars(sa.select(Job)):
        job.state, job.finished_at = JobState.DEAD, clock()
    db.session.commit()
    browser, here = browse_as(scene.organizer), f"/manage/{scene.challenge.id}/certificates"
    text = page(browser, here)
    assert "상장 4건을 만들지 못했습니다" in text
    assert ">다시 만들기</button>" in text
    browser.post(here, headers=KOREAN)
    run_jobs(app, clock)
    assert "만들지 못했습니다" not in page(browser, here)


def test_the_winner_finds_the_certificates_on_its_application(app, scene, made):
    with app.test_request_context(headers=KOREAN):
        shown = str(panels("application.status", scene.applications[0]))
        assert "제 2022-0001 호" in shown
        assert f"/certificates/{made[1].id}.pdf" in shown
        services.revoke_certificate(made[0], reason="이름이 틀림", actor=scene.organizer, now=factories.NOW)
        shown = str(panels("application.status", scene.applications[0]))
        assert f"/certificates/{made[0].id}.pdf" not in shown
        assert "이름이 틀림" in shown


def test_a_valid_certificate_says_whom_what_when_by_whom_and_nothing_else(client, scene, made):
    text = page(client, f"/V/{made[0].code}")
    for shown in (
        "유효한 상장입니다",
        "제 2022-0001 호",
        "대상",
        "가온셈랩(가상)",
        "2022 서울 핀테크 챌린지(예시)",
        "대안신용평가",
        "신한금융지주",
        "2022. 10. 28.(금)",
        "서울핀테크랩",
        made[0].sha256[:4],
    ):
        assert shown in text
    for hidden in (
        "홍길동",
        scene.people[0].email,
        scene.applications[0].receipt_number,
        made[1].code,
        "온결",
        str(made[0].id),
    ):
        assert hidden not in text
    response = client.get(f"/v/{made[0].code}", headers={"Accept-Language": "en"})
    assert "This certificate is valid" in response.get_data(as_text=True)
    assert "Gaonsem Lab" in response.get_data(as_text=True)
    assert response.headers["X-Robots-Tag"] == "noindex"


def test_a_revoked_certificate_says_when_and_why(client, scene, made):
    services.revoke_certificate(made[0], reason="신청자격 <사실>과 다름", actor=scene.organizer, now=factories.NOW)
    db.session.commit()
    text = page(client, f"/v/{made[0].code.lower()}")
    assert "취소된 상장입니다" in text
    assert f"2022. 9. 20.(화) 14:12 · {escape('신청자격 <사실>과 다름')}" in text


@pytest.mark.parametrize("code", ["0000000000000000", "nonsense", "가나다", "' OR 1=1 --", "a" * 900])
def test_an_unknown_code_gets_the_same_answer_however_it_is_wrong(client, made, statements, code):
    client.get("/v/0000000000000000")
    statements.statements.clear()
    response = client.get(f"/v/{quote(code, safe='')}", headers=KOREAN)
    assert response.status_code == 404
    assert "이 확인번호의 상장이 없습니다" in response.get_data(as_text=True)
    assert len(statements) == 1


def check(client, **data):
    return client.post("/verify", data=data, headers=KOREAN)


def test_a_code_leads_to_its_page_and_a_wrong_number_does_not(client, made):
    assert (
        check(client, code=made[0].code.lower()).location
        == f"/v/{made[0].code[:4]}-{made[0].code[4:8]}-{made[0].code[8:12]}-{made[0].code[12:]}"
    )
    assert check(client, code=made[0].code, serial="제 2022-0001 호").status_code == 303
    for wrong in ({"code": made[0].code, "serial": "2022-0002"}, {"code": "0" * 16}):
        response = check(client, **wrong)
        assert "이 확인번호의 상장이 없습니다" in response.get_data(as_text=True)
    assert client.get(f"/verify?code={made[0].code}").status_code == 303


def test_a_number_alone_tells_nothing(client, made):
    response = check(client, serial="2022-0001")
    assert response.status_code == 422
    assert "16자리" in response.get_data(as_text=True)
    assert "가온셈랩" not in response.get_data(as_text=True)


@pytest.mark.parametrize(("code", "sentence"), [("", "PDF를 골라"), ("abc", "PDF를 골라"), ("가" * 200, "너무 깁니다")])
def test_what_cannot_be_a_code_is_said_beside_the_field_and_kept(client, code, sentence):
    response = check(client, code=code)
    assert response.status_code == 422
    assert sentence in response.get_data(as_text=True)
    assert f'value="{code}"' in response.get_data(as_text=True)


def test_the_issued_file_is_known_by_itself(app, client, made):
    text = check(client, pdf=(BytesIO(content_of(app, made[0])), "상장.pdf")).get_data(as_text=True)
    assert "유효한 상장입니다" in text
    assert "파일이 발급한 때와 같습니다" in text


def test_an_altered_file_shows_both_fingerprints_and_names_nobody(app, client, made):
    altered = content_of(app, made[0]) + b"\n"
    text = check(client, code=made[0].code, pdf=(BytesIO(altered), "a.pdf")).get_data(as_text=True)
    assert "내용이 바뀐 파일입니다" in text
    assert made[0].sha256[:4] in text
    assert "가온셈랩" not in text
    unknown = check(client, pdf=(BytesIO(altered), "a.pdf")).get_data(as_text=True)
    assert "발급한 기록이 없는 파일입니다" in unknown


def test_the_file_of_a_revoked_certificate_is_revoked(app, client, scene, made):
    content = content_of(app, made[0])
    services.revoke_certificate(made[0], reason="오기", actor=scene.organizer, now=factories.NOW)
    db.session.commit()
    assert "취소된 상장입니다" in check(client, pdf=(BytesIO(content), "a.pdf")).get_data(as_text=True)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\x89PNG", "PDF 파일이 아닙니다"),
        (b"", "빈 파일입니다"),
        (b"%PDF-" + b"0" * 1100, "1KB보다 큽니다"),
    ],
)
def test_a_file_that_is_no_certificate_is_refused_with_its_reason(client, monkeypatch, content, sentence):
    monkeypatch.setattr(verify, "MOST_BYTES", 1024)
    response = check(client, pdf=(BytesIO(content), "a.pdf"))
    assert response.status_code == 422
    assert sentence in response.get_data(as_text=True)


@pytest.fixture
def _limiter_as_it_was():
    before = dict(vars(limiter))
    yield
    vars(limiter).clear()
    vars(limiter).update(before)


@pytest.mark.usefixtures("_limiter_as_it_was")
def test_guessing_is_slowed_down(app):
    config = Config()
    config.RATELIMIT_ENABLED = True
    config.SQLALCHEMY_DATABASE_URI = app.config["SQLALCHEMY_DATABASE_URI"]
    server = create_app(config, clock=app.extensions["clock"])
    browser = server.test_client()
    codes = [browser.get(f"/v/{number:016d}").status_code for number in range(30)]
    codes += [browser.get(f"/V/{number:016d}").status_code for number in range(30)]
    assert codes == [404] * 60
    assert browser.get("/verify").status_code == 429
    assert browser.get("/verify", environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 200
    with server.app_context():
        db.engine.dispose()
