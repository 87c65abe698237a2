"""A judge's profile as it is typed, and the wording of the pledge."""

import re
from typing import Any
from uuid import UUID

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired

from app.challenges.models import Challenge
from app.core.business_number import digits_of, format_business_number
from app.judging.people import rules
from app.judging.people.models import JudgeProfile
from app.judging.people.states import Familiarity, TieKind
from app.judging.rules import local_text
from app.web.forms import BaseForm, Counted, choices

LEVELS = (
    ("", _l("Not said")),
    (Familiarity.EXPERT.value, _l("My field")),
    (Familiarity.FAMILIAR.value, _l("Familiar")),
    (Familiarity.FOREIGN.value, _l("Not my field")),
)
TIES = (
    (TieKind.EMPLOYED.value, _l("Worked there")),
    (TieKind.ADVISER.value, _l("Advised it")),
    (TieKind.INVESTOR.value, _l("Invested in it")),
    (TieKind.SUPPLIER.value, _l("Had a contract with it")),
    (TieKind.FAMILY.value, _l("Family works there")),
    (TieKind.OTHER.value, _l("Another tie")),
)
EMPTY_LINES = 3
PARTED = re.compile(r"[,;\n、，]+")


class ProfileForm(BaseForm):
    """Use `profile_form`, which adds level-THEME, here-ROUND and the lines of the ties."""

    version = HiddenField()
    keywords = TextAreaField(
        _l("Keywords"), description=_l("What you know well, parted by commas: payments, fraud detection, open banking."), render_kw={"rows": 2},
    )  # fmt: skip
    employer = StringField(_l("Employer"))
    employer_number = StringField(
        _l("Business registration number of the employer"), description=_l("Ten digits. It finds the company however its name is written.")
    )  # fmt: skip
    cap = StringField(
        _l("Entries at most"), description=_l("In one round; empty: as many as the organizer needs."), render_kw={"inputmode": "numeric"}
    )  # fmt: skip
    availability = StringField(
        _l("Days and hours"), description=_l("For instance: not on Tuesdays, from 14:00 on."), validators=[Counted(rules.AVAILABILITY_LIMIT)]
    )  # fmt: skip
    challenge: Challenge
    lines: range

    def draft(self) -> rules.ProfileDraft:
        """What is typed; what is no number or year becomes an error of its field."""
        levels = {
            theme.id: Familiarity(self._fields[f"level-{theme.id}"].data)
            for theme in self.challenge.themes
            if self._fields[f"level-{theme.id}"].data in set(Familiarity)
        }
        away = {round_.id for round_ in self.challenge.rounds if not self._fields[f"here-{round_.id}"].data}
        words = [" ".join(word.split()) for word in PARTED.split(self.keywords.data or "")]
        return rules.ProfileDraft(
            levels=levels,
            keywords=list(dict.fromkeys(word for word in words if word)),
            employer=self.employer.data or "",
            employer_number=digits_of(self.employer_number.data or ""),
            cap=self._whole("cap", _("Enter a number from 1 to %(most)s, or leave it empty.", most=rules.CAP_MOST)),
            away=frozenset(away),
            availability=self.availability.data or "",
            ties=self._ties(),
        )

    def _ties(self) -> list[rules.TieDraft]:
        ties = []
        for i in self.lines:
            company, number, until = (
                self._fields[f"tie-{i}-{part}"].data or "" for part in ("company", "number", "until")
            )
            if not (company or number or until):
                continue
            kind = self._fields[f"tie-{i}-kind"].data
            year = self._whole(f"tie-{i}-until", _("Enter a year of four digits, such as 2019."))
            ties.append(
                rules.TieDraft(
                    company, digits_of(number), TieKind(kind) if kind in set(TieKind) else TieKind.OTHER, year, place=i
                )
            )
        return ties

    def _whole(self, name: str, refusal: str) -> int | None:
        text = (self._fields[name].data or "").strip()
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) <= 4):
            self.add_error(name, refusal)
            return None
        return int(text)

    def typed(self) -> dict[str, str]:
        """Everything typed under its label, to be shown beside what somebody else saved."""
        return {
            str(field.label.text): _shown(field)
            for name, field in self._fields.items()
            if name not in ("version", "csrf_token")
        }


