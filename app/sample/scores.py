"""The worked totals of the sample, spread over the criteria so that they add up again."""

from decimal import Decimal
from typing import Any

# One more entry that the worked ones leave out: it passes, and stays behind the winners of its theme.
SEVENTH = {"totals": [74, 73, 72, 71, 68], "bonus": 0}


def worked_entries(published: dict[str, Any]) -> list[dict[str, Any]]:
    """Totals by judge and the bonus of each eligible entry, in the order of the applicants."""
    return [*published["worked_scores"]["entries"], SEVENTH]


def spread(total: int, rubric: list[dict[str, Any]], *, first: int) -> dict[str, Decimal | None]:
    """Whole points for each criterion in proportion to what it is worth; what is left goes to the criteria from `first` on."""
    scores = {criterion["code"]: total * criterion["points"] // 100 for criterion in rubric}
    most = {criterion["code"]: criterion["points"] for criterion in rubric}
    codes = list(scores)
    turn = first
    while (left := total - sum(scores.values())) > 0:
        code = codes[turn % len(codes)]
        if scores[code] < most[code]:
            scores[code] += min(left, 1)
        turn += 1
    return {code: Decimal(points) for code, points in scores.items()}
