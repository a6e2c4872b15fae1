"""Pairs of texts that mean the same work, taken from postings and catalogues without labels."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from matcher.skills import Vocabulary
from matcher.training import corpus
from matcher.training.corpus import Posting

TextPair = tuple[str, str]

MASK_SHARE = 0.5
LONG, SHORT = 400, 60
_SENTENCES = re.compile(r"(?<=[。；;\n!！?？])|(?=\d{1,2}[、.．)）])")
_CATALOGUE_ROUNDS = 4
_SYNONYM_SETS = 4000


def all_pairs(folder: Path, vocabulary: Vocabulary, seed: int) -> list[TextPair]:
    """Draw one round of training pairs from everything but the held-out postings."""
    draw = random.Random(seed)  # noqa: S311 - sampling, not secrecy
    drawn: list[TextPair] = []
    for posting in corpus.postings(folder):
        if not posting.held_out:
            drawn.extend(_of_posting(posting, draw))
    for text in corpus.bare_texts(folder):
        drawn.extend(_halves(text, draw))
    for _ in range(_CATALOGUE_ROUNDS):
        drawn.extend(corpus.occupations(folder))
        drawn.extend(corpus.majors(folder))
        drawn.extend(corpus.title_variants(folder))
        drawn.extend(_of_vocabulary(vocabulary))
    sets = list(corpus.synonyms(folder))
    drawn.extend(_two(words, draw) for words in draw.sample(sets, min(len(sets), _SYNONYM_SETS)))
    draw.shuffle(drawn)
    return drawn


def masked(text: str, title: str) -> str:
    """Blank a title's words out of a text, so that finding it takes more than copying."""
    for part in sorted(re.split(r"[^\w+#]+", title), key=len, reverse=True):
        if len(part) > 1:
            text = re.sub(re.escape(part), " ", text, flags=re.IGNORECASE)
    return text


def _of_posting(posting: Posting, draw: random.Random) -> Iterator[TextPair]:
    text = masked(posting.text, posting.title) if draw.random() < MASK_SHARE else posting.text
    if posting.title:
        yield posting.title, text
        if posting.duties:
            duties = masked(posting.duties, posting.title)
            yield " ".join((posting.title, *posting.skills)), duties
    if len(posting.duties) > SHORT and len(posting.requirements) > SHORT:
        yield posting.duties[:LONG], posting.requirements[:LONG]
    yield from _halves(posting.text, draw)


def _halves(text: str, draw: random.Random) -> Iterator[TextPair]:
    parts = [part for part in _SENTENCES.split(text) if part.strip()]
    if len(parts) < 3:  # noqa: PLR2004 - a bag of nouns has no sentences
        parts = text.split()
    draw.shuffle(parts)
    first, second = (" ".join(parts[turn::2]) for turn in (0, 1))
    if min(len(first), len(second)) > SHORT // 2:
        yield first[:LONG], second[:LONG]


def _of_vocabulary(vocabulary: Vocabulary) -> Iterable[TextPair]:
    return ((alias, skill.term) for skill in vocabulary.skills for alias in skill.aliases)


def _two(words: list[str], draw: random.Random) -> TextPair:
    first, second = draw.sample(words, 2)
    return first, second
