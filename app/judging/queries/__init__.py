"""The reads that judging's pages, and later features, need; each already filtered by who looks."""

from app.judging.marks import rule_of
from app.judging.queries.counts import CheckCounts, count_checked, judges_somewhere
from app.judging.queries.desk import (
    get_invitation,
    get_judge_for,
    get_sheet_for,
    list_declarable,
    list_desk_rounds,
    list_drafts,
    list_queue,
    next_open,
    rules_version_number,
)
from app.judging.queries.distribution import Distribution, get_distribution
from app.judging.queries.feedback import ApplicantComments, comments_for_applicant, criterion_means
from app.judging.queries.managed import get_managed_challenge
from app.judging.queries.panel import (
    EntryFilter,
    get_assignment_input,
    get_judge_of,
    get_sheet_of,
    list_entries,
    list_entries_by_id,
    list_panel,
    list_sheet_copies,
)
from app.judging.queries.ranking import BonusLine, ChairLine, RankedEntry, RankingTable, ThemeLine, get_ranking

__all__ = [
    "ApplicantComments",
    "BonusLine",
    "ChairLine",
    "CheckCounts",
    "Distribution",
    "EntryFilter",
    "RankedEntry",
    "RankingTable",
    "ThemeLine",
    "comments_for_applicant",
    "count_checked",
    "criterion_means",
    "get_assignment_input",
    "get_distribution",
    "get_invitation",
    "get_judge_for",
    "get_judge_of",
    "get_managed_challenge",
    "get_ranking",
    "get_sheet_for",
    "get_sheet_of",
    "judges_somewhere",
    "list_declarable",
    "list_desk_rounds",
    "list_drafts",
    "list_entries",
    "list_entries_by_id",
    "list_panel",
    "list_queue",
    "list_sheet_copies",
    "next_open",
    "rule_of",
    "rules_version_number",
]
