"""Standings for tests of the rules, without a database."""

from decimal import Decimal
from uuid import UUID, uuid5

from app.awards.standing import DecisionInput, Entry, PrizeOffer, Standing, ThemeStanding
from app.awards.states import Outcome
from app.core.bilingual import Bilingual

SPACE = UUID(int=7)
SELECTED, RESERVE, NOT_SELECTED = Outcome.SELECTED, Outcome.RESERVE, Outcome.NOT_SELECTED


def key(name: str) -> UUID:
    return uuid5(SPACE, name)


def entry(name, place, *, rank=None, final="80", passes=True, theme="T1", bonus="0", sheets=5) -> Entry:
    value = None if final is None else Decimal(final)
    return Entry(
        application_id=key(name), number=f"SF-{name}", startup=Bilingual(name, name), theme_id=key(theme), place=place,
        rank=place if rank is None else rank, mean=value, bonus=Decimal(bonus), final=value, passes=passes, sheets=sheets,
    )  # fmt: skip


def theme(*entries, code="T1", winners=2) -> ThemeStanding:
    title = Bilingual(code, code)
    return ThemeStanding(theme_id=key(code), code=code, title=title, sponsor=title, winners=winners, entries=entries)


def standing(
    *themes, prizes=(("grand", 1), ("first", 2), ("excellence", 3)), mark="70", chair=True, open_sheets=0
) -> Standing:
    offers = tuple(PrizeOffer(key(name), Bilingual(name, name), count, 1_000_000) for name, count in prizes)
    return Standing(
        themes=themes,
        prizes=offers,
        pass_mark=Decimal(mark),
        pass_mark_sees_bonus=False,
        chair_decides=chair,
        open_sheets=open_sheets,
    )


def decided(**outcomes) -> dict[UUID, DecisionInput]:
    """A=SELECTED, or A=(SELECTED, "grand"), or C=(RESERVE, 1), with "why" as a third item."""
    found = {}
    for name, value in outcomes.items():
        outcome, *more = value if isinstance(value, tuple) else (value,)
        detail = more[0] if more else None
        found[key(name)] = DecisionInput(
            outcome,
            prize_id=key(detail) if outcome is SELECTED and detail else None,
            reserve_rank=detail if outcome is RESERVE else None,
            reason=more[1] if len(more) > 1 else "",
        )
    return found
