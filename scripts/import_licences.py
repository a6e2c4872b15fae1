"""Import a list of business licences."""

from scripts._lists import list_command
from webapp.domain.lists import ListKind

command = list_command(
    ListKind.LICENCES,
    "Import a list of business licences (CSV or XLSX) as evidence of own businesses.",
)
