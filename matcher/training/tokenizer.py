"""The words an encoder knows: what rjieba finds in the material, the skill terms, and single characters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import rjieba

from matcher.skills import Vocabulary
from matcher.tokens import UNKNOWN, folded, is_word
from matcher.training.corpus import Corpus

LONGEST, LONGEST_NUMBER, LONGEST_NAME = 10, 2, 6
SIGNS = "+#."  # of C++, C# and .net
RARE = 3  # characters seen less often are left out, with every word that holds one


@dataclass(slots=True)
class Counts:
    """How often words and characters occur, rare materials counting for more."""

    words: Counter[str] = field(default_factory=Counter)
    characters: Counter[str] = field(default_factory=Counter)

    def add(self, texts: Iterable[str], weight: float = 1) -> None:
        """Cut texts into words and count them; ``weight`` says what one occurrence is worth."""
        found: Counter[str] = Counter()
        for text in map(folded, texts):
            self.characters.update(text)
            found.update(rjieba.cut(text))
        self.add_words(found, weight)

    def add_words(self, words: Iterable[str], weight: float) -> None:
        """Count whole names that are to be one word."""
        for word, count in Counter(words).items():
            self.words[word] += count * weight  # type: ignore[assignment]


def vocabulary(corpus: Corpus, skills: Vocabulary, size: int) -> dict[str, float]:
    """Choose the words, most frequent first, each with its count; the unknown word stands first."""
    counts = counted(corpus, skills)
    kept = {c: float(n) for c, n in counts.characters.items() if n >= RARE and is_word(c)}
    kept.update({sign: 1.0 for sign in SIGNS if sign not in kept})
    for word, count in sorted(counts.words.items(), key=lambda item: (-item[1], item[0])):
        if len(kept) >= size - 1:
            break
        if 1 < len(word) <= LONGEST and _is_telling(word) and all(c in kept for c in word):
            kept[word] = count
    return {UNKNOWN: 1.0, **dict(sorted(kept.items(), key=lambda item: (-item[1], item[0])))}


def counted(corpus: Corpus, skills: Vocabulary) -> Counts:
    """Count words of postings once, of catalogues and names many times: there are few of them."""
    counts = Counts()
    counts.add(f"{one.title}\n{one.text}" for one in corpus.postings)
    counts.add((one.title for one in corpus.postings), 3)
    counts.add(corpus.bare_texts, 0.3)
    counts.add((one.text for one in corpus.occupations), 10)
    counts.add((summary for _, summary in corpus.majors), 3)
    counts.add((text for pairs in corpus.paraphrases for pair in pairs for text in pair), 5)
    names = list(_names(corpus))
    counts.add(names, 30)
    counts.add_words((name for name in map(folded, names) if len(name) <= LONGEST_NAME), 30)
    counts.add_words((folded(word) for words in corpus.synonyms for word in words), 3)
    counts.add_words((folded(name) for skill in skills.skills for name in (skill.term, *skill.aliases)), 500)
    return counts


def _names(corpus: Corpus) -> Iterator[str]:
    for one in corpus.occupations:
        yield from (*one.names, *one.skills, *one.majors)
    yield from (title for group in corpus.title_groups for title in group)
    yield from (name for name, _ in corpus.majors)


def _is_telling(word: str) -> bool:
    is_number = word.isdigit() and len(word) > LONGEST_NUMBER
    return is_word(word) and not is_number and word[0] not in "+#" and word[-1] != "."
