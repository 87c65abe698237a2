"""Judging mathematics for a table and no server."""

from flask.cli import AppGroup

judging_cli = AppGroup("judging", help="Ranking, agreement and assignment for tables.")
