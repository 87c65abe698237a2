"""The working copy of a form: its steps, and that the builder's pages neither lose nor change what they only show."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings

from app.challenges import queries, services
from app.challenges.form import changes
from app.challenges.form.codec import export_form, import_form, write_form
from app.challenges.form.model import Form, Kind
from app.challenges.models import FormStep
from app.challenges.services import compose_form
from app.challenges.services.compose_form import Deed, item_sha256
from app.challenges.starts import read_start
from app.challenges.states import ChallengeState
from app.core.bilingual import Bilingual
from app.core.database import db
from app.core.errors import RuleBroken, StaleEdit
from tests import factories
from tests.challenges.drafts import Draft
from tests.challenges.form.forms import THEMES, forms
from tests.challenges.shown import shown_form
from tests.factories import NOW


@pytest.fixture
def draft():
    made = Draft(sponsors=3)
    made.challenge.form = Form()
    return made


def change(draft, verb="add", *, now=NOW, version=None, actor=None, form=None):
    made = (
        (lambda old: form)
        if form is not None
        else (lambda old: changes.add_section(old, changes.new_section(Bilingual("새", "New"))))
    )
    return services.change_form(
        draft.challenge, Deed(verb, "s.x"), made, actor=actor or draft.organizer, now=now, version=version
    )


def copy_of(draft):
    return queries.get_working_copy(draft.challenge)


def steps(draft):
    query = sa.select(FormStep.number).where(FormStep.challenge_id == draft.challenge.id)
    return sorted(db.session.scalars(query))


def test_reading_begins_nothing(draft):
    assert copy_of(draft).version == 0
    assert steps(draft) == []


def test_each_change_is_a_step_that_undo_takes_back(draft):
    change(draft)
    change(draft)
    assert len(copy_of(draft).form.sections) == 2
    services.undo_change(draft.challenge, actor=draft.organizer, now=NOW, version=2)
    services.undo_change(draft.challenge, actor=draft.organizer, now=NOW, version=3)
    assert copy_of(draft).form == Form()
    assert copy_of(draft).step is None
    with pytest.raises(RuleBroken):
        services.undo_change(draft.challenge, actor=draft.organizer, now=NOW, version=4)
    services.redo_change(draft.challenge, actor=draft.organizer, now=NOW, version=4)
    assert len(copy_of(draft).form.sections) == 1
    change(draft)  # what was undone is gone for good once something else is done
    with pytest.raises(RuleBroken):
        services.redo_change(draft.challenge, actor=draft.organizer, now=NOW, version=copy_of(draft).version)


def test_a_change_that_changes_nothing_is_none(draft):
    assert not change(draft, form=Form())
    assert copy_of(draft).version == 0


def type_on(draft, words, *, now, actor=None):
    section = copy_of(draft).form.sections[0]
    services.save_section(
        draft.challenge, section.code,
        lambda form: changes.change_section(form, section.code, title=Bilingual(words, words)),
        seen=item_sha256(section), name=Bilingual(words, words), actor=actor or draft.organizer, now=now,
    )  # fmt: skip


def test_typing_on_is_one_step_until_somebody_pauses_or_another_goes_on(draft):
    change(draft)
    for second in range(0, 60, 5):
        type_on(draft, f"words {second}", now=NOW + timedelta(seconds=second))
    assert steps(draft) == [0, 1, 2]
    type_on(draft, "later", now=NOW + timedelta(seconds=60 + 55))
    assert steps(draft) == [0, 1, 2, 3]
    colleague = factories.make_user("동료", member_of=draft.host)
    type_on(draft, "hers", now=NOW + timedelta(seconds=60 + 56), actor=colleague)
    assert steps(draft) == [0, 1, 2, 3, 4]
    services.undo_change(draft.challenge, actor=draft.organizer, now=NOW, version=copy_of(draft).version)
    assert copy_of(draft).form.sections[0].title.en == "later"


def test_words_that_were_not_seen_are_not_written_over(draft):
    change(draft)
    section = copy_of(draft).form.sections[0]
    type_on(draft, "theirs", now=NOW)
    write = lambda form: changes.change_section(form, section.code, title=Bilingual("mine", "mine"))  # noqa: E731 - used twice
    with pytest.raises(StaleEdit):
        services.save_section(
            draft.challenge, section.code, write, seen=item_sha256(section), name=section.title, actor=draft.organizer, now=NOW
        )  # fmt: skip
    type_on(draft, "mine", now=NOW)
    # Sent once more because the first answer was lost: it says what stands there already.
    assert not services.save_section(
        draft.challenge, section.code, write, seen=item_sha256(section), name=section.title, actor=draft.organizer, now=NOW
    )  # fmt: skip


def test_only_the_last_steps_are_kept(draft, monkeypatch):
    monkeypatch.setattr(compose_form, "STEPS_KEPT", 5)
    for _time in range(9):
        change(draft)
    assert steps(draft) == [4, 5, 6, 7, 8, 9]


def test_what_takes_others_words_away_needs_the_present_version(draft):
    change(draft)
    for stale in (0, 7):
        with pytest.raises(StaleEdit):
            change(draft, version=stale)
        with pytest.raises(StaleEdit):
            services.undo_change(draft.challenge, actor=draft.organizer, now=NOW, version=stale)
        with pytest.raises(StaleEdit):
            services.redo_change(draft.challenge, actor=draft.organizer, now=NOW, version=stale)


def test_a_stranger_and_a_call_in_review_are_refused(draft):
    with pytest.raises(RuleBroken, match="운영기관"):
        change(draft, actor=factories.make_user("남"))
    draft.challenge.state = ChallengeState.SPONSOR_REVIEW
    with pytest.raises(RuleBroken, match="검토"):
        change(draft)


def test_a_form_without_end_is_refused(draft):
    endless = changes.add_section(Form(), changes.new_section(Bilingual("가" * 2_000_001, "")))
    with pytest.raises(RuleBroken, match="너무 길어"):
        change(draft, form=endless)


def test_themes_that_the_call_has_not_are_left_out_of_a_form_from_elsewhere(draft):
    form = read_start("interest")
    odd = Form(tuple(replace(s, themes=("T1", "Z9")) for s in form.sections))
    services.replace_form(
        draft.challenge, Deed("template"), odd, themes={"T1", "T2"}, actor=draft.organizer, now=NOW, version=0
    )
    assert {section.themes for section in copy_of(draft).form.sections} == {("T1",)}


def stripped(value):
    """The content less the blanks around its texts, which every form of ours takes away."""
    if isinstance(value, dict):
        return {key: text for key, inner in value.items() if (text := stripped(inner)) != {"ko": "", "en": ""}}
    if isinstance(value, list):
        return [stripped(inner) for inner in value]
    return value.strip() if isinstance(value, str) else value


@given(forms())
def test_any_form_comes_back_from_its_file(form):
    assert import_form(export_form(form)) == form
    assert import_form(export_form(form).encode()) == form


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(forms())
def test_saving_any_item_as_the_builder_shows_it_changes_nothing(draft, browse_as, form):
    for theme, code in zip(draft.challenge.themes, THEMES, strict=True):
        theme.code = code
    change(draft, "import", form=form)
    db.session.commit()
    browser = browse_as(draft.organizer)
    address = f"/manage/{draft.challenge.id}/form"
    for section in form.sections:
        for item in (f"s.{section.code}", *(f"q.{question.code}" for question in section.questions)):
            data = shown_form(browser.get(f"{address}?at={item}"), "builder")
            assert data["item"] == item
            assert browser.post(address, data=data | {"do": "save"}).status_code == 303
    db.session.expire_all()
    assert stripped(write_form(copy_of(draft).form)) == stripped(write_form(form))


@pytest.mark.parametrize("kind", list(Kind))
def test_a_question_can_become_each_other_kind_in_the_builder(draft, browse_as, kind):
    form = read_start("poc")
    change(draft, "import", form=form)
    db.session.commit()
    browser = browse_as(draft.organizer)
    address = f"/manage/{draft.challenge.id}/form"
    data = shown_form(browser.get(f"{address}?at=q.readiness"), "builder")
    data["do"], data["kind"] = "save", kind.value
    assert browser.post(address, data=data).status_code == 303
    assert browser.get(f"{address}?at=q.readiness").status_code == 200
    db.session.expire_all()
    question = copy_of(draft).form.question("readiness")
    assert (question.kind, question.label.en) == (kind, "Readiness")
