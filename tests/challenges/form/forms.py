"""Forms as a builder makes them and answers as people type them, for the tests of properties."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import strategies as st

from app.challenges.form.answers import is_answered
from app.challenges.form.carrying import KEPT_ELSEWHERE
from app.challenges.form.changes import add_question, add_section, new_question, new_section
from app.challenges.form.checks import COMPARISONS, FACTS, why_not_form
from app.challenges.form.model import Column, Comparison, Condition, Form, Kind, Option, Question
from app.core.bilingual import Bilingual

THEMES = ("A", "B", "C")
WORDS = st.text(st.sampled_from("가나다한글abc XYZ.,%<>&\"'\n"), max_size=12)
NAMES = st.builds(lambda ko, en: Bilingual(f"이름 {ko}".strip(), f"Name {en}".strip()), WORDS, WORDS)
TEXTS = st.builds(Bilingual, WORDS, WORDS)
SOME_THEMES = st.sampled_from([(), (), (), ("A",), ("A", "B"), ("A", "B", "C")])
COLUMN_KINDS = st.sampled_from([Kind.SHORT_TEXT, Kind.NUMBER, Kind.MONEY, Kind.DATE])


@st.composite
def questions(draw: st.DrawFn, code: str, earlier: tuple[Question, ...] = ()) -> Question:
    kind = draw(st.sampled_from(list(Kind)))
    question = replace(
        new_question(kind, draw(NAMES), code),
        help=draw(TEXTS),
        themes=draw(SOME_THEMES),
        required=draw(st.booleans()),
        condition=draw(conditions(earlier)),
    )
    match kind:
        case Kind.SHORT_TEXT | Kind.LONG_TEXT:
            question = replace(question, limit=draw(st.none() | st.integers(1, 300)), example=draw(TEXTS))
        case Kind.NUMBER:
            least = draw(st.none() | st.integers(-50, 50))
            places = draw(st.none() | st.decimals(50, 5000, places=2))
            question = replace(question, least=None if least is None else Decimal(least), most=places, unit=draw(TEXTS))
        case Kind.MONEY:
            question = replace(question, most=draw(st.none() | st.integers(0, 10**12).map(Decimal)))
        case Kind.CHOICE | Kind.CHOICES:
            count = draw(st.integers(2, 5))
            question = replace(question, options=tuple(Option(f"o{i}", draw(NAMES)) for i in range(count)))
        case Kind.TABLE:
            kinds = draw(st.lists(COLUMN_KINDS, min_size=1, max_size=4))
            columns = tuple(Column(f"c{i}", draw(NAMES), k, draw(st.booleans())) for i, k in enumerate(kinds))
            question = replace(question, columns=columns, rows_most=draw(st.integers(1, 5)))
        case Kind.FILE:
            question = replace(question, types=("pdf", "hwp"), max_age_days=draw(st.none() | st.integers(1, 90)))
        case Kind.CONSENT:
            question = replace(question, text=draw(NAMES))
    if kind is not Kind.CONSENT:
        question = replace(question, private=draw(st.booleans()), identifying=draw(st.booleans()))
    facts = [fact for fact, kinds in FACTS.items() if kind in kinds]
    return replace(question, prefill=draw(st.sampled_from(["", *facts])))


@st.composite
def conditions(draw: st.DrawFn, earlier: tuple[Question, ...]) -> Condition | None:
    if not earlier or draw(st.booleans()):
        return None
    other = draw(st.sampled_from(earlier))
    comparison = draw(st.sampled_from(COMPARISONS[other.kind]))
    if comparison is Comparison.IS_ANSWERED:
        return Condition(other.code, comparison)
    values = {
        Kind.SHORT_TEXT: ["서울", "x"],
        Kind.NUMBER: ["3", "1,000.5"],
        Kind.MONEY: ["30000000"],
        Kind.DATE: ["2022-09-23"],
        Kind.YES_NO: ["yes", "no"],
        Kind.CONSENT: ["yes", "no"],
        Kind.CHOICE: [option.code for option in other.options],
        Kind.CHOICES: [option.code for option in other.options],
    }
    return Condition(other.code, comparison, draw(st.sampled_from(values[other.kind])))


@st.composite
def forms(draw: st.DrawFn) -> Form:
    """A form that the builder lets stand: what it refuses (a question on one that its theme is not asked) is not added."""
    form = Form()
    for s in range(draw(st.integers(1, 3))):
        form = add_section(
            form, replace(new_section(draw(NAMES), f"s{s}"), intro=draw(TEXTS), themes=draw(SOME_THEMES))
        )
        for q in range(draw(st.integers(0, 5))):
            question = draw(questions(f"q{s}-{q}", tuple(form.questions())))
            grown = add_question(form, f"s{s}", question)
            form = (
                grown
                if not why_not_form(grown, THEMES)
                else add_question(form, f"s{s}", replace(question, condition=None))
            )
    return form


@st.composite
def answers_to(draw: st.DrawFn, form: Form, *, files: bool = True) -> dict:
    """What a draft may hold: good answers, nonsense, and nothing; with `files`, also what conditions on files and consents see."""
    found = {}
    for question in form.questions():
        answer = draw(answers(question))
        if is_answered(answer) and (files or question.kind not in KEPT_ELSEWHERE):
            found[question.code] = answer
    return found


TYPED = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=20).map(str.strip)
SENSIBLE = {
    Kind.NUMBER: ["3", "1,234.50", "-7"],
    Kind.MONEY: ["30,000,000", "3억 5,000만원", "0"],
    Kind.DATE: ["2022-09-23", "2022. 9. 23."],
    Kind.YES_NO: ["yes", "no"],
    Kind.URL: ["https://example.kr/제안"],
    Kind.FILE: ["제안서.pdf"],
    Kind.CONSENT: ["yes", "no"],
}


def answers(question: Question) -> st.SearchStrategy:
    if question.kind is Kind.CHOICE:
        return st.sampled_from([*(option.code for option in question.options), ""])
    if question.kind is Kind.CHOICES:
        return st.lists(st.sampled_from([option.code for option in question.options]), unique=True)
    if question.kind is Kind.TABLE:
        cells = {column.code: values(column.kind) for column in question.columns}
        rows = st.fixed_dictionaries({}, optional=cells).map(lambda row: {k: v for k, v in row.items() if v})
        return st.lists(rows, max_size=6).map(lambda found: [row for row in found if row])
    return values(question.kind)


def values(kind: Kind) -> st.SearchStrategy:
    return st.sampled_from(["", *SENSIBLE[kind]]) | TYPED if kind in SENSIBLE else TYPED
