"""What a resume shows and what a posting asks, skill by skill, graded, with the words that say so.

Each mention makes it likelier that the skill is really there: grades g combine as 1 - (1-g)(1-g')...,
so every mention counts, more of them count ever less, and losing any of them always lowers the sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from matcher.documents import PostingDocument, ResumeDocument, Span
from matcher.skills import Mention, Vocabulary
from matcher.text import read_text

LISTED, TOLD = 0.45, 0.6
"""A skill in a list is claimed; one in a sentence about work, a course or a project is shown."""
MUST, ASKED, PREFERRED, IN_DUTIES = 0.75, 0.6, 0.35, 0.3
_URGENCY: Mapping[bool | None, float] = {True: MUST, None: ASKED, False: PREFERRED}
_PROFICIENCY: Mapping[int | None, float] = {None: 1.0, 1: 0.5, 2: 0.85, 3: 1.0, 4: 1.1}
_APART = frozenset("、,，/|;；:：·()（）\n")

Source = Literal["resume", "posting"]


class Evidence(NamedTuple):
    """How strongly one side speaks of a skill, from 0 to 1, where, and whether it is asked or a plus."""

    strength: float
    spans: tuple[Span, ...]
    required: bool = True
    plus: bool = False


@dataclass(frozen=True, slots=True)
class _Saying:
    """One mention with its grade."""

    term: str
    grade: float
    span: Span
    required: bool = True
    plus: bool = False


@dataclass(frozen=True)
class Reader:
    """Reads both sides with one vocabulary."""

    vocabulary: Vocabulary

    @cached_property
    def _rungs(self) -> tuple[str, ...]:
        return tuple(skill.term for skill in self.vocabulary.skills if skill.ladder)

    def shown(self, resume: ResumeDocument) -> Mapping[str, Evidence]:
        """Return the skills a resume shows; a certificate shows the lower ones of its kind as well."""
        found = _gathered([*self._listed("resume", resume, LISTED), *self._told(resume)])
        climbed = [term for term in self._rungs if term in found]
        for asked in self._rungs if climbed else ():
            covering = [found[term] for term in climbed if self.vocabulary.covers(term, asked)]
            if asked not in found and covering:
                found[asked] = max(covering, key=lambda one: one.strength)
        return found

    def asked(self, posting: PostingDocument) -> Mapping[str, Evidence]:
        """Return the skills a posting speaks of; a plus, or a word of the duties alone, is no requirement."""
        found = [*self._listed("posting", posting, ASKED)]
        for field in ("requirements", "duties"):
            requires = field == "requirements" or not posting.requirements
            found += self._demanded(posting, field, requires=requires)
        return _gathered(found)

    def literally(self, resume: ResumeDocument, term: str) -> Evidence | None:
        """Find a skill outside the vocabulary word for word in a resume's text."""
        if " " not in term and term.lower() not in resume.text.lower():
            return None  # blanking what must not weigh makes no words: spare it
        spans = literal("resume", resume, "text", term)
        return _gathered([_Saying(term, LISTED, span) for span in spans]).get(term)

    def _listed(
        self, source: Source, document: ResumeDocument | PostingDocument, grade: float
    ) -> Iterator[_Saying]:
        start = 0
        for name in document.skills:
            span = Span(source, "skills", start, start + len(name))
            if name.strip():
                yield _Saying(self.vocabulary.canonical(name), grade, span)
            start += len(name) + 1

    def _told(self, resume: ResumeDocument) -> Iterator[_Saying]:
        text = read_text(resume, "text")
        for mention in self.vocabulary.mentions(text):
            grade = LISTED if _in_a_list(text, mention) else TOLD
            grade *= _PROFICIENCY[mention.proficiency]
            yield _Saying(mention.term, grade, Span("resume", "text", mention.start, mention.end))

    def _demanded(self, posting: PostingDocument, field: str, *, requires: bool) -> Iterator[_Saying]:
        for mention in self.vocabulary.mentions(read_text(posting, field)):
            span = Span("posting", field, mention.start, mention.end)
            grade = _URGENCY[mention.required] if requires else IN_DUTIES
            plus = requires and mention.required is False
            yield _Saying(mention.term, grade, span, requires and not plus, plus)


def literal(source: Source, document: ResumeDocument | PostingDocument, field: str, term: str) -> list[Span]:
    """Return every place where a field says a term, whatever its case."""
    text, found, start = read_text(document, field).lower(), [], 0
    while term and (start := text.find(term.lower(), start)) >= 0:
        found.append(Span(source, field, start, start + len(term)))
        start += len(term)
    return found


def _gathered(sayings: Iterable[_Saying]) -> dict[str, Evidence]:
    found: dict[str, Evidence] = {}
    for one in sayings:
        before = found.get(one.term, Evidence(0.0, (), required=False))
        found[one.term] = Evidence(
            1 - (1 - before.strength) * (1 - one.grade),
            (*before.spans, one.span),
            before.required or one.required,
            before.plus or one.plus,
        )
    return found


def _in_a_list(text: str, mention: Mention) -> bool:
    before, after = mention.start - 1, mention.end
    while before >= 0 and text[before] == " ":
        before -= 1
    while after < len(text) and text[after] == " ":
        after += 1
    opens = before < 0 or text[before] in _APART
    return opens and (after >= len(text) or text[after] in _APART or text[after] == "。")
