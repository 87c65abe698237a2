"""Commands for certificates and results."""

from flask.cli import AppGroup

certificates_cli = AppGroup("certificates", help="Certificates.")
results_cli = AppGroup("results", help="Published results.")
