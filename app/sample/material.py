"""What the samples are made of: the published sample, and the texts and people around it."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from app.core.bilingual import Bilingual

FOLDER = Path(__file__).parent / "data"
PASSWORD = "madang sample 2022"  # noqa: S105 - of demo accounts, and only where DEVELOPMENT is set


@cache
def read(name: str) -> Any:
    """The content of one of the files in data/; not to be changed."""
    return json.loads((FOLDER / f"{name}.json").read_text())


def published() -> dict[str, Any]:
    """The sample as it was published: challenge, applicants, worked scores."""
    content: dict[str, Any] = read("shinhan-fintech-2022")
    return content


def texts() -> dict[str, Any]:
    """What the published sample leaves out: descriptions, questions, consents."""
    content: dict[str, Any] = read("call")
    return content


def both(text: dict[str, str]) -> Bilingual:
    return Bilingual.from_dict(text)
