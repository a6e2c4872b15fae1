"""Contrastive training of a static embedding: each text must find its partner in the batch.

Multiple negatives ranking loss (Henderson et al. 2017) in both directions, repeated on a prefix of the
vector (Matryoshka, Kusupati et al. 2022) so that a shorter cut stays useful. The same recipe, corpus and
machine give the same weights, also after a kill: every step draws from its own number.
"""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, normalize

from matcher.skills import Vocabulary
from matcher.tokens import LongestMatch, tokenizer_json
from matcher.training.corpus import Corpus
from matcher.training.model import WordTable
from matcher.training.pairs import Pair, Pairs
from matcher.training.teachers import TEACHERS, Floats, features, word_vectors
from matcher.training.tokenizer import vocabulary

MIXTURE = MappingProxyType(
    {
        "titles": 4,
        "kindred titles": 3,
        "definitions": 3,
        "skills": 2,
        "title variants": 1,
        "majors": 1,
        "postings": 2,
        "broad postings": 2,
        "bare texts": 2,
        "synonyms": 1,
        "paraphrases": 1,
    }
)
PACE = MappingProxyType({"projection": 1.0, "weights": 2.0, "own": 0.3, "grams": 0.3})
"""How fast a part learns, in parts of the rate: what is shared by many words may move faster."""

KEPT_EVERY = 200

Progress = Callable[[str, int, int], None]
"""Hears what is being done, how many steps of it are done and how many there are."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides the weights; the same recipe gives the same model."""

    teachers: tuple[str, ...] = tuple(TEACHERS)
    words: int = 66_000
    dimension: int = 256
    features: int = 512
    common: float = 1e-3  # words above this share of all words weigh less than half (Arora et al. 2017)
    steps: int = 600
    batch: int = 1024
    rate: float = 0.002
    warm_up: int = 20
    temperature: float = 0.05
    prefix_weight: float = 0.5
    mixture: Mapping[str, float] = field(default_factory=lambda: dict(MIXTURE))
    seed: int = 2026


def train(corpus: Corpus, skills: Vocabulary, out: Path, recipe: Recipe, progress: Progress) -> None:
    """Train and write an ordinary sentence-transformers folder; go on where an earlier run was killed.

    What is half done lies beside OUT, in a folder named by recipe and words, and goes with the last step.
    """
    torch.set_num_threads(1)  # one is faster than two for gathers of this size, and repeatable
    progress("选词", 0, 1)
    counts = vocabulary(corpus, skills, recipe.words)
    words = list(counts)
    half_done = out.with_name(f"{out.name}.{_digest(recipe, words)}")
    half_done.mkdir(parents=True, exist_ok=True)
    table = WordTable(
        words, _known(words, recipe, half_done, progress), _weights(counts, recipe), recipe.dimension
    )
    batches = Batches(Pairs(corpus), LongestMatch(words), recipe)
    _fit(table, batches, half_done / "training.pt", progress)
    _save(words, table.flat(), out)
    shutil.rmtree(half_done)


@dataclass(frozen=True, slots=True)
class Batches:
    """Pairs by step, as numbers of words."""

    pairs: Pairs
    cut: LongestMatch
    recipe: Recipe

    def at(self, step: int) -> tuple[list[list[int]], list[list[int]], Tensor]:
        """Draw a step's batch: left sides, right sides, and which partners are no negatives."""
        draw = random.Random(f"{self.recipe.seed} {step}")  # noqa: S311 - sampling, not secrecy
        names, shares = zip(*sorted(self.recipe.mixture.items()), strict=True)
        pairs = self.pairs.batch(draw.choices(names, shares)[0], self.recipe.batch, draw)
        left, right = ([self.cut(pair[side]) or [0] for pair in pairs] for side in (0, 1))
        return left, right, alike(pairs)


