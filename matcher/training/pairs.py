"""Pairs of texts that mean the same work, drawn without labels, one source at a time.

A batch holds pairs of one source, so titles are told from titles and texts from texts. A pair carries a
key for either side: partners of equal keys are no negatives of each other.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from matcher.training.corpus import Corpus, Occupation, Posting
from matcher.training.split import plain_title

LONG, SHORT = 400, 40
_SENTENCES = re.compile(r"(?<=[。；;\n!！?？])|(?=\d{1,2}[、.．)）])")
_LEAST_SENTENCES = 3

_LEAST_SENTENCE = 9
IT_ONLY = ("jobspider2019", "lagou_ai2017")

Draw = random.Random


class Pair(NamedTuple):
    """Two texts and what tells each side's meaning."""

    left: str
    right: str
    left_key: str
    right_key: str


class Pairs:
    """Draws training pairs from a corpus."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self.sources: Mapping[str, Callable[[Draw], Pair | None]] = {
            "titles": self.titles,
            "kindred titles": self.kindred_titles,
            "definitions": self.definitions,
            "skills": self.skills,
            "title variants": self.title_variants,
            "majors": self.majors,
            "postings": lambda draw: self.posting(draw, self._corpus.postings),
            "broad postings": lambda draw: self.posting(draw, self._broad_postings),
            "bare texts": self.bare_texts,
            "synonyms": self.synonyms,
            "paraphrases": self.paraphrases,
        }

    def batch(self, source: str, count: int, draw: Draw) -> list[Pair]:
        """Draw a batch of one source; pairs that the comparison may ask are drawn again."""
        found: list[Pair] = []
        while len(found) < count:
            pair = self.sources[source](draw)
            if pair and pair.left != pair.right and {pair.left, pair.right} not in self._corpus.kept_apart:
                found.append(pair)
        return found

    def titles(self, draw: Draw) -> Pair | None:
        """Pair two names of one occupation."""
        one = draw.choice(self._corpus.occupations)
        left, right = draw.choice(one.names), draw.choice(one.names)
        return Pair(left, right, one.code, one.code)

    def kindred_titles(self, draw: Draw) -> Pair | None:
        """Pair names of two occupations of one family."""
        one = draw.choice(self._corpus.occupations)
        other = draw.choice(self._families[one.family])
        return Pair(draw.choice(one.names), draw.choice(other.names), one.family, one.family)

    def definitions(self, draw: Draw) -> Pair | None:
        """Pair a name with what the classification says of it, the name's words blanked in half of them."""
        one = draw.choice(self._corpus.occupations)
        if not one.definition:
            return None
        name = draw.choice(one.names)
        text = draw.choice((one.definition, excerpt(one.text, draw), one.text[:LONG]))
        return Pair(name, masked(text, name) if _by_chance(draw, 0.5) else text, one.code, one.code)

    def skills(self, draw: Draw) -> Pair | None:
        """Pair a name or a task with what people of the trade have learnt, as a resume lists it."""
        one = draw.choice(self._corpus.occupations)
        if not one.skills:
            return None
        shown = draw.sample(one.skills, draw.randint(1, len(one.skills)))
        if one.majors and _by_chance(draw, 0.4):
            shown.insert(0, draw.choice(one.majors))
        return Pair(draw.choice((*one.names, excerpt(one.text, draw))), " ".join(shown), one.code, one.code)

    def title_variants(self, draw: Draw) -> Pair | None:
        """Pair two spellings of one title."""
        group = draw.choice(self._corpus.title_groups)
        other = group[0] if _by_chance(draw, 0.6) else draw.choice(group)
        return Pair(draw.choice(group), other, group[0], group[0])

    def majors(self, draw: Draw) -> Pair | None:
        """Pair a major with its summary, or with work it leads to."""
        if _by_chance(draw, 0.4):
            name, summary = draw.choice(self._corpus.majors)
            return Pair(name, excerpt(summary, draw), name, name)
        if _by_chance(draw, 0.5):
            name, job = draw.choice(self._corpus.careers)
            return Pair(name, job, name, job)
        one = draw.choice(self._corpus.occupations)
        if not one.majors:
            return None
        return Pair(draw.choice(one.majors), draw.choice(one.names), one.code, one.code)

    def posting(self, draw: Draw, postings: Sequence[Posting]) -> Pair | None:
        """Pair a title with its text, its words mostly blanked; duties with requirements; two halves."""
        one = draw.choice(postings)
        title = plain_title(one.title)
        if title and _by_chance(draw, 0.6):
            text = excerpt(one.text, draw) if _by_chance(draw, 0.4) else one.text[:LONG]
            text = masked(text, one.title) if _by_chance(draw, 0.7) else text
            return Pair(one.title, text, title, text)
        if _by_chance(draw, 0.5) and min(len(one.duties), len(one.requirements)) > SHORT:
            return Pair(one.duties[:LONG], one.requirements[:LONG], title, title)
        return halves(one.text, title, draw)

    def bare_texts(self, draw: Draw) -> Pair | None:
        """Pair two halves of a text or of a bag of nouns."""
        text = draw.choice(self._corpus.bare_texts)
        return halves(text, text, draw)

    def synonyms(self, draw: Draw) -> Pair | None:
        """Pair two words of one meaning."""
        words = draw.choice(self._corpus.synonyms)
        return Pair(draw.choice(words), draw.choice(words), words[0], words[0])

    def paraphrases(self, draw: Draw) -> Pair | None:
        """Pair two general sentences that mean the same."""
        left, right = draw.choice(self._corpus.paraphrases[draw.randint(0, 1)])
        return Pair(left, right, left, right)

    @cached_property
    def _families(self) -> Mapping[str, list[Occupation]]:
        families = defaultdict(list)
        for one in self._corpus.occupations:
            families[one.family].append(one)
        return families

    @cached_property
    def _broad_postings(self) -> list[Posting]:
        return [one for one in self._corpus.postings if not one.source.startswith(IT_ONLY)]


def masked(text: str, title: str) -> str:
    """Blank a title's words out of a text, so that finding it takes more than copying."""
    for part in sorted(re.split(r"[^\w+#]+", title), key=len, reverse=True):
        if len(part) > 1:
            text = re.sub(re.escape(part), " ", text, flags=re.IGNORECASE)
    return text


def excerpt(text: str, draw: Draw, most: int = 4) -> str:
    """Take one to four neighbouring sentences."""
    sentences = [part for part in _SENTENCES.split(text) if len(part.strip()) >= _LEAST_SENTENCE]
    if not sentences:
        return text
    count = draw.randint(1, min(most, len(sentences)))
    start = draw.randint(0, len(sentences) - count)
    return "".join(sentences[start : start + count])


def halves(text: str, key: str, draw: Draw) -> Pair | None:
    """Deal a text's sentences, or the words of a bag of nouns, to two sides."""
    parts = [part for part in _SENTENCES.split(text) if part.strip()]
    if len(parts) < _LEAST_SENTENCES:
        parts = text.split()
    draw.shuffle(parts)
    left, right = (" ".join(parts[turn::2])[:LONG] for turn in (0, 1))
    return Pair(left, right, key, key) if min(len(left), len(right)) > SHORT else None


def _by_chance(draw: Draw, share: float) -> bool:
    return draw.random() < share
