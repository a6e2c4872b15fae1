"""What is kept out of training, so that the comparison never asks what the encoder was taught.

The hash of a name decides, so the split needs no file and stays when material is added.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

COMPANIES, OTHERS = 12, 10  # one in twelve companies; one in ten occupations, majors and groups of titles
_NOISE = re.compile(r"[\W_]+")


def holds_out_posting(row: Mapping[str, Any]) -> bool:
    """Hold out all postings of a company; those without a company go by their title."""
    key = row["company"] or f"title|{plain_title(str(row['title'] or ''))}"
    return _drawn(f"company|{key}", COMPANIES)


def holds_out_occupation(code: str) -> bool:
    """Hold out an occupation of the classification with all its names, definition and tasks."""
    return _drawn(f"code|{code}", OTHERS)


def holds_out_major(name: str) -> bool:
    """Hold out the occupations that a major leads to."""
    return _drawn(f"major|{name}", OTHERS)


def holds_out_title_group(canonical: str) -> bool:
    """Hold out all spellings of a usual title."""
    return _drawn(f"group|{canonical}", OTHERS)


def holds_out_resume(id: str) -> bool:
    """Keep half of the judged resumes for reports."""
    return not tunes(id)


def tunes(key: str) -> bool:
    """Set half of what is held out aside to tune weights on; reports are made of the other half."""
    return _drawn(f"tuning|{key}", 2)


def plain_title(title: str) -> str:
    """Return a title without case, spaces and signs: equal ones are one title."""
    return _NOISE.sub("", title.lower())


def _drawn(key: str, one_in: int) -> bool:
    return int(hashlib.sha256(key.encode()).hexdigest(), 16) % one_in == 0
