from dataclasses import replace

import pytest
from flask_babel import force_locale
from hypothesis import given
from hypothesis import strategies as st

from app.challenges.form import changes
from app.challenges.form.answers import is_answered, show
from app.challenges.form.asking import asked
from app.challenges.form.carrying import Kept, carry_over
from app.challenges.form.checks import why_not_form
from app.challenges.form.codec import read_form, write_form
from app.challenges.form.difference import difference
from app.challenges.form.model import Column, Comparison, Condition, Form, Kind, Option, Question, Section
from app.core.bilingual import Bilingual
from app.core.errors import RuleBroken
from tests.challenges.form.forms import THEMES, answers_to, forms, questions


@pytest.fixture(autouse=True)
def _in_english():
    with force_locale("en"):
        yield


def question(code, kind=Kind.SHORT_TEXT, **more):
    return replace(changes.new_question(kind, Bilingual(code, code), code), **more)


def form(**sections):
    return Form(tuple(Section(code, Bilingual(code, code), questions=tuple(qs)) for code, qs in sections.items()))


def codes(made):
    return {section.code: [q.code for q in section.questions] for section in made.sections}


FORM = form(s=[question("a"), question("b")], t=[question("c")])


def test_questions_move_within_and_between_sections():
    assert codes(changes.move_question_up(FORM, "b")) == {"s": ["b", "a"], "t": ["c"]}
    assert codes(changes.move_question_down(FORM, "b")) == {"s": ["a"], "t": ["b", "c"]}
    assert codes(changes.move_question_up(FORM, "c")) == {"s": ["a", "b", "c"], "t": []}
    assert codes(changes.move_question_up(FORM, "a")) == codes(FORM)
    assert codes(changes.move_question_down(FORM, "c")) == codes(FORM)
    assert codes(changes.move_question(FORM, "a", "t", 0)) == {"s": ["b"], "t": ["a", "c"]}
    assert codes(changes.move_question(FORM, "a", "s", 99)) == {"s": ["b", "a"], "t": ["c"]}


def test_sections_move_and_go():
    assert list(codes(changes.move_section_by(FORM, "s", 1))) == ["t", "s"]
    assert list(codes(changes.move_section_by(FORM, "s", -1))) == ["s", "t"]
    assert codes(changes.remove_section(FORM, "s")) == {"t": ["c"]}
    assert codes(changes.remove_question(FORM, "a")) == {"s": ["b"], "t": ["c"]}


def test_copies_have_codes_of_their_own_and_their_conditions_stay_among_themselves():
    made = form(s=[question("a"), question("b", condition=Condition("a", Comparison.IS_ANSWERED))])
    copied = changes.duplicate_section(made, "s")
    a, b = copied.sections[1].questions
    assert b.condition == Condition(a.code, Comparison.IS_ANSWERED)
    assert len({q.code for q in copied.questions()}) == 4
    again = changes.duplicate_question(made, "b")
    copy = again.sections[0].questions[2]
    assert copy.condition == Condition("a", Comparison.IS_ANSWERED)
    assert copy.label == Bilingual("b (사본)", "b (copy)")


def test_what_is_gone_is_refused_in_words():
    with pytest.raises(RuleBroken) as refused:
        changes.move_question_up(FORM, "gone")
    assert refused.value.sentence == "This question is not in the form any more. Load the page again."


def test_a_conversion_keeps_what_both_kinds_have():
    options = (Option("x", Bilingual("엑스", "Ex")),)
    made = form(s=[question("a", Kind.CHOICE, options=options, required=False, help=Bilingual("도움", "Help"))])
    many = changes.convert_question(made, "a", Kind.CHOICES).question("a")
    assert (many.kind, many.options, many.required, many.help.en) == (Kind.CHOICES, options, False, "Help")
    text = changes.convert_question(made, "a", Kind.LONG_TEXT).question("a")
    assert (text.kind, text.options) == (Kind.LONG_TEXT, ())


