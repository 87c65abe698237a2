"""Long lists in pages, with their place in the address."""

from dataclasses import dataclass

from flask import request

PER_PAGE = 250


@dataclass(frozen=True)
class Page:
    """Where one is in a list: `number` from 1, `total` rows in all."""

    number: int
    total: int
    per_page: int = PER_PAGE

    @property
    def count(self) -> int:
        return max(1, -(-self.total // self.per_page))

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.per_page


def asked_page() -> int:
    """The page that the address asks for; the first where it asks for nonsense."""
    text = request.args.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1
