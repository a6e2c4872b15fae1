"""A resume's text in its parts, and the episodes of a part."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from webapp.reading.headings import Part, heading_part
from webapp.reading.periods import find_period

_SPREAD = re.compile(r"(?<![一-鿿])[一-鿿](?: [一-鿿]){2,}(?![一-鿿])")
_INLINE = re.compile(r"^\s*\W{0,3}([^:：]{2,12})[:：]\s*(\S.*)$")
_BULLET = re.compile(r"^\s*(?:[•·●◆■▪➢✓√*\-]|\d{1,2}[.、)）]|[（(]\d{1,2}[)）])\s*")
_EDGES = " \t|·,，;；:：-—–/"
_PUNCTUATION = re.compile(r"([，；：！？（）～]+)")
_CLOSED = frozenset({Part.WANTED, Part.PERSON})


@dataclass(frozen=True)
class Episode:
    """One job, internship or project: what it was, when, and what was done."""

    heading: str
    period: str
    text: str


def plain_lines(text: str) -> list[str]:
    """Return the lines without empty ones, full-width forms and letters spread by spaces brought back."""
    text = unicodedata.normalize("NFKC", text)
    text = _SPREAD.sub(lambda match: match[0].replace(" ", ""), text)
    return [line.strip() for line in text.split("\n") if line.strip()]


def punctuation_of(text: str) -> Mapping[str, str]:
    """Return plain lines as their writer punctuated them, by the line with full-width marks narrowed."""
    pieces = _PUNCTUATION.split(text)
    kept = "".join(
        piece if number % 2 else unicodedata.normalize("NFKC", piece) for number, piece in enumerate(pieces)
    )
    return {unicodedata.normalize("NFKC", line.strip()): line.strip() for line in kept.split("\n")}


def split_parts(lines: Sequence[str]) -> Mapping[Part, list[str]]:
    """Return the lines of each part; what stands before the first heading is about the person."""
    parts: dict[Part, list[str]] = {part: [] for part in Part}
    current = Part.PERSON
    for line in lines:
        if part := heading_part(line):
            current = part
        elif (match := _INLINE.match(line)) and (part := heading_part(match[1])):
            parts[part].append(match[2].strip())
            current = current if part in _CLOSED else part
        else:
            parts[current].append(line)
    return parts


def read_episodes(lines: Sequence[str], written: Mapping[str, str]) -> tuple[Episode, ...]:
    """Return the episodes of a part: each begins with its period, or with the line above a bare one.

    ``written`` gives a line back as its writer punctuated it.
    """
    dated = [(number, find_period(line) == line) for number, line in enumerate(lines) if find_period(line)]
    starts = [number - (alone and number > 0) for number, alone in dated]
    if not starts or starts[0] > 0:
        starts.insert(0, 0)
    ends = [*starts[1:], len(lines)]
    return tuple(
        _episode(lines[start:end], written) for start, end in zip(starts, ends, strict=True) if end > start
    )


def bare_items(lines: Sequence[str]) -> tuple[str, ...]:
    """Return the items of a list written in lines or between commas, without bullets."""
    items = (
        item.strip(_EDGES + "。.")
        for line in lines
        for item in re.split(r"[、,，;；|]|\s{2,}", _BULLET.sub("", line))
    )
    return tuple(dict.fromkeys(item for item in items if item))


def _episode(lines: Sequence[str], written: Mapping[str, str]) -> Episode:
    """Take the period out of the first two lines; what is left of them begins with the heading."""
    period = find_period("\n".join(lines[:2])) or ""
    left = [
        line.replace(period, "  ").strip(_EDGES) if period and period in line else line for line in lines[:2]
    ]
    heading, *rest = [written.get(line, line) for line in (*left, *lines[2:]) if line] or [""]
    return Episode(re.sub(r"\s{2,}", "  ", heading), period, "\n".join(rest))
