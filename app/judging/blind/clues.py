"""What is known of an applicant that would name it: from what it sent, from its account, and from whoever the organizer adds."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from app.applications.content import Submitted, SubmittedAnswer
from app.challenges.form.answers import as_rows, as_text
from app.challenges.form.model import Form, Kind, Question
from app.judging.blind.finder import Clue, ClueKind

# Facts of a company's profile that name it, or say it in words of its own. Its region, stage and figures are shared by many.
NAMING_FACTS = frozenset(
    {"name", "business_number", "representative", "address", "website", "one_line", "description", "products", "team"}
)
# Where anybody may have an address: the part behind the @ names nobody.
_ANYBODYS_MAIL = frozenset(
    {
        "gmail.com", "naver.com", "daum.net", "hanmail.net", "kakao.com", "nate.com", "outlook.com", "hotmail.com", "icloud.com",
        "yahoo.com", "protonmail.com",
    }
)  # fmt: skip
_LONGEST_NAME = 40  # characters; a longer answer is prose


def is_naming(question: Question, asked: Form) -> bool:
    """Whether the whole answer is kept from judges of a blind round.

    So is every link, which leads out of the blind. What was sent holds only what it takes to read an answer; which fact of the
    profile a question begins with stands in the form.
    """
    found = asked.question(question.code)
    return (
        question.identifying
        or question.kind is Kind.URL
        or (found is not None and (found.identifying or found.prefill in NAMING_FACTS))
    )


def clues_of(
    sent: Submitted, asked: Form, *, people: Iterable[tuple[str, str]] = (), words: Iterable[str] = ()
) -> list[Clue]:
    """The clues of an applicant, from the whole of what it sent; `people` are names and addresses of those who belong to it."""
    found = [*_of_company(sent.company), *_of_contact(sent.contact)]
    for name, email in people:
        found += [Clue(ClueKind.PERSON, name), *_of_email(email)]
    for answer in sent.answers:
        if is_naming(answer.question, asked):
            found += _of_answer(answer)
    found += [Clue(ClueKind.WORD, word) for word in words]
    return [clue for clue in dict.fromkeys(found) if clue.text.strip()]


def _of_company(company: Mapping[str, Any]) -> Iterator[Clue]:
    for name in (company.get("name") or {}).values():
        yield Clue(ClueKind.COMPANY, name or "")
    yield Clue(ClueKind.PERSON, company.get("representative") or "")
    yield Clue(ClueKind.BUSINESS_NUMBER, company.get("business_number") or "")
    yield Clue(ClueKind.ADDRESS, company.get("address") or "")
    yield from _of_website(company.get("website") or "")
    for member in (company.get("profile") or {}).get("team") or []:
        yield Clue(ClueKind.PERSON, member.get("name") or "")


def _of_website(website: str) -> Iterator[Clue]:
    try:
        host = urlsplit(website if "//" in website else f"//{website}").hostname or ""
    except ValueError:
        return
    host = host.removeprefix("www.")
    yield Clue(ClueKind.DOMAIN, host)
    label = host.split(".", 1)[0]
    if len(label) > 3:
        yield Clue(ClueKind.COMPANY, label)


def _of_email(email: str) -> Iterator[Clue]:
    yield Clue(ClueKind.EMAIL, email)
    _name, _at, domain = email.strip().casefold().rpartition("@")
    if domain and domain not in _ANYBODYS_MAIL:
        yield Clue(ClueKind.DOMAIN, domain)


def _of_contact(contact: Mapping[str, str]) -> Iterator[Clue]:
    yield Clue(ClueKind.PERSON, contact.get("name") or "")
    yield from _of_email(contact.get("email") or "")
    yield Clue(ClueKind.PHONE, contact.get("phone") or "")


def _of_answer(answer: SubmittedAnswer) -> Iterator[Clue]:
    """A short answer, and the first column of a table: that is where names stand."""
    question = answer.question
    if question.kind is Kind.SHORT_TEXT and len(text := as_text(answer.answer)) <= _LONGEST_NAME:
        yield Clue(ClueKind.PERSON, text)
    if question.kind is Kind.URL:
        yield from _of_website(as_text(answer.answer))
    if question.kind is Kind.TABLE and question.columns:
        for row in as_rows(answer.answer):
            if len(text := row.get(question.columns[0].code, "")) <= _LONGEST_NAME:
                yield Clue(ClueKind.PERSON, text)
