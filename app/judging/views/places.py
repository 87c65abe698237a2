"""What judging shows on pages of earlier features, and how it writes things there."""

from decimal import Decimal

from app.judging.levels import Level, levels_of
from app.judging.views import bp
from app.web.filters import points as written_points


@bp.app_template_filter("levels")
def levels(points: Decimal) -> list[Level]:
    return levels_of(points)


@bp.app_template_filter("as_points")
def as_points(text: str) -> str:
    """A number that was kept as text, as in the copy of a signed sheet."""
    return written_points(Decimal(text)) if text not in ("", "None") else "–"
