"""The bundle of a result set: everything that a third party needs to compute the published ranking again."""

from app.awards import queries, rules
from app.awards.bundle.contents import bundle_files, zip_files
from app.awards.models import ResultSet
from app.core.errors import RuleBroken


def make_bundle(result_set: ResultSet) -> bytes:
    """A ZIP, byte for byte the same each time. Raises RuleBroken while the trail has not sealed the publication, and for a
    set that was frozen in an earlier form or does not have its hash any more.
    """
    rules_version = queries.get_named_rules(result_set)
    event = queries.get_publishing_event(result_set)
    if reason := rules.why_not_bundle(result_set, rules_version, event):
        raise RuleBroken(reason)
    assert rules_version is not None
    assert event is not None
    described = {
        "number": rules_version.number, "sha256": rules_version.sha256, "content": rules_version.content,
    }  # fmt: skip
    head = {
        "number": result_set.number, "sha256": result_set.sha256, "position": event.position,
        "chain_sha256": event.chain_sha256, "event": {"id": event.id, "action": event.action, "happened_at": event.happened_at},
    }  # fmt: skip
    return zip_files(bundle_files(result_set.content, described, head), result_set.published_at)
