"""An uploaded resume becomes text, or one sentence that says why not."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from webapp.reading.errors import (
    PARSING_PROBLEMS,
    Damaged,
    EmptyFile,
    FileTooLarge,
    NoText,
    TookTooLong,
    TooMuchText,
)
from webapp.reading.identity import without_identity_numbers
from webapp.reading.kinds import MediaType, media_type
from webapp.reading.plain import LEAST_CHARACTERS, MOST_CHARACTERS, cleaned, decode, letters

MOST_MEGABYTES = 10
WALL_SECONDS = 30
_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class ReadResume:
    """The text of a resume and what kind of file it came in."""

    text: str
    media_type: MediaType
    pages: int


def read_resume(content: bytes, filename: str) -> ReadResume:
    """Return the text of an uploaded file, without identity numbers; raise ``Unreadable`` if it has none."""
    if not content.strip():
        raise EmptyFile
    if len(content) > MOST_MEGABYTES * 1024 * 1024:
        raise FileTooLarge(limit=MOST_MEGABYTES)
    kind = media_type(content, filename)
    text, pages = (decode(content), 1) if kind is MediaType.TEXT else _parse_apart(content, kind)
    return ReadResume(read_text(text), kind, pages)


def read_text(text: str) -> str:
    """Return pasted or extracted text as it is kept: repaired, and without identity numbers."""
    text = without_identity_numbers(cleaned(text))
    if letters(text) < LEAST_CHARACTERS:
        raise NoText
    if len(text) > MOST_CHARACTERS:
        raise TooMuchText(limit=MOST_CHARACTERS)
    return text


def _parse_apart(content: bytes, kind: MediaType) -> tuple[str, int]:
    """Parse in a process of its own, so that a hostile file can only end that process."""
    try:
        done = subprocess.run(  # noqa: S603 - our own module, no shell, the file goes in by pipe
            [sys.executable, "-m", "webapp.reading.worker", kind.value],
            input=content,
            capture_output=True,
            timeout=WALL_SECONDS,
            cwd=_ROOT,
            env={"LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise TookTooLong from late
    if done.returncode < 0:
        raise TookTooLong
    if done.returncode > 0:
        raise Damaged
    answer = json.loads(done.stdout)
    if "problem" in answer:
        raise PARSING_PROBLEMS[answer["problem"]](**answer["facts"])
    return answer["text"], answer["pages"]
