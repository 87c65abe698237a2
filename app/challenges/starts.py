"""Forms to begin from: whole ones in both languages, kept as JSON beside this module as anybody could export them."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask_babel import gettext as _

from app.challenges.form.codec import import_form
from app.challenges.form.model import Form
from app.challenges.labels import start_label

FOLDER = Path(__file__).parent / "form" / "starts"


@dataclass(frozen=True)
class Start:
    code: str
    about: str

    @property
    def title(self) -> str:
        return start_label(self.code)

    @property
    def form(self) -> Form:
        return read_start(self.code)


def list_starts() -> list[Start]:
    """All of them, the fullest first."""
    return [
        Start(
            "proposal",
            _("Company, problem and solution, technology, market, team, three years of figures, documents, consents."),
        ),
        Start(
            "poc",
            _("What is tried out with the sponsor, what counts as success, schedule and costs, data that is needed."),
        ),
        Start(
            "ideas",
            _("For those without a company too: the idea, what is new in it, how it would come about."),
        ),
        Start(
            "interest",
            _("Ten minutes: what you do, why it fits, whom to call. Details are asked of those who go on."),
        ),
    ]  # fmt: skip


@cache
def read_start(code: str) -> Form:
    """The form of one. Raises FileNotFoundError for another code."""
    return import_form((FOLDER / f"{code}.json").read_bytes())
