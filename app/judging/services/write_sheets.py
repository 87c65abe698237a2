"""Score sheets: the draft, the signature that locks it, and opening it again for a reason."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import User
from app.challenges.models import RulesVersion
from app.core.audit.trail import record
from app.core.database import db
from app.core.errors import RuleBroken, StaleEdit
from app.judging import rules
from app.judging.blind.seen import name_of
from app.judging.marks import total_of
from app.judging.models import ScoreSheet, SignedSheetCopy
from app.judging.services.hold import hold_state
from app.judging.states import SheetState
from app.mail.services import queue_mail

_WRITTEN = [
    "state", "version", "scores", "comments", "comment", "note", "total", "revisit", "saved_from", "signed_at", "saved_at",
]  # fmt: skip


def _text(value: Decimal | UUID | None) -> str | None:
    """As the trail keeps it."""
    return None if value is None else str(value)


def save_sheet(
    sheet: ScoreSheet,
    *,
    scores: Mapping[str, Decimal | None],
    comments: Mapping[str, str],
    comment: str = "",
    note: str = "",
    revisit: bool = False,
    version: int | None = None,
    page: str = "",
    actor: User,
    now: datetime,
) -> bool:
    """Keep the draft as it stands: criterion code -> score (None: not yet) and comment. Returns whether it changed anything.

    Raises StaleEdit when the sheet was saved since `version` was read, RuleBroken for a score outside its criterion
    (field `score-CODE`) or a text that is too long (`comment-CODE`, `comment`, `note`). `page` names the page that writes: what
    it wrote itself is not stale to it, since the answer to its last save may have been lost on the way.
    """
    db.session.refresh(sheet, _WRITTEN, with_for_update=True)
    if reason := rules.why_not_save(sheet, actor):
        raise RuleBroken(reason)
    kept = _checked_scores(sheet, scores)
    texts = _checked_texts(sheet, comments, comment, note)
    if (kept, *texts, revisit) == (sheet.scores, sheet.comments, sheet.comment, sheet.note, sheet.revisit):
        return False
    if version is not None and version != sheet.version and not (page and page == sheet.saved_from):
        raise StaleEdit(sheet.version)
    total = total_of(sheet.round, kept)
    before = sheet.total
    sheet.scores, (sheet.comments, sheet.comment, sheet.note) = kept, texts
    sheet.total, sheet.revisit, sheet.saved_at, sheet.saved_from = total, revisit, now, page[:40]
    sheet.version += 1
    record(
        "judging.save_sheet", subject=sheet, actor=actor, now=now, challenge_id=sheet.judge.challenge_id,
        details={"version": sheet.version, "total": {"before": _text(before), "after": _text(total)}},
    )  # fmt: skip
    return True


def _checked_scores(sheet: ScoreSheet, scores: Mapping[str, Decimal | None]) -> dict[str, str]:
    """The scores as the sheet holds them, in the order of the rubric; those not given yet are left out."""
    kept: dict[str, str] = {}
    for criterion in sheet.round.criteria:
        score = scores.get(criterion.code)
        if score is None:
            continue
        if reason := rules.why_not_score(criterion, score):
            raise RuleBroken(reason, field=f"score-{criterion.code}")
        kept[criterion.code] = f"{score.normalize():f}"
    if unknown := set(scores) - {criterion.code for criterion in sheet.round.criteria}:
        raise RuleBroken(_("The rubric has no criterion %(code)s.", code=min(unknown)))
    return kept


def _checked_texts(
    sheet: ScoreSheet, comments: Mapping[str, str], comment: str, note: str
) -> tuple[dict[str, str], str, str]:
    by_criterion = {c.code: comments[c.code].strip() for c in sheet.round.criteria if comments.get(c.code, "").strip()}
    limited = [(f"comment-{code}", text, rules.CRITERION_COMMENT_LIMIT) for code, text in by_criterion.items()]
    limited += [("comment", comment, rules.COMMENT_LIMIT), ("note", note, rules.COMMENT_LIMIT)]
    for field, text, limit in limited:
        if reason := rules.why_not_text(text, limit):
            raise RuleBroken(reason, field=field)
    return by_criterion, comment.strip(), note.strip()


def sign_sheet(sheet: ScoreSheet, *, confirmed_by: str = "", actor: User, now: datetime) -> None:
    """Lock the sheet as it is saved, under the version of the rules in force. Raises RuleBroken.

    `confirmed_by` is what the judge proved with that it is they who sign; the trail keeps it.
    """
    db.session.refresh(sheet, _WRITTEN, with_for_update=True)
    if reason := rules.why_not_sign(sheet, actor):
        raise RuleBroken(reason)
    in_force = sa.select(RulesVersion.id).where(RulesVersion.challenge_id == sheet.judge.challenge_id)
    sheet.rules_version_id = db.session.scalar(in_force.order_by(RulesVersion.number.desc()).limit(1))
    sheet.state, sheet.signed_at, sheet.revisit, sheet.saved_from = SheetState.SIGNED, now, False, ""
    sheet.version += 1
    record(
        "judging.sign_sheet", subject=sheet, actor=actor, now=now, challenge_id=sheet.judge.challenge_id,
        details={"version": sheet.version, "scores": dict(sheet.scores), "total": _text(sheet.total), "rules_version": _text(sheet.rules_version_id)}
        | ({"confirmed_by": confirmed_by} if confirmed_by else {}),
    )  # fmt: skip


def sign_sheets(
    sheets: Sequence[ScoreSheet], versions: Mapping[UUID, int], *, confirmed_by: str, actor: User, now: datetime
) -> int:
    """Sign those of `sheets` that `versions` names, each as it was looked at. All of them or, with RuleBroken, none."""
    chosen = [sheet for sheet in sheets if sheet.id in versions]
    if len(chosen) < len(versions):
        raise RuleBroken(_("Some of these sheets are no longer drafts of yours. Look through the list again."))
    for sheet in sorted(chosen, key=lambda one: one.id):
        db.session.refresh(sheet, _WRITTEN, with_for_update=True)
        if sheet.version != versions[sheet.id]:
            raise RuleBroken(_("A sheet was changed since this page was opened. Look through the list again."))
        sign_sheet(sheet, confirmed_by=confirmed_by, actor=actor, now=now)
    return len(chosen)


def reopen_sheet(sheet: ScoreSheet, reason: str, *, actor: User, now: datetime) -> SignedSheetCopy:
    """Unlock a signed sheet for its judge, who is told by mail; the signed version is kept with the reason. Raises RuleBroken."""
    hold_state(sheet.round.challenge)
    db.session.refresh(sheet, _WRITTEN, with_for_update=True)
    if refusal := rules.why_not_reopen(sheet, actor):
        raise RuleBroken(refusal)
    if refusal := rules.why_not_reason(reason):
        raise RuleBroken(refusal, field="reason")
    assert sheet.signed_at is not None
    copy = SignedSheetCopy(
        sheet_id=sheet.id,
        content={
            "scores": sheet.scores, "comments": sheet.comments, "comment": sheet.comment, "note": sheet.note, "total": str(sheet.total),
            "version": sheet.version, "signed_at": sheet.signed_at.isoformat(), "rules_version_id": str(sheet.rules_version_id),
        },
        reason=reason.strip(), reopened_by_id=actor.id, reopened_at=now,
    )  # fmt: skip
    db.session.add(copy)
    sheet.state, sheet.signed_at, sheet.rules_version_id = SheetState.OPEN, None, None
    sheet.version += 1
    record(
        "judging.reopen_sheet", subject=sheet, actor=actor, now=now, challenge_id=sheet.judge.challenge_id,
        details={"version": sheet.version, "total": _text(sheet.total), "reason": copy.reason},
    )  # fmt: skip
    if (judge := sheet.judge).user is not None:
        queue_mail(
            judge.user.email, "judging/sheet_reopened", language=judge.user.language, now=now, challenge_id=judge.challenge_id,
            name=judge.name, challenge=judge.challenge, round=sheet.round, entry=name_of(sheet), sheet_id=sheet.id, reason=copy.reason,
        )  # fmt: skip
    return copy
