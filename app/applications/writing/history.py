"""Versions of a draft as plain data: what joins into one, and what the draft said before."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from app.core.merging import normal

Changes = dict[str, Any]  # field -> {"before": …, "after": …}

PAUSE = timedelta(minutes=5)  # who is silent longer begins a new version
LONGEST = timedelta(minutes=15)  # and so does who writes on and on
MOST_VERSIONS = 200


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> Changes:
    """What is not the same in both; a field that one of them lacks is empty there."""
    names = [*before, *(name for name in after if name not in before)]
    return {
        name: {"before": before.get(name, ""), "after": after.get(name, "")}
        for name in names
        if normal(before.get(name)) != normal(after.get(name))
    }


def joined(first: Changes, second: Changes) -> Changes:
    """Two changes after each other as one; what came back to where it began is none."""
    result = dict(first)
    for name, change in second.items():
        before = first[name]["before"] if name in first else change["before"]
        if normal(before) == normal(change["after"]):
            result.pop(name, None)
        else:
            result[name] = {"before": before, "after": change["after"]}
    return result


def belongs_to(began_at: datetime, saved_at: datetime, sent_at: datetime | None, now: datetime) -> bool:
    """Whether a save at `now` belongs to the version that its person began then; handing in ends a version."""
    if sent_at is not None and saved_at <= sent_at:
        return False
    return now - saved_at <= PAUSE and now - began_at <= LONGEST


def values_at(standing: Mapping[str, Any], later: Iterable[Changes]) -> dict[str, Any]:
    """What the draft said before the changes `later` (the newest first) led to what is `standing`."""
    values = dict(standing)
    for changes in later:
        for name, change in changes.items():
            values[name] = change["before"]
    return values
