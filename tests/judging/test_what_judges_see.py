"""What a judge must not see stands nowhere: an entry in conflict, and in a blind round whose entry it is."""

from dataclasses import dataclass
from datetime import date

import pytest
import sqlalchemy as sa
from flask import make_response

from app.accounts.models import Membership, MembershipRole
from app.applications.models import Application, Document, GivenConsent
from app.applications.rules import consent_sha256
from app.core.bilingual import Bilingual
from app.core.database import db
from app.judging.models import Conflict, ScoreSheet
from app.judging.states import ConflictKind
from app.mail.models import Mail
from app.web import errors
from tests import factories
from tests.files import pdf
from tests.judging.scene import Room, make_room, make_sheet, split
from tests.judging.walk import Walker


@pytest.fixture(autouse=True)
def _short_refusals(monkeypatch):
    """Most of what is walked is refused, each time with the same page, which knows nothing of the thing asked for."""
    monkeypatch.setattr(errors, "_page", lambda code, **_more: make_response(str(code), code))


@dataclass
class Entry:
    application: Application
    document: Document
    sheet: ScoreSheet

    @property
    def ids(self) -> dict[str, object]:
        """All that an address of this entry could hold."""
        return {
            "application_id": self.application.id, "sheet_id": self.sheet.id, "document_id": self.document.id,
            "organization_id": self.application.startup_id, "challenge_id": self.application.challenge_id,
            "slug": self.application.challenge.slug, "judge_id": self.sheet.judge_id, "section": "proposal", "code": "proposal",
        }  # fmt: skip

    @property
    def secrets(self) -> list[str]:
        """What tells whose entry it is, or that it is there."""
        startup, sent = self.application.startup, self.application.submissions[0]
        return [
            startup.name.ko.removesuffix("(가상)"), startup.name.en, startup.representative, startup.website, startup.address,
            startup.business_number, self.application.receipt_number, self.application.contact_name,
            self.application.contact_email, self.document.filename.removesuffix(".pdf"), self.document.sha256, sent.sha256,
            str(self.application.id), str(startup.id),
        ]  # fmt: skip


def add_entry(room: Room, mark: str, number: str, *, signed: bool = False, **sheet) -> Entry:
    startup = factories.make_organization(
        name=Bilingual(f"{mark}빛솔(가상)", f"Bitsol{number} Works"), representative=f"{mark}담이", website=f"https://bitsol{number}.example",
        business_number=number, address=f"서울특별시 마포구 {mark}길 31", founded_on=date(2019, 3, 12),
    )  # fmt: skip
    application = factories.make_application(
        room.challenge, startup=startup, contact_name=f"{mark}누리", contact_email=f"nuri{number}@bitsol{number}.example",
        answers={"summary": f"{mark}빛솔은 ㈜{mark} 빛 솔의 대표 {mark}담이가 만든 현금흐름 점수입니다."},
    )  # fmt: skip
    share(application)
    document = factories.make_document(application, content=pdf(mark), filename=f"{mark}빛솔 제안서.pdf")
    made = make_sheet(room.judges[0], application, split(80) if signed else None, signed=signed, **sheet)
    db.session.commit()
    return Entry(application, document, made)


def share(application: Application) -> None:
    """The applicant lets the theme's sponsor read it."""
    consent = application.challenge.form.question("sponsor")
    given = GivenConsent(
        application_id=application.id, question=consent.code, given=True, text_sha256=consent_sha256(consent, "ko"),
        language="ko", decided_at=factories.NOW,
    )  # fmt: skip
    db.session.add(given)
    db.session.flush()
    db.session.refresh(application, ["consents"])


def work_for_the_sponsor(room: Room) -> None:
    """The judge is one of the sponsor's people, who read what is shared with it."""
    person = room.person()
    membership = Membership(
        user=person, organization=room.challenge.themes[0].sponsor, role=MembershipRole.ADMIN, created_at=factories.NOW
    )
    db.session.add(membership)
    db.session.commit()


def object_to(room: Room, entry: Entry) -> None:
    """The committee finds the judge in conflict, on somebody else's word; the sheet stays where it was, to see that the conflict hides it."""
    conflict = Conflict(
        judge_id=room.judges[0].id, application_id=entry.application.id, kind=ConflictKind.OBJECTION,
        reason="같은 학교", declared_by_id=room.organizer.id, declared_at=factories.NOW,
    )  # fmt: skip
    db.session.add(conflict)
    db.session.commit()


def test_an_entry_in_conflict_is_nowhere_and_changes_no_page(app, browse_as):
    room = make_room(entries=0)
    work_for_the_sponsor(room)
    shown = add_entry(room, "나래", "2222222227", signed=True)
    judge = browse_as(room.person())
    before = Walker(app, judge).read(shown.ids).walk
    for page in ("/judging/{0}", "/sponsor/{0}/applications"):
        assert "나래빛솔" in before.pages[page.format(room.challenge.id)]
    hidden = add_entry(room, "다솜", "1234567891")
    object_to(room, hidden)
    after = Walker(app, judge).read(shown.ids).follow().walk
    assert before.differences(after) == [], "its being there shows"
    mixed = {**shown.ids, "document_id": hidden.document.id}
    asked = Walker(app, judge, before=after).read(hidden.ids, mixed).post(hidden.ids).walk
    ids = {str(hidden.application.id), str(hidden.application.startup_id)}  # echoed where an address is
    secrets = [secret for secret in hidden.secrets if secret not in ids]
    assert [trace for walk in (after, asked) for trace in walk.traces(secrets)] == []
    assert after.traces(ids) == []


@pytest.fixture
def blind_room():
    room = make_room(entries=0)
    room.round.blind = True
    db.session.commit()
    return room


def test_whose_entry_it_is_stands_nowhere_in_a_blind_round(app, browse_as, blind_room):
    room = blind_room
    work_for_the_sponsor(room)
    entry = add_entry(room, "다솜", "1234567891")
    judge = browse_as(room.person())
    sheet = f"/judging/sheets/{entry.sheet.id}"
    data = {"version": 1, **{f"score-{code}": score for code, score in split(80).items()}}
    assert judge.post(sheet, data=data).status_code == 303
    walk = Walker(app, judge).read(entry.ids).follow().post(entry.ids).walk
    for page in (f"/judging/{room.challenge.id}", f"/judging/{room.challenge.id}/sign"):
        assert "참가팀" in walk.pages[page]
    assert "○○○은 ○○○의 대표 ○○○가 만든 현금흐름 점수입니다." in walk.pages[sheet]
    signed = judge.post(f"{sheet}/sign", data={**data, "version": 2, "password": factories.PASSWORD})
    assert signed.status_code == 303
    later = Walker(app, judge)
    for address in (f"/judging/{room.challenge.id}", sheet, "/account/my-data"):
        later.get(address)  # with what the pages say of the signing
    later.follow()
    ids = {str(entry.application.id), str(entry.application.startup_id)}
    secrets = [secret for secret in entry.secrets if secret not in ids]
    assert [trace for one in (walk, later.walk) for trace in one.traces(secrets)] == []
    db.session.rollback()
    organizer = browse_as(room.organizer)
    assert (
        organizer.post(
            f"/manage/{room.challenge.id}/sheets/{entry.sheet.id}/reopen", data={"reason": "합계 오류"}
        ).status_code
        == 303
    )
    db.session.rollback()
    told = db.session.scalars(sa.select(Mail).where(Mail.to_address == room.person().email)).all()
    assert told
    assert [secret for secret in secrets for mail in told if secret in f"{mail.subject} {mail.html} {mail.text}"] == []
