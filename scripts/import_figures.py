"""Import the figures districts report."""

from scripts._lists import list_command
from webapp.domain.lists import ListKind

command = list_command(
    ListKind.FIGURES,
    "Import district figures with their revisions (CSV or XLSX); they wait for a second officer.",
)
