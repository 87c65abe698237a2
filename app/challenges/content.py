"""The call as one plain structure: what a version of the rules freezes, and what its hash is made of."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from app.challenges.form.codec import read_form, write_form
from app.challenges.form.model import Form
from app.challenges.models import Challenge, Round

FORMAT = 2  # versions without a format have documents, questions and consents apart, and no form


def call_content(challenge: Challenge) -> dict[str, Any]:
    """All that applicants and judges are promised, with names of sections as keys; numbers exact, moments in UTC."""
    return {
        "format": FORMAT,
        "basics": {
            "title": challenge.title.as_dict(),
            "summary": challenge.summary.as_dict(),
            "description": challenge.description.as_dict(),
            "timezone": challenge.timezone,
        },
        "schedule": {
            "opens_at": _moment(challenge.opens_at),
            "closes_at": _moment(challenge.closes_at),
            "sealed": challenge.sealed,
            "steps": [
                {"kind": m.kind.value, "starts_at": _moment(m.starts_at), "ends_at": _moment(m.ends_at)}
                for m in challenge.milestones
            ],
        },
        "themes": [
            {
                "code": t.code, "title": t.title.as_dict(), "summary": t.summary.as_dict(), "winners": t.winners,
                "sponsor_id": str(t.sponsor_id), "sponsor": t.sponsor.name.as_dict(),
            }
            for t in challenge.themes
        ],
        "eligibility": {
            "founded_within_years": challenge.founded_within_years,
            "reference_date": challenge.reference_date.isoformat() if challenge.reference_date else None,
            "region": challenge.region.as_dict(),
            "exclusions": challenge.exclusions.as_dict(),
            "pre_founders_allowed": challenge.pre_founders_allowed,
            "regions": list(challenge.regions),
            "relocation_allowed": challenge.relocation_allowed,
            "employees_least": challenge.employees_least,
            "employees_most": challenge.employees_most,
            "revenue_most_krw": challenge.revenue_most_krw,
            "sme_only": challenge.sme_only,
            "industries": list(challenge.industries),
            "industries_excluded": list(challenge.industries_excluded),
            "entries_most": challenge.entries_most,
        },
        "form": write_form(challenge.form),
        "rubric": [_round_content(r) for r in challenge.rounds],
        "prizes": [{"title": p.title.as_dict(), "count": p.count, "amount_krw": p.amount_krw} for p in challenge.prizes],
        "terms": {
            "terms": challenge.terms.as_dict(),
            "poc_places": challenge.poc_places,
            "poc_budget_krw_each": challenge.poc_budget_krw_each,
            "release_comments": challenge.release_comments,
            "retention_years": challenge.retention_years,
        },
    }  # fmt: skip


def form_of(content: dict[str, Any]) -> Form | None:
    """The form that a frozen version of the rules held; None for versions from before there was one."""
    return read_form(content["form"]) if "form" in content else None


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _number(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


def _round_content(round_: Round) -> dict[str, Any]:
    return {
        "title": round_.title.as_dict(),
        "starts_at": _moment(round_.starts_at),
        "ends_at": _moment(round_.ends_at),
        "criteria": [
            {
                "code": c.code,
                "title": c.title.as_dict(),
                "description": c.description.as_dict(),
                "points": _number(c.points),
                "group": c.group.as_dict(),
                "scale": c.scale.value,
                "half_points": c.half_points,
                "anchors": {mark: dict(c.anchors[mark]) for mark in sorted(c.anchors)},
                "optional": c.optional,
                "comment_below": _number(c.comment_below),
                "gate_rule": c.gate_rule.value,
            }
            for c in round_.criteria
        ],
        "sheets_per_entry": round_.sheets_per_entry,
        "aggregate": round_.aggregate.value,
        "trim": round_.trim.value,
        "trim_floor": round_.trim_floor,
        "pass_mark": _number(round_.pass_mark),
        "pass_mark_sees_bonus": round_.pass_mark_sees_bonus,
        "bonus_cap": _number(round_.bonus_cap),
        "decimals": round_.decimals,
        "tie_break": list(round_.tie_break),
        "blind": round_.blind,
        "goes_on": round_.goes_on.value if round_.goes_on else None,
        "goes_on_number": round_.goes_on_number,
    }
