"""Hard conditions over attribute columns, each refusal with its reason.

A document's attributes are one row of a structured array; the same rules serve a whole collection
and a single pair. Codes are compared by checksum, days as ordinals, unknown pay is -1.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np
import numpy.typing as npt

from matcher.documents import Conditions, PostingDocument, Refusal, ResumeDocument

Columns = npt.NDArray[np.void]
Mask = npt.NDArray[np.bool_]

UNKNOWN_PAY = -1
SEPARATOR = "|"

POSTING_COLUMNS = np.dtype(
    [
        ("id", np.int64),
        ("kind", np.uint32),
        ("district", np.uint32),
        ("cluster", np.uint32),
        ("degree", np.uint8),
        ("pay", np.int32),
        ("published", np.int32),
        ("valid", np.int32),
        ("openings", np.int32),
    ]
)
RESUME_COLUMNS = np.dtype(
    [
        ("id", np.int64),
        ("degree", np.uint8),
        ("year", np.int16),
        ("pay", np.int32),
        ("kinds", "S80"),
        ("districts", "S200"),
        ("clusters", "S200"),
    ]
)


def posting_columns(postings: Sequence[PostingDocument]) -> Columns:
    """Lay out what conditions look at, one row a posting."""
    return np.array([_posting_row(posting) for posting in postings], dtype=POSTING_COLUMNS)


def resume_columns(resumes: Sequence[ResumeDocument]) -> Columns:
    """Lay out what conditions look at, one row a resume."""
    return np.array([_resume_row(resume) for resume in resumes], dtype=RESUME_COLUMNS)


def refused_postings(rows: Columns, conditions: Conditions, today: date) -> Mapping[Refusal, Mask]:
    """Tell for every reason which postings it refuses."""
    found = {
        Refusal.EXPIRED: (rows["valid"] > 0) & (rows["valid"] < today.toordinal()),
        Refusal.FULL: rows["openings"] <= 0,
    }
    for reason, codes in (
        (Refusal.KIND, conditions.kinds),
        (Refusal.DISTRICT, conditions.districts),
        (Refusal.CLUSTER, conditions.clusters),
    ):
        if codes:
            found[reason] = ~carries(rows[reason.value], codes)
    if conditions.degree is not None:
        found[Refusal.DEGREE] = rows["degree"] > conditions.degree
    if conditions.pay_min is not None:
        found[Refusal.PAY] = rows["pay"] < conditions.pay_min
    if conditions.published_since is not None:
        found[Refusal.PUBLISHED] = rows["published"] < conditions.published_since.toordinal()
    return found


def refused_resumes(rows: Columns, conditions: Conditions, today: date) -> Mapping[Refusal, Mask]:
    """Tell for every reason which resumes it refuses; no stated wish means any will do."""
    del today  # resumes do not expire: leaving the programme removes them
    found: dict[Refusal, Mask] = {}
    for reason, column, codes in (
        (Refusal.KIND, "kinds", conditions.kinds),
        (Refusal.DISTRICT, "districts", conditions.districts),
        (Refusal.CLUSTER, "clusters", conditions.clusters),
    ):
        if codes:
            found[reason] = ~_wishes_any(rows[column], codes)
    if conditions.degree is not None:
        found[Refusal.DEGREE] = rows["degree"] < conditions.degree
    if conditions.pay_min is not None:
        found[Refusal.PAY] = rows["pay"] > conditions.pay_min
    if conditions.graduated_since is not None:
        found[Refusal.GRADUATION_YEAR] = rows["year"] < conditions.graduated_since
    return found


def refusals(
    document: PostingDocument | ResumeDocument, conditions: Conditions, today: date
) -> tuple[Refusal, ...]:
    """List why one document is not eligible; empty means that it is."""
    if isinstance(document, PostingDocument):
        found = refused_postings(posting_columns([document]), conditions, today)
    else:
        found = refused_resumes(resume_columns([document]), conditions, today)
    return tuple(reason for reason, mask in found.items() if mask[0])


def carries(column: npt.NDArray[np.uint32], codes: Iterable[str]) -> Mask:
    """Tell which rows carry one of the codes."""
    return np.asarray(np.isin(column, [checksum(code) for code in codes]), dtype=np.bool_)


def checksum(code: str) -> int:
    """Fold a code into the number its column holds."""
    return zlib.crc32(code.encode())


def _wishes_any(column: npt.NDArray[np.bytes_], codes: Iterable[str]) -> Mask:
    wished = np.asarray(column == b"", dtype=np.bool_)
    for code in codes:
        wished |= np.strings.find(column, f"{SEPARATOR}{code}{SEPARATOR}".encode()) >= 0
    return wished


def _posting_row(posting: PostingDocument) -> tuple[object, ...]:
    pay = posting.pay_max if posting.pay_max is not None else posting.pay_min
    return (
        posting.id,
        checksum(posting.kind),
        checksum(posting.district),
        checksum(posting.cluster),
        posting.degree_min,
        UNKNOWN_PAY if pay is None else pay,
        posting.published_on.toordinal() if posting.published_on else 0,
        posting.valid_until.toordinal() if posting.valid_until else 0,
        posting.openings,
    )


def _resume_row(resume: ResumeDocument) -> tuple[object, ...]:
    return (
        resume.id,
        resume.degree,
        resume.graduation_year or 0,
        UNKNOWN_PAY if resume.pay_min is None else resume.pay_min,
        _joined(resume.kinds),
        _joined(resume.districts),
        _joined(resume.clusters),
    )


def _joined(codes: Iterable[str]) -> bytes:
    joined = SEPARATOR.join(sorted(codes))
    return f"{SEPARATOR}{joined}{SEPARATOR}".encode() if joined else b""
