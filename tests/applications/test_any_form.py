"""Whatever form an organizer composes: it is asked, answered, judged, saved, changed under its drafts, sent, and read back."""

import csv
import io
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask_babel import force_locale
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.applications import rules, services
from app.applications.content import draft_content, read_content
from app.applications.exports.table import write_table
from app.applications.models import Application, Submission
from app.applications.queries.asked import ReceivedFilter
from app.applications.rules.completeness import form_answers
from app.applications.services import DraftInput
from app.applications.services.follow_form import follow_one
from app.challenges import services as challenges
from app.challenges.content import call_content
from app.challenges.form.answers import answer_fault, is_answered, show
from app.challenges.form.asking import asked
from app.challenges.form.carrying import KEPT_ELSEWHERE, Kept
from app.challenges.form.checks import why_not_form
from app.challenges.form.model import Kind
from app.challenges.inputs import Change
from app.challenges.models import RulesVersion
from app.core.canonical import canonical_sha256
from app.core.database import db
from tests import factories
from tests.applications.scenes import OPEN
from tests.challenges.form.forms import answers_to, forms
from tests.challenges.form.test_changes import edits, words_of

SLOW = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)  # fmt: skip
THEMES = ("T1", "T2")


@pytest.fixture(autouse=True)
def _in_english():
    with force_locale("en"):
        yield


def themed(form):
    """The form for the themes of the factory's call."""
    names = {"A": "T1", "B": "T2"}

    def renamed(themes):
        return tuple(names[theme] for theme in themes if theme in names)

    sections = []
    for section in form.sections:
        questions = tuple(replace(q, themes=renamed(q.themes)) for q in section.questions)
        sections.append(replace(section, themes=renamed(section.themes), questions=questions))
    made = type(form)(tuple(sections))
    return made if not why_not_form(made, THEMES) else type(form)(())


def call_with(form):
    """A call that is out with this form, and a draft of it with the person who writes."""
    challenge = factories.make_challenge()
    challenge.form = form
    version = db.session.scalars(sa.select(RulesVersion).where(RulesVersion.challenge_id == challenge.id)).one()
    version.content = call_content(challenge)
    startup = factories.make_organization()
    person = factories.make_user(member_of=startup)
    organizer = factories.make_user(member_of=challenge.host)
    application = services.start_application(challenge.themes[0], startup, actor=person, now=OPEN)
    application.answers = {}  # what the profile filled in is tried elsewhere
    return challenge, application, person, organizer


def stored(application):
    db.session.flush()
    db.session.expire_all()
    return db.session.get_one(Application, application.id)


@SLOW
@given(st.data())
def test_any_form_is_answered_saved_sent_read_back_and_exported(data):
    with db.session.begin_nested() as undo:
        form = themed(data.draw(forms()))
        answers = data.draw(answers_to(form, files=False))
        _challenge, application, person, organizer = call_with(form)
        services.save_draft(application, DraftInput(answers=answers), version=1, actor=person, now=OPEN)
        application = stored(application)
        assert {code: words_of(a) for code, a in application.answers.items()} == {
            code: words_of(a) for code, a in answers.items()
        }
        part = asked(form, "T1", form_answers(application))
        wrong = {
            f"answer-{q.code}"
            for q in part.questions()
            if q.kind not in KEPT_ELSEWHERE and answer_fault(q, application.answers.get(q.code))
        }
        faults = {f.field for f in rules.find_faults(application, today=OPEN)}
        assert {field for field in faults if field.startswith("answer-")} == wrong
        content = draft_content(application)
        sent = read_content(content, 1, canonical_sha256(content), OPEN, whole=True)
        shown = {q.code: q for q in part.questions() if q.kind not in KEPT_ELSEWHERE}
        assert {a.question.code: a.answer for a in sent.answers} == {
            code: application.answers[code] for code in shown if is_answered(application.answers.get(code))
        }
        assert [a.text for a in sent.answers] == [show(shown[a.question.code], a.answer) for a in sent.answers]
        private = {a.question.code for a in sent.answers if shown[a.question.code].private}
        for_judges = read_content(content, 1, canonical_sha256(content), OPEN, whole=False)
        assert {a.question.code for a in for_judges.answers} == {a.question.code for a in sent.answers} - private
        exported(application, sent)
        del organizer
        undo.rollback()


def exported(application, sent):
    """The submission's line of the CSV holds every answer."""
    challenge = application.challenge
    application.state, application.submitted_at = type(application.state).SUBMITTED, OPEN
    application.receipt_number = "X-001"
    version = db.session.scalars(sa.select(RulesVersion).where(RulesVersion.challenge_id == challenge.id)).first()
    content = draft_content(application)
    db.session.add(
        Submission(
            application_id=application.id, number=1, content=content, sha256=canonical_sha256(content),
            rules_version_id=version.id, submitted_at=OPEN,
        )
    )  # fmt: skip
    db.session.flush()
    out = io.BytesIO()
    assert write_table(out, challenge, ReceivedFilter(at=OPEN), "csv") == 1
    head, line = csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig"), newline=""))
    assert len(head) == len(line)
    cells = "\n".join(line)
    for answer in sent.answers:
        if answer.question.kind in (Kind.SHORT_TEXT, Kind.LONG_TEXT, Kind.URL, Kind.CHOICE):
            assert answer.text in cells or answer.text.replace("\n", "\r\n") in cells


@SLOW
@given(st.data())
def test_no_answer_of_a_draft_is_lost_or_moved_when_the_form_changes_under_it(data):
    with db.session.begin_nested() as undo:
        old = themed(data.draw(forms()))
        new = themed(data.draw(edits(old))) if old.sections else old
        answers = data.draw(answers_to(old, files=False))
        challenge, application, person, organizer = call_with(old)
        services.save_draft(application, DraftInput(answers=answers), version=1, actor=person, now=OPEN)
        before = {code: words_of(answer) for code, answer in application.answers.items()}
        challenge.form = new
        challenge.version += 1
        db.session.flush()
        follow_one(application.id, now=OPEN)
        application = stored(application)
        assert application.form_sha256 == application.challenge.form_sha256
        kept = {item.question.code: item for item in map(Kept.from_json, application.kept)}
        for code, words in before.items():
            held = words_of(application.answers.get(code, "")) + (words_of(kept[code].answer) if code in kept else [])
            assert held or not words
            if new.question(code) is None:
                assert sorted(held) == words
        assert set(application.answers) | set(kept) <= set(before)
        follow_one(application.id, now=OPEN)
        assert [item["question"]["code"] for item in stored(application).kept] == [*kept]
        del organizer
        undo.rollback()


def test_an_open_page_of_the_old_form_loses_nothing():
    _challenge, application, person, organizer = call_with(factories.FORM)
    page = application.challenge.form_sha256
    without = type(factories.FORM)(factories.FORM.sections[1:])
    challenges.set_form(application.challenge, without, actor=organizer, now=OPEN, change=Change("문항 삭제"))
    for text in ("한 문장", "한 문장 더"):
        services.save_draft(
            application, DraftInput(answers={"summary": text}, form_sha256=page), version=application.version, actor=person, now=OPEN
        )  # fmt: skip
    application = stored(application)
    assert application.answers == {}
    assert [item["answer"] for item in application.kept] == ["한 문장 더"]
    challenges.set_form(application.challenge, factories.FORM, actor=organizer, now=OPEN, change=Change("되살림"))
    follow_one(application.id, now=OPEN)
    assert stored(application).answers == {"summary": "한 문장 더"}
    assert stored(application).kept == []
