"""One text in the two languages of the interface."""

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, composite, mapped_column

Language = Literal["ko", "en"]
LANGUAGES: tuple[Language, ...] = ("ko", "en")
DEFAULT_LANGUAGE: Language = "ko"


@dataclass(frozen=True)
class Bilingual:
    """A text in Korean and English; either may be empty while it is being written."""

    ko: str = ""
    en: str = ""

    def in_language(self, language: str) -> str:
        """The text in `language`, or in the other one rather than nothing."""
        return (self.ko or self.en) if language == "ko" else (self.en or self.ko)

    def as_dict(self) -> dict[str, str]:
        return {"ko": self.ko, "en": self.en}

    @classmethod
    def from_dict(cls, texts: dict[str, str]) -> "Bilingual":
        return cls(ko=texts.get("ko", ""), en=texts.get("en", ""))


def as_language(text: str | None) -> Language:
    """`text` where it is one of ours, else Korean."""
    return text if text in LANGUAGES else DEFAULT_LANGUAGE


def bilingual(name: str, length: int | None = None) -> Mapped[Bilingual]:
    """Two columns, `name`_ko and `name`_en, under one attribute. Without `length` they hold text of any size."""
    kind: Any = String(length) if length else Text()
    return composite(
        Bilingual,
        mapped_column(f"{name}_ko", kind, nullable=False, default="", server_default=""),
        mapped_column(f"{name}_en", kind, nullable=False, default="", server_default=""),
    )
