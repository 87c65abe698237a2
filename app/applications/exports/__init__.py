"""Received applications as files: a table of all that was answered, and an archive of all documents."""

from app.applications.exports.archive import Archive, make_archive
from app.applications.exports.table import write_table

__all__ = ["Archive", "make_archive", "write_table"]
