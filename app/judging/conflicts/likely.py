"""Suggesting conflicts of interest: who might have to do with whom, by numbers, names, addresses and persons.

Plain data in, plain data out. A suggestion decides nothing; it says on what it rests, and a person looks at it.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from app.applications.desk.words import LEGAL_FORMS, name_key
from app.judging.conflicts.states import Ground

# Addresses there say nothing of an employer. The example domains are reserved for documents (RFC 2606).
ANYBODYS = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "naver.com",
        "daum.net",
        "hanmail.net",
        "kakao.com",
        "nate.com",
        "empal.com",
        "dreamwiz.com",
        "paran.com",
        "korea.com",
        "korea.kr",
        "chol.com",
        "lycos.co.kr",
        "hanmir.com",
        "outlook.com",
        "outlook.kr",
        "hotmail.com",
        "hotmail.co.kr",
        "live.com",
        "live.co.kr",
        "msn.com",
        "yahoo.com",
        "yahoo.co.kr",
        "yahoo.co.jp",
        "icloud.com",
        "me.com",
        "mac.com",
        "proton.me",
        "protonmail.com",
        "gmx.com",
        "gmx.net",
        "mail.com",
        "aol.com",
        "zoho.com",
        "fastmail.com",
        "qq.com",
        "163.com",
        "126.com",
        "example.org",
        "example.com",
        "example.net",
    ]
)
BRACKETS = re.compile(r"[(\[（〔][^)\]）〕]*[)\]）〕]")
HOST = re.compile(r"^(?:https?://)?(?:www\.)?([a-z0-9.-]+)", re.IGNORECASE)
SHORTEST_HANGUL, SHORTEST_LATIN = 3, 5  # letters of a name that another may begin with and still be the same house


@dataclass(frozen=True)
class JudgeFacts:
    """What is known of one judge; numbers in digits."""

    id: UUID
    name: str
    emails: Sequence[str] = ()
    employers: Sequence[str] = ()
    employer_number: str = ""
    ties: Sequence[tuple[str, str]] = ()  # (company, number), either may be ""


@dataclass(frozen=True)
class EntryFacts:
    """What is known of one applicant. `addresses` are e-mail addresses and web sites."""

    id: UUID
    names: Sequence[str]
    number: str = ""
    people: Sequence[str] = ()
    addresses: Sequence[str] = ()


@dataclass(frozen=True)
class Likely:
    """A judge and an entry with what was found, each ground once with the words that met."""

    judge: UUID
    entry: UUID
    grounds: Mapping[Ground, str] = field(default_factory=dict)


def company_key(name: str) -> str:
    """A house's name without legal form, what stands in brackets, blanks and signs."""
    plain = LEGAL_FORMS.sub(" ", unicodedata.normalize("NFKC", name).casefold())
    return name_key(BRACKETS.sub(" ", plain)) if BRACKETS.sub("", plain).strip() else name_key(name)


def person_key(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def domain_of(address: str) -> str:
    """The domain of an e-mail address or web site, or "" where it is anybody's."""
    found = HOST.match(address.rpartition("@")[2].strip())
    domain = found.group(1).lower().strip(".") if found else ""
    return "" if "." not in domain or domain in ANYBODYS else domain


def suggest(judges: Iterable[JudgeFacts], entries: Sequence[EntryFacts]) -> list[Likely]:
    """All pairs with at least one ground, in the order of the judges and then of the entries."""
    index = _Index.of(entries)
    found: list[Likely] = []
    for judge in judges:
        grounds: dict[int, dict[Ground, str]] = defaultdict(dict)
        for place, ground, words in index.met_by(judge):
            grounds[place].setdefault(ground, words)
        found += [
            Likely(judge.id, entries[place].id, dict(sorted(grounds[place].items()))) for place in sorted(grounds)
        ]
    return found


@dataclass
class _Index:
    """The places of the entries by all that a judge may meet them with."""

    numbers: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    names: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    beginnings: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    people: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    domains: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    above: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))  # a domain -> entries below it

    @classmethod
    def of(cls, entries: Sequence[EntryFacts]) -> "_Index":
        index = cls()
        for place, entry in enumerate(entries):
            if entry.number:
                index.numbers[entry.number].add(place)
            for key in filter(None, map(company_key, entry.names)):
                index.names[key].add(place)
                for length in range(_shortest(key), len(key)):
                    index.beginnings[key[:length]].add(place)
            for person in filter(None, map(person_key, entry.people)):
                index.people[person].add(place)
            for domain in filter(None, map(domain_of, entry.addresses)):
                index.domains[domain].add(place)
                for parent in _parents(domain):
                    index.above[parent].add(place)
        return index

    def met_by(self, judge: JudgeFacts) -> Iterator[tuple[int, Ground, str]]:
        """(place of an entry, ground, what was met by)."""
        for place in self.numbers.get(judge.employer_number, ()):
            yield place, Ground.EMPLOYER_NUMBER, judge.employer_number
        for employer in judge.employers:
            for place in self._named(employer):
                yield place, Ground.EMPLOYER_NAME, employer
        for company, number in judge.ties:
            for place in self.numbers.get(number, ()):
                yield place, Ground.TIE_NUMBER, number
            for place in self._named(company):
                yield place, Ground.TIE_NAME, company
        for domain in filter(None, map(domain_of, judge.emails)):
            below = self.domains.get(domain, set()) | self.above.get(domain, set())
            for place in below.union(*(self.domains.get(parent, ()) for parent in _parents(domain))):
                yield place, Ground.DOMAIN, domain
        for place in self.people.get(person_key(judge.name), ()):
            yield place, Ground.PERSON, judge.name

    def _named(self, name: str) -> set[int]:
        """Entries of that name, of one that it begins with (a department's), or that begin with it (a branch's)."""
        key = company_key(name)
        if not key:
            return set()
        met = set(self.names.get(key, ()))
        for length in range(_shortest(key), len(key)):
            met |= self.names.get(key[:length], set())
        return met | (self.beginnings.get(key, set()) if len(key) >= _shortest(key) else set())


def _shortest(key: str) -> int:
    """How many letters a beginning needs to say anything."""
    return SHORTEST_LATIN if key.isascii() else SHORTEST_HANGUL


def _parents(domain: str) -> list[str]:
    """Domains above it that can be a house's own: all with a dot in them, less what is a country's (co.kr)."""
    labels = domain.split(".")
    country = 3 if len(labels[-1]) == 2 and len(labels) > 2 and len(labels[-2]) <= 3 else 2
    return [".".join(labels[i:]) for i in range(1, len(labels) - country + 1)]
