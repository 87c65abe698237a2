"""The reads that judging's pages, and later features, need; each already filtered by who looks."""

from app.judging.queries.counts import CheckCounts, count_checked, judges_somewhere
from app.judging.queries.feedback import ApplicantComments, comments_for_applicant, criterion_means
from app.judging.queries.ranking import BonusLine, RankedEntry, RankingTable, ThemeLine, get_ranking, rule_of

__all__ = [
    "ApplicantComments",
    "BonusLine",
    "CheckCounts",
    "RankedEntry",
    "RankingTable",
    "ThemeLine",
    "comments_for_applicant",
    "count_checked",
    "criterion_means",
    "get_ranking",
    "judges_somewhere",
    "rule_of",
]
