"""The two sides of a match and what the engine says about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Generic, Literal, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from matcher.sentences import SENTENCES

Vector = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class ResumeDocument:
    """What may be known of a graduate for matching: no name, no contact, no origin.

    ``degree`` counts 1 专科, 2 本科, 3 硕士, 4 博士; 0 means unknown. ``text`` holds experience,
    projects and courses. ``kinds``, ``districts``, ``clusters`` and ``pay_min`` are wishes: empty
    means no preference.
    """

    id: int
    wanted: tuple[str, ...] = ()
    major: str = ""
    degree: int = 0
    graduation_year: int | None = None
    skills: tuple[str, ...] = ()
    text: str = ""
    kinds: frozenset[str] = frozenset()
    districts: frozenset[str] = frozenset()
    pay_min: int | None = None
    clusters: frozenset[str] = frozenset()
    start_on: date | None = None


@dataclass(frozen=True, slots=True)
class PostingDocument:
    """What is offered. ``openings`` counts places still free, pay is yuan a month.

    ``converts`` marks an internship that may become a job.
    """

    id: int
    title: str
    duties: str = ""
    requirements: str = ""
    skills: tuple[str, ...] = ()
    majors: tuple[str, ...] = ()
    kind: str = "job"
    degree_min: int = 0
    district: str = ""
    pay_min: int | None = None
    pay_max: int | None = None
    employer: str = ""
    employer_kind: str = "company"
    cluster: str = ""
    published_on: date | None = None
    valid_until: date | None = None
    start_on: date | None = None
    openings: int = 1
    response_rate: float | None = None
    converts: bool = False

    @property
    def leads_on(self) -> bool:
        """Say whether it may become a lasting job, by its mark or in its words."""
        return self.converts or "转正" in self.duties + self.requirements


Document = TypeVar("Document", ResumeDocument, PostingDocument)


@dataclass(frozen=True, slots=True)
class Entry(Generic[Document]):
    """A document with the vector that stands for it."""

    document: Document
    vector: Vector


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a list must satisfy; an empty field asks nothing.

    For postings ``degree`` is the degree the reader holds: postings that demand more are left out.
    For resumes it is the lowest degree wanted, and ``graduated_since`` the earliest year.
    """

    kinds: frozenset[str] = frozenset()
    districts: frozenset[str] = frozenset()
    degree: int | None = None
    pay_min: int | None = None
    clusters: frozenset[str] = frozenset()
    published_since: date | None = None
    graduated_since: int | None = None


class Refusal(StrEnum):
    """Why a document is not eligible."""

    KIND = "kind"
    DISTRICT = "district"
    DEGREE = "degree"
    PAY = "pay"
    CLUSTER = "cluster"
    PUBLISHED = "published"
    EXPIRED = "expired"
    FULL = "full"
    GRADUATION_YEAR = "graduation_year"


class Span(NamedTuple):
    """Words cited from ``matcher.text.field_text(document, field)[start:end]``."""

    source: Literal["resume", "posting"]
    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reason:
    """One statement about a pair, with its facts and the words that show it."""

    code: str
    facts: Mapping[str, object]
    spans: tuple[Span, ...] = ()
    satisfied: bool = True

    @property
    def sentence(self) -> str:
        """Say it in Chinese; elsewhere translate ``SENTENCES[code]`` and fill the facts in."""
        return SENTENCES[self.code] % self.facts


@dataclass(frozen=True, slots=True)
class Match:
    """One ranked document: ``met`` of ``asked`` requirements, what fits and what is missing.

    ``score`` orders lists. ``fit`` is the chance that the pair is worth applying for; it is unknown without
    a person, and with an encoder other than the one the ranking learnt from.
    """

    id: int
    score: float
    met: int = 0
    asked: int = 0
    reasons: tuple[Reason, ...] = ()
    missing: tuple[Reason, ...] = ()
    fit: float | None = None


@dataclass(frozen=True, slots=True)
class Ranking:
    """A page of matches, how many were eligible and why the others were not."""

    matches: tuple[Match, ...]
    eligible: int
    refused: Mapping[str, int] = field(default_factory=dict)