def alike(pairs: Sequence[Pair]) -> Tensor:
    """Mark the partners of other pairs that mean the same by either text or key."""
    marks = np.zeros((len(pairs), len(pairs)), dtype=np.bool_)
    for side in zip(*pairs, strict=True):
        _, codes = np.unique(side, return_inverse=True)
        marks |= codes[:, None] == codes
    return torch.from_numpy(marks & ~np.eye(len(pairs), dtype=np.bool_))


def ranking_loss(left: Tensor, right: Tensor, same: Tensor, recipe: Recipe) -> Tensor:
    """Ask both sides to find their partners, with all numbers and with the first half of them."""
    target, total, shares = torch.arange(len(left)), torch.zeros(()), 0.0
    for width, share in ((recipe.dimension, 1.0), (recipe.dimension // 2, recipe.prefix_weight)):
        scores = normalize(left[:, :width]) @ normalize(right[:, :width]).T / recipe.temperature
        scores = scores.masked_fill(same, -1e4)
        total = total + share * (cross_entropy(scores, target) + cross_entropy(scores.T, target)) / 2
        shares += share
    return total / shares


def _known(words: Sequence[str], recipe: Recipe, kept: Path, progress: Progress) -> Floats:
    spaces = []
    for name in recipe.teachers:
        portions = []
        for portion in word_vectors(name, words, kept):
            portions.append(portion)
            progress(f"词义 {name}", sum(map(len, portions)), len(words))
        spaces.append(np.concatenate(portions))
    if not spaces:
        noise = np.random.default_rng(recipe.seed).normal(size=(len(words), recipe.features))
        spaces = [noise.astype(np.float32)]
    return features(spaces, recipe.features)


def _weights(counts: Mapping[str, float], recipe: Recipe) -> Floats:
    shares = np.array(list(counts.values())) / sum(counts.values())
    return np.asarray(recipe.common / (recipe.common + shares), dtype=np.float32)


def _fit(table: WordTable, batches: Batches, state: Path, progress: Progress) -> None:
    recipe = batches.recipe
    groups = [{"params": [part], "pace": PACE[name]} for name, part in table.parts.items()]
    optimizer = torch.optim.Adam(groups, betas=(0.9, 0.98), eps=1e-10, fused=True)
    start = _resumed(table, optimizer, state)
    for step in range(start, recipe.steps):
        left, right, same = batches.at(step)
        for group in optimizer.param_groups:
            group["lr"] = group["pace"] * _rate(step, recipe)
        loss = ranking_loss(table.embed(left), table.embed(right), same, recipe)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        progress("训练", step + 1, recipe.steps)
        if (step + 1) % KEPT_EVERY == 0:
            _keep(table, optimizer, step + 1, state)


def _rate(step: int, recipe: Recipe) -> float:
    return recipe.rate * min(1, (step + 1) / recipe.warm_up) * (1 - step / recipe.steps)


def _keep(table: WordTable, optimizer: Any, step: int, state: Path) -> None:
    written = state.with_suffix(".new")
    torch.save({"step": step, "parts": table.parts, "optimizer": optimizer.state_dict()}, written)
    written.replace(state)


def _resumed(table: WordTable, optimizer: Any, state: Path) -> int:
    if not state.is_file():
        return 0
    kept = torch.load(state)
    with torch.no_grad():
        for name, part in table.parts.items():
            part.copy_(kept["parts"][name])
    optimizer.load_state_dict(kept["optimizer"])
    return int(kept["step"])


def _digest(recipe: Recipe, words: Sequence[str]) -> str:
    content = json.dumps([asdict(recipe), words], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def _save(words: Sequence[str], vectors: Floats, out: Path) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding
    from tokenizers import Tokenizer

    static = StaticEmbedding(
        Tokenizer.from_str(tokenizer_json(words)), embedding_weights=torch.from_numpy(vectors).half()
    )
    SentenceTransformer(modules=[static, Normalize()], device="cpu").save(str(out))