def _shown(field: Any) -> str:
    if isinstance(field, BooleanField):
        return _("yes") if field.data else _("no")
    if isinstance(field, SelectField):
        labels = dict((*LEVELS, *TIES))
        return str(labels.get(field.data or "", ""))
    return str(field.data or "")


def profile_form(
    challenge: Challenge, profile: JudgeProfile | None, *, version: int, posted: bool = True
) -> ProfileForm:
    """The form of one challenge, holding what is posted, else what `profile` says; themes and rounds of other challenges stay out."""
    ties = list(profile.ties) if profile else []
    count = min(max(len(ties) + EMPTY_LINES, _posted_lines() if posted else 0), rules.TIES_MOST + EMPTY_LINES)
    fields: dict[str, Any] = {"challenge": challenge, "lines": range(count)}
    for theme in challenge.themes:
        label = _l("How well you know: %(theme)s", theme=f"{theme.code} {local_text(theme.title)}")
        fields[f"level-{theme.id}"] = SelectField(label, choices=choices(LEVELS), default="")
    for round_ in challenge.rounds:
        fields[f"here-{round_.id}"] = BooleanField(_l("I have time in: %(round)s", round=local_text(round_.title)))
    for i in range(count):
        line = i + 1
        fields[f"tie-{i}-company"] = StringField(_l("Company %(line)s", line=line))
        fields[f"tie-{i}-number"] = StringField(_l("Business registration number of company %(line)s", line=line))
        fields[f"tie-{i}-kind"] = SelectField(_l("Tie to company %(line)s", line=line), choices=choices(TIES))
        fields[f"tie-{i}-until"] = StringField(
            _l("Year in which the tie to company %(line)s ended", line=line), render_kw={"inputmode": "numeric"}
        )
    kind = type("JudgeProfileForm", (ProfileForm,), fields)
    data = _data(challenge, profile) | {"version": str(version)}
    form: ProfileForm = kind(data=data) if posted else kind(formdata=None, data=data)
    return form


def _posted_lines() -> int:
    return sum(1 for name in request.form if name.startswith("tie-") and name.endswith("-company"))


def _data(challenge: Challenge, profile: JudgeProfile | None) -> dict[str, Any]:
    absent = {absence.round_id for absence in profile.absences} if profile else set[UUID]()
    data: dict[str, Any] = {f"here-{round_.id}": round_.id not in absent for round_ in challenge.rounds}
    if profile is None:
        return data
    data |= {
        "keywords": ", ".join(profile.keywords), "employer": profile.employer, "availability": profile.availability,
        "employer_number": format_business_number(profile.employer_number) if profile.employer_number else "",
        "cap": str(profile.cap or ""),
    }  # fmt: skip
    data |= {f"level-{row.theme_id}": row.level.value for row in profile.levels}
    for i, tie in enumerate(profile.ties):
        number = format_business_number(tie.business_number) if tie.business_number else ""
        data |= {f"tie-{i}-company": tie.company, f"tie-{i}-number": number}
        data |= {f"tie-{i}-kind": tie.kind.value, f"tie-{i}-until": str(tie.until or "")}
    return data


class PledgeForm(BaseForm):
    text_ko = TextAreaField(
        _l("Pledge (Korean)"), validators=[Counted(rules.PLEDGE_LIMIT)], description=_l("One sentence on each line."), render_kw={"rows": 6}
    )  # fmt: skip
    text_en = TextAreaField(
        _l("Pledge (English)"), validators=[Counted(rules.PLEDGE_LIMIT)], description=_l("One sentence on each line."), render_kw={"rows": 6}
    )  # fmt: skip


class SignPledgeForm(BaseForm):
    pledge = BooleanField(_l("I agree to the pledge."), validators=[InputRequired(_l("Agree to the pledge to go on."))])
    shown = HiddenField()
