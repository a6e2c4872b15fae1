"""Hard conditions over attribute columns, each with the reason it refuses for.

A document's attributes are one row of every column; the same rules serve a whole collection and a
single pair. Codes are compared by checksum, days as ordinals, unknown pay is -1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from matcher.columns import Columns, Mask, Sets
from matcher.documents import Conditions, PostingDocument, Refusal, ResumeDocument
from matcher.rules import Rule, checksum

UNKNOWN_PAY = -1
NEVER = np.iinfo(np.int32).max
"""The last day of what does not run out."""

_POSTING: Mapping[str, Any] = {
    "id": np.int64,
    "kind": np.uint32,
    "district": np.uint32,
    "cluster": np.uint32,
    "degree": np.uint8,
    "pay": np.int32,
    "published": np.int32,
    "valid": np.int32,
    "openings": np.int32,
}
_RESUME: Mapping[str, Any] = {"id": np.int64, "degree": np.uint8, "year": np.int16, "pay": np.int32}


def posting_columns(postings: Sequence[PostingDocument]) -> Columns:
    """Lay out what conditions look at, one row a posting."""
    return Columns(_laid(_POSTING, [_posting_row(posting) for posting in postings]), {})


def resume_columns(resumes: Sequence[ResumeDocument]) -> Columns:
    """Lay out what conditions look at, one row a resume."""
    wishes = {
        "kinds": Sets.of(resume.kinds for resume in resumes),
        "districts": Sets.of(resume.districts for resume in resumes),
        "clusters": Sets.of(resume.clusters for resume in resumes),
    }
    return Columns(_laid(_RESUME, [_resume_row(resume) for resume in resumes]), wishes)


def posting_rules(conditions: Conditions, today: date) -> list[Rule]:
    """Return what a posting must satisfy to be shown today."""
    rules = [
        Rule.at_least(Refusal.EXPIRED, "valid", today.toordinal()),
        Rule.at_least(Refusal.FULL, "openings", 1),
        *(
            Rule.one_of(reason, reason.value, codes)
            for reason, codes in (
                (Refusal.KIND, conditions.kinds),
                (Refusal.DISTRICT, conditions.districts),
                (Refusal.CLUSTER, conditions.clusters),
            )
            if codes
        ),
    ]
    if conditions.degree is not None:
        rules.append(Rule.at_most(Refusal.DEGREE, "degree", conditions.degree))
    if conditions.pay_min is not None:
        rules.append(Rule.at_least(Refusal.PAY, "pay", conditions.pay_min))
    if conditions.published_since is not None:
        rules.append(Rule.at_least(Refusal.PUBLISHED, "published", conditions.published_since.toordinal()))
    return rules


def resume_rules(conditions: Conditions, today: date) -> list[Rule]:
    """Return what a resume must satisfy to be shown; no stated wish means any will do."""
    del today  # resumes do not expire: leaving the programme removes them
    rules = [
        Rule.shares(reason, column, codes)
        for reason, column, codes in (
            (Refusal.KIND, "kinds", conditions.kinds),
            (Refusal.DISTRICT, "districts", conditions.districts),
            (Refusal.CLUSTER, "clusters", conditions.clusters),
        )
        if codes
    ]
    if conditions.degree is not None:
        rules.append(Rule.at_least(Refusal.DEGREE, "degree", conditions.degree))
    if conditions.pay_min is not None:
        rules.append(Rule.at_most(Refusal.PAY, "pay", conditions.pay_min))
    if conditions.graduated_since is not None:
        rules.append(Rule.at_least(Refusal.GRADUATION_YEAR, "year", conditions.graduated_since))
    return rules


def allowed_rows(rows: Columns, rules: Sequence[Rule]) -> Mask:
    """Tell which rows satisfy every rule."""
    allowed = np.ones(len(rows), dtype=np.bool_)
    for rule in rules:
        allowed &= rule.holds(rows)
    return allowed


def refusals(
    document: PostingDocument | ResumeDocument, conditions: Conditions, today: date
) -> tuple[Refusal, ...]:
    """List why one document is not eligible; empty means that it is."""
    if isinstance(document, PostingDocument):
        row, rules = posting_columns([document]), posting_rules(conditions, today)
    else:
        row, rules = resume_columns([document]), resume_rules(conditions, today)
    return tuple(rule.reason for rule in rules if not rule.holds(row)[0])


def _laid(types: Mapping[str, Any], rows: Sequence[tuple[object, ...]]) -> dict[str, npt.NDArray[Any]]:
    values = zip(*rows, strict=True) if rows else ((),) * len(types)
    return {name: np.array(column, kind) for (name, kind), column in zip(types.items(), values, strict=True)}


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
        posting.valid_until.toordinal() if posting.valid_until else NEVER,
        posting.openings,
    )


def _resume_row(resume: ResumeDocument) -> tuple[object, ...]:
    return (
        resume.id,
        resume.degree,
        resume.graduation_year or 0,
        UNKNOWN_PAY if resume.pay_min is None else resume.pay_min,
    )
