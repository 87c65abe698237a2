"""How well a judge knows a theme, and what a tie to a company is."""

from enum import StrEnum


class Familiarity(StrEnum):
    EXPERT = "expert"
    FAMILIAR = "familiar"
    FOREIGN = "foreign"  # not the judge's field


class TieKind(StrEnum):
    EMPLOYED = "employed"
    ADVISER = "adviser"
    INVESTOR = "investor"
    SUPPLIER = "supplier"  # a contract, a commission, a case
    FAMILY = "family"
    OTHER = "other"
