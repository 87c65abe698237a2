"""On what a conflict is suspected, and what people made of it."""

from enum import StrEnum


class Ground(StrEnum):
    EMPLOYER_NUMBER = "employer_number"  # the employer's business registration number is the applicant's
    TIE_NUMBER = "tie_number"
    EMPLOYER_NAME = "employer_name"
    TIE_NAME = "tie_name"
    DOMAIN = "domain"  # both use addresses of one domain that is nobody else's
    PERSON = "person"  # somebody of the applicant bears the judge's name


class ReviewOutcome(StrEnum):
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
