"""Import a school's registered outcomes."""

from scripts._lists import list_command
from webapp.domain.lists import ListKind

command = list_command(
    ListKind.OUTCOMES,
    "Import a school's 去向登记 export (CSV or XLSX): unknown outcome codes are refused.",
)
