"""The words on a certificate, frozen when it is asked for: a company renamed later changes nothing that was given.

Certificates are documents, each in its own language whatever language the clerk's pages are in; their sentences therefore
stand here in both and not in the catalogues.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.awards.certificates.codes import serial_of
from app.awards.certificates.glyphs import missing_glyphs
from app.core.bilingual import Bilingual, Language

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True)
class Issuer:
    """An organization that stands at the foot of a certificate, with its post and the person who signs."""

    name: Bilingual
    post: Bilingual
    person: str


@dataclass(frozen=True)
class Award:
    """What was won: everything that a certificate names."""

    recipient: Bilingual
    representative: str
    is_team: bool  # people who have not founded yet; they are no company
    challenge: Bilingual
    theme: Bilingual
    prize: Bilingual | None  # None: chosen, without a prize of its own
    host: Issuer
    sponsor: Issuer
    awarded_on: date


def clean(text: str) -> str:
    """Composed syllables (some systems send them in parts), one blank between words."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _both(text: Bilingual) -> dict[str, str]:
    return {"ko": clean(text.in_language("ko")), "en": clean(text.in_language("en"))}


def freeze(award: Award, language: Language, *, year: int, number: int) -> dict[str, Any]:
    """All words of one certificate as plain data: `print` as they stand on the sheet, `facts` for the page that verifies it."""
    return {
        "print": {**_printed(award, language), "serial": printed_serial(language, year, number)},
        "facts": {
            "recipient": _both(award.recipient),
            "challenge": _both(award.challenge),
            "theme": _both(award.theme),
            "prize": _both(award.prize or Bilingual("선정", "Selected")),
            "host": _both(award.host.name),
            "sponsor": _both(award.sponsor.name),
        },
    }


def printed_serial(language: str, year: int, number: int) -> str:
    return f"제 {serial_of(year, number)} 호" if language == "ko" else f"No. {serial_of(year, number)}"


def _printed(award: Award, language: Language) -> dict[str, Any]:
    def say(text: Bilingual) -> str:
        return clean(text.in_language(language))

    same = award.host.name == award.sponsor.name
    issuers = [award.host] if same else [award.host, award.sponsor]
    words: dict[str, Any] = {
        "language": language,
        "recipient": say(award.recipient),
        "issuers": [
            {"name": say(i.name), "post": say(i.post), "person": clean(i.person), "is_host": i is award.host}
            for i in issuers
        ],
    }
    theme, challenge, sponsor = say(award.theme), say(award.challenge), say(award.sponsor.name)
    who = clean(award.representative)
    if language == "ko":
        subject = "위 팀은" if award.is_team else "위 기업은"
        deed = f"{subject} 「{challenge}」에서 {sponsor}의 과제 「{theme}」에 뛰어난 기술과 실증 역량을 보여"
        if award.prize is not None:
            words |= {
                "title": "상장", "prize": say(award.prize), "body": f"{deed} 우수한 성과를 거두었으므로 이 상장을 드립니다.",
            }  # fmt: skip
        else:
            words |= {"title": "선정증", "prize": "선정", "body": f"{deed} 선정되었으므로 이 증서를 드립니다."}
        role = "" if not who else f"대표 {who}"
        day = f"{award.awarded_on.year}년 {award.awarded_on.month}월 {award.awarded_on.day}일"
    else:
        deed = f"technology and readiness for demonstration on the theme “{theme}” of {sponsor} in the {challenge}."
        if award.prize is not None:
            words |= {
                "title": "Certificate of Award", "prize": say(award.prize),
                "body": f"is awarded this certificate in recognition of outstanding {deed}",
            }  # fmt: skip
        else:
            words |= {
                "title": "Certificate of Selection", "prize": "Selected",
                "body": f"has been selected and is given this certificate in recognition of outstanding {deed}",
            }  # fmt: skip
        role = "" if not who else f"represented by {who}"
        day = f"{award.awarded_on.day} {MONTHS[award.awarded_on.month - 1]} {award.awarded_on.year}"
    return {**words, "role": role, "date": day}


def unprintable(award: Award, language: Language) -> dict[str, list[str]]:
    """The texts of `award` that the font cannot print, each with the characters that it lacks."""
    words = _printed(award, language)
    people = [text for i in words["issuers"] for text in (i["name"], i["post"], i["person"])]
    theme, challenge = clean(award.theme.in_language(language)), clean(award.challenge.in_language(language))
    named = [words["recipient"], clean(award.representative), words["prize"], theme, challenge, *people]
    return {text: missing for text in named if (missing := missing_glyphs(text))}
