"""Loading and removing sample challenges."""

from flask.cli import AppGroup

sample_cli = AppGroup("sample", help="Sample challenges.")
