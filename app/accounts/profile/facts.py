"""The facts that a form may begin with: by name, with a label for whoever composes the form, and how each is read.

A fact is read from the company's content (see `profile_content` and what an application freezes), so that it reads the same
from today's profile and from one that was sent.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from flask_babel import gettext as _

from app.accounts.profile.codes import INDUSTRIES, REGIONS, STAGES, Industry, InvestmentStage, Region
from app.core.bilingual import Bilingual
from app.core.business_number import format_business_number

Shape = Literal["text", "number", "money", "date", "code", "url", "table"]
Company = Mapping[str, Any]  # as company_content gives it, with "profile" within


@dataclass(frozen=True)
class ProfileFact:
    """`read` gives text (of a code: the code), or rows by column for a table; "" or [] where it is unsaid."""

    name: str
    shape: Shape
    label: Callable[[], str]
    read: Callable[[Company, str], Any]
    words: Callable[[str], Bilingual] | None = None  # of a code

    @property
    def of_profile(self) -> bool:
        """Whether it stands in the profile, not in the registration."""
        return self.name not in ("name", "business_number", "founded_on", "representative", "address", "website")

    def text(self, company: Company, language: str) -> str:
        """The fact as a sentence would hold it."""
        value = self.read(company, language)
        if self.shape == "table":
            return "\n".join(" · ".join(str(v) for v in row.values() if v) for row in value)
        if self.words is not None and value:
            return self.words(value).in_language(language)
        return str(value)


def _name(company: Company, language: str) -> str:
    return Bilingual.from_dict(company.get("name") or {}).in_language(language)


def _of_company(name: str) -> Callable[[Company, str], Any]:
    return lambda company, _language: company.get(name) or ""


def _of_profile(name: str) -> Callable[[Company, str], Any]:
    def read(company: Company, _language: str) -> str:
        value = (company.get("profile") or {}).get(name)
        return "" if value is None else str(value)

    return read


def _both(name: str) -> Callable[[Company, str], Any]:
    def read(company: Company, language: str) -> str:
        return Bilingual.from_dict((company.get("profile") or {}).get(name) or {}).in_language(language)

    return read


def _revenues(company: Company, _language: str) -> list[dict[str, str]]:
    rows = (company.get("profile") or {}).get("revenues") or []
    return [{"year": str(row["year"]), "revenue": str(row["revenue_krw"])} for row in rows]


def _latest_revenue(company: Company, language: str) -> str:
    rows = _revenues(company, language)
    return rows[0]["revenue"] if rows else ""


def _team(company: Company, _language: str) -> list[dict[str, str]]:
    rows = (company.get("profile") or {}).get("team") or []
    return [{name: str(row[name]) for name in ("name", "role", "career")} for row in rows]


FACTS: dict[str, ProfileFact] = {
    fact.name: fact
    for fact in (
        ProfileFact("name", "text", lambda: _("Company name"), _name),
        ProfileFact(
            "business_number", "text", lambda: _("Business registration number"),
            lambda c, _l: format_business_number(c["business_number"]) if c.get("business_number") else "",
        ),
        ProfileFact("founded_on", "date", lambda: _("Date of founding"), _of_company("founded_on")),
        ProfileFact("representative", "text", lambda: _("Representative"), _of_company("representative")),
        ProfileFact("address", "text", lambda: _("Address"), _of_company("address")),
        ProfileFact("website", "url", lambda: _("Website"), _of_company("website")),
        ProfileFact("region", "code", lambda: _("Region"), _of_profile("region"), lambda code: REGIONS[Region(code)]),
        ProfileFact("industry", "code", lambda: _("Industry"), _of_profile("industry"), lambda code: INDUSTRIES[Industry(code)]),
        ProfileFact(
            "investment_stage", "code", lambda: _("Investment stage"), _of_profile("investment_stage"),
            lambda code: STAGES[InvestmentStage(code)],
        ),
        ProfileFact("employees", "number", lambda: _("Employees"), _of_profile("employees")),
        ProfileFact("capital", "money", lambda: _("Capital"), _of_profile("capital_krw")),
        ProfileFact("revenue", "money", lambda: _("Revenue of the last year"), _latest_revenue),
        ProfileFact("revenues", "table", lambda: _("Revenue by year"), _revenues),
        ProfileFact("one_line", "text", lambda: _("The company in one line"), _both("one_line")),
        ProfileFact("description", "text", lambda: _("About the company"), _both("description")),
        ProfileFact("products", "text", lambda: _("Products and services"), _both("products")),
        ProfileFact("team", "table", lambda: _("Team"), _team),
    )
}  # fmt: skip