@given(forms(), st.data())
def test_every_kind_can_become_every_other(made, data):
    for asked_for in made.questions():
        kind = data.draw(st.sampled_from(list(Kind)))
        converted = changes.convert_question(made, asked_for.code, kind)
        problems = [p for p in why_not_form(converted, THEMES) if p.field != "condition"]
        assert problems == []


VERBS = {
    "remove": lambda made, code, _draw: changes.remove_question(made, code),
    "duplicate": lambda made, code, _draw: changes.duplicate_question(made, code),
    "up": lambda made, code, _draw: changes.move_question_up(made, code),
    "down": lambda made, code, _draw: changes.move_question_down(made, code),
    "move": lambda made, code, draw: changes.move_question(
        made, code, draw(st.sampled_from([s.code for s in made.sections])), draw(st.integers(0, 4))
    ),
    "convert": lambda made, code, draw: changes.convert_question(made, code, draw(st.sampled_from(list(Kind)))),
    "options": lambda made, code, _draw: changes.change_question(made, code, options=made.question(code).options[1:]),
    "columns": lambda made, code, _draw: changes.change_question(made, code, columns=made.question(code).columns[1:]),
    "reword": lambda made, code, _draw: changes.change_question(made, code, label=Bilingual("새 질문", "New words")),
    "open": lambda made, code, _draw: changes.change_question(made, code, required=not made.question(code).required),
}


@st.composite
def edits(draw, made: Form) -> Form:
    """The form after some of the builder's verbs, as far as it lets them stand."""
    for step in range(draw(st.integers(0, 5))):
        sections = [section.code for section in made.sections]
        codes_now = [question.code for question in made.questions()]
        if len(sections) > 1 and draw(st.integers(0, 5)) == 0:
            changed = changes.remove_section(made, draw(st.sampled_from(sections)))
        elif not codes_now or draw(st.booleans()):
            changed = changes.add_question(made, draw(st.sampled_from(sections)), draw(questions(f"n{step}")))
        else:
            verb = VERBS[draw(st.sampled_from(sorted(VERBS)))]
            changed = verb(made, draw(st.sampled_from(codes_now)), draw)
        if not why_not_form(changed, THEMES):
            made = changed
    return made


def words_of(answer) -> list[str]:
    if isinstance(answer, list):
        return sorted(w for item in answer for w in (item.values() if isinstance(item, dict) else [item]) if w.strip())
    return [answer] if answer and answer.strip() else []


@given(st.data())
def test_no_answer_is_lost_or_moved_to_another_question_by_any_change_of_the_form(data):
    old = data.draw(forms())
    new = data.draw(edits(old))
    answers = data.draw(answers_to(old, files=False))
    carried = carry_over(answers, old, new)
    kept = {item.question.code: item for item in carried.kept}
    for code, answer in answers.items():
        standing = old.question(code)
        now = new.question(code)
        held = words_of(carried.answers.get(code, "")) + (words_of(kept[code].answer) if code in kept else [])
        # What was chosen may stand in its words, or a word as its option: the same answer to the same question.
        other_spelling = [show(standing, answer)] if now is not None and now.kind is not standing.kind else []
        by_option = (
            [
                o.code
                for o in now.options
                if show(standing, answer).casefold() in (o.code, o.label.ko.casefold(), o.label.en.casefold())
            ]
            if now
            else []
        )
        assert sorted(held) in (words_of(answer), other_spelling, by_option)
    assert set(carried.answers) | set(kept) <= set(answers)
    assert [Kept.from_json(item.as_json()).answer for item in carried.kept] == [item.answer for item in carried.kept]


@given(st.data())
def test_what_was_carried_over_and_back_is_what_it_was(data):
    old = data.draw(forms())
    answers = data.draw(answers_to(old, files=False))
    gone = carry_over(answers, old, Form())
    assert gone.answers == {}
    back = carry_over(gone.answers, Form(), old, gone.kept)
    assert back.answers == answers
    assert back.kept == ()


