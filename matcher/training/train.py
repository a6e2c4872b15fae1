"""Contrastive training of a static embedding: each text must find its partner in the batch.

Multiple negatives ranking loss (Henderson et al. 2017) in both directions, repeated on prefixes of
the vector (Matryoshka, Kusupati et al. 2022) so that a shorter cut stays useful.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from matcher.skills import Vocabulary
from matcher.training import corpus
from matcher.training.pairs import TextPair, all_pairs
from matcher.training.tokenizer import build

Ids = npt.NDArray[np.int64]
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides the weights; the same recipe gives the same model."""

    vocabulary_size: int = 34_000
    dimension: int = 256
    prefixes: tuple[int, ...] = (256, 64)
    batch: int = 2048
    rounds: int = 3
    rate: float = 0.03
    temperature: float = 0.05
    longest: int = 160
    seed: int = 2025


def train(folder: Path, vocabulary: Vocabulary, out: Path, recipe: Recipe, say: Progress) -> None:
    """Train on a corpus folder and write an ordinary sentence-transformers folder."""
    terms = [name for skill in vocabulary.skills for name in (skill.term, *skill.aliases)]
    tokenizer = build(_tokenizer_texts(folder), terms, recipe.vocabulary_size)
    say(f"tokenizer: {tokenizer.get_vocab_size():,} words")
    weights = _fitted(folder, vocabulary, tokenizer, recipe, say)
    _save(tokenizer, weights, out)


def _tokenizer_texts(folder: Path) -> Iterator[str]:
    for posting in corpus.postings(folder):
        if not posting.held_out:
            yield f"{posting.title}\n{posting.text}"
    yield from corpus.bare_texts(folder)
    for pairs in (corpus.occupations, corpus.majors, corpus.title_variants):
        yield from ("\n".join(pair) for pair in pairs(folder))


def _fitted(
    folder: Path, vocabulary: Vocabulary, tokenizer: Tokenizer, recipe: Recipe, say: Progress
) -> npt.NDArray[np.float16]:
    import torch

    torch.manual_seed(recipe.seed)
    torch.set_num_threads(1)  # one is faster than two for gathers of this size
    table = torch.nn.EmbeddingBag(tokenizer.get_vocab_size(), recipe.dimension, mode="mean")
    torch.nn.init.normal_(table.weight, std=1 / math.sqrt(recipe.dimension))
    optimizer = torch.optim.Adam(table.parameters(), lr=recipe.rate)
    for turn in range(recipe.rounds):
        pairs = all_pairs(folder, vocabulary, recipe.seed + turn)
        sides = [_tokens(tokenizer, [pair[side] for pair in pairs], recipe) for side in (0, 1)]
        say(f"round {turn + 1}: {len(pairs):,} pairs")
        steps = len(pairs) // recipe.batch
        for step in range(steps):
            share = (turn + step / steps) / recipe.rounds
            for group in optimizer.param_groups:
                group["lr"] = recipe.rate * (1 - share) + 1e-5
            chosen = slice(step * recipe.batch, (step + 1) * recipe.batch)
            loss = _loss(table, [side[chosen] for side in sides], pairs[chosen], recipe)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            if step % 50 == 0:
                say(f"  step {step}/{steps}: loss {loss.item():.3f}")
    return np.asarray(table.weight.detach().numpy(), dtype=np.float16)


def _tokens(tokenizer: Tokenizer, texts: Sequence[str], recipe: Recipe) -> list[Ids]:
    found: list[Ids] = []
    for start in range(0, len(texts), recipe.batch):
        batch = [text[: 3 * recipe.longest] for text in texts[start : start + recipe.batch]]
        found += [
            np.array(encoded.ids[: recipe.longest] or [0], dtype=np.int64)
            for encoded in tokenizer.encode_batch_fast(batch, add_special_tokens=False)
        ]
    return found


def _loss(table: Any, sides: Sequence[Sequence[Ids]], pairs: Sequence[TextPair], recipe: Recipe) -> Any:
    import torch

    left, right = (_embedded(table, side) for side in sides)
    same = _same(pairs)
    target = torch.arange(len(pairs))
    total = torch.zeros(())
    for width in recipe.prefixes:
        a = torch.nn.functional.normalize(left[:, :width], dim=1)
        b = torch.nn.functional.normalize(right[:, :width], dim=1)
        scores = (a @ b.T / recipe.temperature).masked_fill(same, -1e4)
        total = total + torch.nn.functional.cross_entropy(scores, target)
        total = total + torch.nn.functional.cross_entropy(scores.T, target)
    return total / (2 * len(recipe.prefixes))


def _embedded(table: Any, side: Sequence[Ids]) -> Any:
    import torch

    starts = np.cumsum([0, *(len(ids) for ids in side[:-1])])
    return table(torch.from_numpy(np.concatenate(side)), torch.from_numpy(starts))


def _same(pairs: Sequence[TextPair]) -> Any:
    """Mark partners of equal texts: two postings called PHP工程师 are no negatives of each other."""
    import torch

    masks = []
    for side in (0, 1):
        _, codes = np.unique([pair[side] for pair in pairs], return_inverse=True)
        masks.append(codes[:, None] == codes[None, :])
    return torch.from_numpy((masks[0] | masks[1]) & ~np.eye(len(pairs), dtype=np.bool_))


def _save(tokenizer: Tokenizer, weights: npt.NDArray[np.float16], out: Path) -> None:
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding

    static = StaticEmbedding(tokenizer, embedding_weights=torch.from_numpy(weights))
    SentenceTransformer(modules=[static, Normalize()], device="cpu").save(str(out))
