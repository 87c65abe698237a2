"""What the committee may add to the scores, and when."""

from decimal import Decimal

from flask_babel import gettext as _

from app.accounts.models import User
from app.challenges.models import Round
from app.judging.rules.panel import why_not_organize, why_not_while_judging
from app.web.filters import points


def why_not_change_result(round_: Round, actor: User | None) -> str | None:
    """Why bonus points and the chair's order cannot change now."""
    return why_not_organize(round_.challenge, actor) or why_not_while_judging(round_.challenge)


def why_not_bonus(round_: Round, added: Decimal, given: Decimal) -> str | None:
    """Why `added` points cannot join the `given` ones of an application: the cap is the published rule."""
    # Far more than the cap cannot even be rounded, so it is left to the sentence on the cap.
    if added <= 0 or (added <= round_.bonus_cap and added != added.quantize(Decimal("0.01"))):
        return _("Bonus points are more than 0, with at most two decimal places.")
    if added > round_.bonus_cap - given:
        return _(
            "Bonus points are capped at %(cap)s; this application has %(given)s already.",
            cap=points(round_.bonus_cap),
            given=points(given),
        )
    return None
