"""Contrastive training of a static embedding: each text must find its partner in the batch.

Multiple negatives ranking loss (Henderson et al. 2017) in both directions, repeated on a prefix of the
vector (Matryoshka, Kusupati et al. 2022) so that a shorter cut stays useful. The same recipe, corpus and
machine give the same weights, also after a kill: every step draws from its own number.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, normalize

from matcher.columns import Floats
from matcher.skills import Vocabulary
from matcher.tokens import LongestMatch, tokenizer_json
from matcher.training.corpus import Corpus
from matcher.training.model import WordTable
from matcher.training.pairs import Pair, Pairs
from matcher.training.recipe import Recipe
from matcher.training.teachers import features, word_vectors
from matcher.training.tokenizer import vocabulary

KEPT_EVERY = 200

Progress = Callable[[str, int, int], None]
"""Hears what is being done, how many steps of it are done and how many there are."""


def train(corpus: Corpus, skills: Vocabulary, out: Path, recipe: Recipe, progress: Progress) -> None:
    """Train and write an ordinary sentence-transformers folder; go on where an earlier run was killed.

    What is half done lies beside OUT, in a folder named by recipe and words, and goes with the last step.
    """
    torch.set_num_threads(1)  # one is faster than two for gathers of this size, and repeatable
    progress("选词", 0, 1)
    counts = vocabulary(corpus, skills, recipe.words)
    words = list(counts)
    progress("选词", 1, 1)
    half_done = out.with_name(f"{out.name}.{recipe.digest(words)}")
    half_done.mkdir(parents=True, exist_ok=True)
    table = WordTable(
        words, _known(words, recipe, half_done, progress), _weights(counts, recipe), recipe.dimension
    )
    batches = Batches(Pairs(corpus), LongestMatch(words), recipe)
    _fit(table, batches, half_done / "training.pt", progress)
    _save(words, table.flat(), out)
    shutil.rmtree(half_done)


class Batch(NamedTuple):
    """Both sides as numbers of words, which partners are no negatives, and the temperature."""

    left: list[list[int]]
    right: list[list[int]]
    same: Tensor
    temperature: float


@dataclass(frozen=True, slots=True)
class Batches:
    """Pairs by step, as numbers of words."""

    pairs: Pairs
    cut: LongestMatch
    recipe: Recipe

    def at(self, step: int) -> Batch:
        """Draw a step's batch, all of one source."""
        draw = random.Random(f"{self.recipe.seed} {step}")  # noqa: S311 - sampling, not secrecy
        names, shares = zip(*sorted(self.recipe.mixture.items()), strict=True)
        source = draw.choices(names, [share.weight for share in shares])[0]
        pairs = self.pairs.batch(source, self.recipe.batch, draw)
        left, right = ([self.cut(pair[side]) or [0] for pair in pairs] for side in (0, 1))
        return Batch(left, right, alike(pairs), self.recipe.mixture[source].temperature)


def alike(pairs: Sequence[Pair]) -> Tensor:
    """Mark the partners of other pairs that mean the same by either text or key."""
    marks = np.zeros((len(pairs), len(pairs)), dtype=np.bool_)
    for side in zip(*pairs, strict=True):
        _, codes = np.unique(side, return_inverse=True)
        marks |= codes[:, None] == codes
    return torch.from_numpy(marks & ~np.eye(len(pairs), dtype=np.bool_))


def ranking_loss(table: WordTable, batch: Batch, prefix_weight: float) -> Tensor:
    """Ask both sides to find their partners, with all numbers and with the first half of them."""
    left, right = table.embed(batch.left), table.embed(batch.right)
    whole = left.shape[1]
    losses = [_found(left[:, :width], right[:, :width], batch) for width in (whole, whole // 2)]
    return (losses[0] + prefix_weight * losses[1]) / (1 + prefix_weight)


def _found(left: Tensor, right: Tensor, batch: Batch) -> Tensor:
    scores = normalize(left) @ normalize(right).T / batch.temperature
    scores, target = scores.masked_fill(batch.same, -1e4), torch.arange(len(left))
    return (cross_entropy(scores, target) + cross_entropy(scores.T, target)) / 2


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
    groups = [{"params": [part], "pace": recipe.pace[name]} for name, part in table.parts.items()]
    optimizer = torch.optim.Adam(groups, betas=(0.9, 0.98), eps=1e-10, fused=True)
    start = _resumed(table, optimizer, state)
    for step in range(start, recipe.steps):
        batch = batches.at(step)
        for group in optimizer.param_groups:
            group["lr"] = group["pace"] * _rate(step, recipe)
        loss = ranking_loss(table, batch, recipe.prefix_weight)
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


def _save(words: Sequence[str], vectors: Floats, out: Path) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding
    from tokenizers import Tokenizer

    static = StaticEmbedding(
        Tokenizer.from_str(tokenizer_json(words)), embedding_weights=torch.from_numpy(vectors).half()
    )
    SentenceTransformer(modules=[static, Normalize()], device="cpu").save(str(out))
