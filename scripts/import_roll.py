"""Import a school's graduation roll."""

from scripts._lists import list_command
from webapp.domain.lists import ListKind

command = list_command(
    ListKind.ROLL,
    "Import a school's graduation roll (CSV or XLSX): verifies degrees, proposes likenesses.",
)
