"""Reading the demo files."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

Row = Mapping[str, Any]


def read_rows(folder: Path, name: str) -> list[Row]:
    """Return the objects of a JSON Lines file."""
    with (folder / name).open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def read_list(folder: Path, name: str) -> list[Row]:
    """Return the list under the key that the file is named after."""
    listed: list[Row] = json.loads((folder / f"{name}.json").read_text("utf-8"))[name]
    return listed


def day(text: str | None) -> date | None:
    """Return a date, or nothing where none is given."""
    return date.fromisoformat(text) if text else None


def moment(text: str) -> datetime:
    """Return an instant written with its zone."""
    return datetime.fromisoformat(text)
