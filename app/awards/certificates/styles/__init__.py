"""The styles in which a certificate may be drawn. Each lays a sheet out; its style sheet and its drawing bear its name."""

from collections.abc import Callable

from app.awards.certificates.sheets import Layout, Sheet
from app.awards.certificates.styles.classic import lay_out as classic

STYLES: dict[str, Callable[[Sheet], Layout]] = {"classic": classic}

__all__ = ["STYLES"]
