"""What decides the weights of an encoder: its sources, how they are mixed, and how fast it learns."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from matcher.training.teachers import TEACHERS


class Share(NamedTuple):
    """How often a source is drawn, and how sharply its partners are told from the rest."""

    weight: float
    temperature: float


SHORT, LONG = 0.1, 0.08  # names have many near neighbours, a text has one partner
MIXTURE: Mapping[str, Share] = MappingProxyType(
    {
        "titles": Share(3, SHORT),
        "kindred titles": Share(3, SHORT),
        "title variants": Share(0.5, SHORT),
        "skills": Share(1.5, SHORT),
        "majors": Share(0.5, SHORT),
        "synonyms": Share(0.5, SHORT),
        "paraphrases": Share(0.5, SHORT),
        "definitions": Share(2, LONG),
        "postings": Share(3, LONG),
        "broad postings": Share(2, LONG),
        "bare texts": Share(3, LONG),
    }
)
PACE = MappingProxyType({"projection": 1.0, "weights": 2.0, "own": 0.1, "grams": 0.4})
"""How fast a part learns, in parts of the rate: what is shared by many words may move faster."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides the weights; the same recipe gives the same model."""

    teachers: tuple[str, ...] = tuple(TEACHERS)
    words: int = 66_000
    dimension: int = 256
    features: int = 768
    common: float = 1e-3  # words above this share of all words weigh less than half (Arora et al. 2017)
    steps: int = 500
    batch: int = 1024
    rate: float = 0.002
    warm_up: int = 20
    prefix_weight: float = 0.5
    mixture: Mapping[str, Share] = field(default_factory=lambda: dict(MIXTURE))
    pace: Mapping[str, float] = field(default_factory=lambda: dict(PACE))
    seed: int = 2026

    def digest(self, words: Sequence[str]) -> str:
        """Name the recipe with the words it is used on."""
        content = json.dumps([asdict(self), words], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()[:16]