def test_a_new_question_under_an_old_code_does_not_get_the_old_answer():
    old = form(s=[question("a")])
    new = form(s=[replace(question("a"), label=Bilingual("다른 질문", "Another question"))])
    gone = carry_over({"a": "to the old one"}, old, Form())
    back = carry_over({}, Form(), new, gone.kept)
    assert back.answers == {}
    assert [item.answer for item in back.kept] == ["to the old one"]


@pytest.mark.parametrize(
    ("was", "now", "answer", "carried", "kept"),
    [
        (Kind.SHORT_TEXT, Kind.LONG_TEXT, "text", "text", None),
        (Kind.SHORT_TEXT, Kind.NUMBER, "12", "12", None),
        (Kind.SHORT_TEXT, Kind.NUMBER, "twelve", None, "twelve"),
        (Kind.NUMBER, Kind.MONEY, "1,000", "1,000", None),
        (Kind.CHOICE, Kind.CHOICES, "o1", ["o1"], None),
        (Kind.CHOICES, Kind.CHOICE, ["o1"], "o1", None),
        (Kind.CHOICES, Kind.CHOICE, ["o1", "o2"], None, ["o1", "o2"]),
        (Kind.CHOICE, Kind.SHORT_TEXT, "o1", "Option 1", None),
        (Kind.SHORT_TEXT, Kind.CHOICE, "option 2", "o2", None),
        (Kind.YES_NO, Kind.SHORT_TEXT, "yes", "Yes", None),
        (Kind.TABLE, Kind.LONG_TEXT, [{"c1": "x"}], "Item: x", None),
        (Kind.LONG_TEXT, Kind.TABLE, "x", None, "x"),
        (Kind.LONG_TEXT, Kind.FILE, "x", None, "x"),
    ],
)
def test_answers_go_over_where_they_keep_their_meaning(was, now, answer, carried, kept):
    old = form(s=[question("a", was)])
    new = changes.convert_question(old, "a", now)
    result = carry_over({"a": answer}, old, new)
    assert result.answers.get("a") == carried
    assert [item.answer for item in result.kept] == ([kept] if kept else [])


def test_cells_of_a_column_that_is_gone_are_kept():
    columns = (Column("n", Bilingual("이름", "Name")), Column("r", Bilingual("역할", "Role")))
    old = form(s=[question("a", Kind.TABLE, columns=columns)])
    new = changes.change_question(old, "a", columns=columns[:1])
    result = carry_over({"a": [{"n": "Kim", "r": "CEO"}, {"n": "Lee"}]}, old, new)
    assert result.answers == {"a": [{"n": "Kim"}, {"n": "Lee"}]}
    assert [show(item.question, item.answer) for item in result.kept] == ["Role: CEO"]


@given(st.data())
def test_a_difference_is_told_exactly_where_there_is_one(data):
    old = data.draw(forms())
    new = data.draw(edits(old))
    told = difference(old, new)
    assert bool(told) == (old != new)
    assert difference(old, read_form(write_form(old))) == []


def test_a_difference_reads_like_a_letter():
    new = changes.change_question(FORM, "a", required=False, limit=500)
    new = changes.move_question(new, "b", "t", 0)
    new = changes.remove_question(new, "c")
    new = changes.add_question(new, "t", question("d"))
    assert difference(FORM, new) == [
        "“a”: at most 500 characters now.",
        "“a” may be left open now.",
        "“b” is now asked in section “t”.",
        "New question “d” in section “t”. It has to be answered.",
        "“c” is not asked any more.",
    ]


@given(st.data(), st.sampled_from(THEMES))
def test_a_hidden_answer_comes_back_with_its_question(data, theme):
    made = data.draw(forms())
    answers = data.draw(answers_to(made))
    before = dict(answers)
    part = asked(made, theme, answers)
    assert answers == before
    assert all(is_answered(answer) for answer in answers.values())
    assert {q.code for q in part.questions()} <= {q.code for q in made.questions() if isinstance(q, Question)}
