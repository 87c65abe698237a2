"""A profile as plain values: for the form that changes it, and frozen into what is sent."""

from typing import Any

from app.accounts.profile.models import StartupProfile

TEXT_FIELDS = ("one_line", "description", "products")
CODE_FIELDS = ("region", "industry", "investment_stage")
NUMBER_FIELDS = ("employees", "capital_krw")


def profile_texts(profile: StartupProfile | None, years: list[int]) -> dict[str, str]:
    """Every fact of the profile under its field's name, as text; "" where it is unsaid."""
    names = [*CODE_FIELDS, *NUMBER_FIELDS, *(f"{n}_{language}" for n in TEXT_FIELDS for language in ("ko", "en"))]
    texts = dict.fromkeys([*names, *(f"revenue_{year}" for year in years)], "")
    if profile is None:
        return texts
    for name in CODE_FIELDS:
        code = getattr(profile, name)
        texts[name] = code.value if code is not None else ""
    for name in NUMBER_FIELDS:
        value = getattr(profile, name)
        texts[name] = str(value) if value is not None else ""
    for name in TEXT_FIELDS:
        both = getattr(profile, name).as_dict()
        texts[f"{name}_ko"], texts[f"{name}_en"] = both["ko"], both["en"]
    return texts | {f"revenue_{r.year}": str(r.revenue_krw) for r in profile.revenues if r.year in years}


def profile_content(profile: StartupProfile | None) -> dict[str, Any] | None:
    """The profile as it stands, in plain JSON values; None where there is none."""
    if profile is None:
        return None
    return {
        "version": profile.version,
        "region": profile.region.value if profile.region else None,
        "industry": profile.industry.value if profile.industry else None,
        "investment_stage": profile.investment_stage.value if profile.investment_stage else None,
        "employees": profile.employees, "capital_krw": profile.capital_krw,
        "one_line": profile.one_line.as_dict(), "description": profile.description.as_dict(), "products": profile.products.as_dict(),
        "revenues": [{"year": r.year, "revenue_krw": r.revenue_krw} for r in profile.revenues],
        "team": [{"name": m.name, "role": m.role, "career": m.career} for m in profile.team],
        "documents": [
            {
                "kind": d.kind.value, "filename": d.filename, "sha256": d.sha256, "size": d.size,
                "issued_on": d.issued_on.isoformat() if d.issued_on else None,
                "expires_on": d.expires_on.isoformat() if d.expires_on else None,
            }
            for d in profile.documents
        ],
    }  # fmt: skip
