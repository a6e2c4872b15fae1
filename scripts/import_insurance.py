"""Import a social-insurance list."""

from scripts._lists import list_command
from webapp.domain.lists import ListKind

command = list_command(
    ListKind.INSURANCE,
    "Import a social-insurance list (CSV or XLSX); run it again after any interruption.",
)
