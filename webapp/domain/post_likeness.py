"""When two postings offer the same post: employer, kind, place, time, title and text, in that order.

This is the only rule by which posts are told apart, whoever wrote them and however they came here:
the employer's own posting, a list of one job board, a list of another.

1. The same employer: the same account (its credit code), or the same name in its normal form, unless
   both codes are real and differ.
2. The same kind, and places that do not contradict each other: equal, in one district, or one unknown.
3. Times that overlap, with ``SLACK_DAYS`` between the end of one and the beginning of the other.
4. Titles that agree in their normal form, or in what is left without general words. Marks of a job
   board, pay, places and numbers of people are no part of a title; a programming language is.
5. Texts that share enough runs of three signs, measured against the shorter one, because boards cut
   texts off. ``(title + text) / 2`` from ``SAME`` on is the same post, from ``DOUBTFUL`` on a question
   for an officer.

A post is one however often it is offered, so the rule is followed through all its postings: offers
that follow one another without a longer pause are one post, a new round of recruiting is another. The
headcount of a post is the largest that any of its postings states, never their sum. To take two posts
for one undercounts, and shows; to take one for two is what the ledger is there to prevent.
"""

import re
import unicodedata
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache

from webapp.domain.catalogues import districts
from webapp.domain.postings import Kind
from webapp.domain.programme import gb2260_of

SLACK_DAYS = 30
SAME = 0.72
DOUBTFUL = 0.6
GENERAL_TITLE = 0.8
"""Titles that agree only without general words: the text has to say more."""
LEAST_TITLE = 0.75
LEAST_TEXT = 20
"""A shorter text says nothing for or against."""
SIGNS = 3

Shingles = Callable[[int], AbstractSet[str]]

_FORMS = ("股份有限公司", "有限责任公司", "集团有限公司", "有限公司", "集团公司", "公司")
_NOISE = re.compile(
    r"急聘|急招|急|诚聘|诚招|高薪|热招|直招|招聘|周末双休|双休|[五六]险[一二]金|包吃包住|包吃住|包住|包吃|可转正"
    r"|应届(?:毕业)?生?|毕业生|校园招聘|校招|春招|秋招|社招|20\d\d(?:年|届)?|\d\d届|年终奖|无经验|有无经验均可|可投"
    r"|接受小白|\d+(?:[名人]|薪)|\d+(?:\.\d+)?(?:-\d+(?:\.\d+)?)?[k万千元](?:/?月|以上|起)?|[(\[【]\d{1,3}[)\]】]|武汉市?"
)
_GENERAL = re.compile(r"工程师|开发|软件|技术|专员|人员|方向|职位|实习生?|见习|岗位?|[员师类]")
_SYNONYMS = {"研发": "开发", "程序员": "工程师", "程序猿": "工程师"}
_WORDS = re.compile(r"[a-z][a-z+#]*|\d+")
_OUTSIDE = re.compile(r"(?<![a-z+])[+#]+|[^0-9a-z一-鿿+#]+")
_TEXT = re.compile(r"[^0-9a-z一-鿿]+")
_NUMBERING = re.compile(r"(?m)^\s*(?:\d{1,2}|[一二三四五六七八九十])\s*[.、)）:：]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What the rule looks at in a posting; ``genuine`` says that the employer's credit code is real."""

    posting_id: int
    employer_id: int
    employer_key: str
    genuine: bool
    title_key: str
    kind: Kind
    place: str | None
    first_on: date
    last_on: date


def employer_key(name: str) -> str:
    """Return an organisation's name as it is compared: no signs, no legal form, 武汉 for 武汉市."""
    plain = _OUTSIDE.sub("", unicodedata.normalize("NFKC", name).lower())
    plain = plain.replace("武汉市", "武汉").replace("湖北省", "湖北")
    form = next((form for form in _FORMS if plain.endswith(form) and plain != form), "")
    return plain.removesuffix(form)


@lru_cache(maxsize=100_000)
def title_key(title: str) -> str:
    """Return the normal form of a title: one width and case, no board's marks, no pay, no place."""
    plain = "".join(unicodedata.normalize("NFKC", title).lower().split())
    for word, other in _SYNONYMS.items():
        plain = plain.replace(word, other)
    bare = _OUTSIDE.sub("", _places().sub("", _NOISE.sub("", plain)))
    return bare or _OUTSIDE.sub("", plain)


def shingles(text: str) -> AbstractSet[str]:
    """Return the runs of three signs of a text, numbering and punctuation left out."""
    plain = _TEXT.sub("", _NUMBERING.sub("", unicodedata.normalize("NFKC", text)).lower())
    return {plain[place : place + SIGNS] for place in range(len(plain) - SIGNS + 1)}


def may_be_same(one: Offer, other: Offer) -> bool:
    """Say whether everything but the text allows two postings to offer one post."""
    return (
        _same_employer(one, other)
        and one.kind is other.kind
        and same_place(one.place, other.place)
        and _overlap(one, other)
        and title_likeness(one.title_key, other.title_key) > 0
    )


def likeness(one: Offer, other: Offer, texts: Shingles) -> float:
    """Return how surely two postings offer one post, from 0 to 1; ``texts`` gives a posting's shingles."""
    if not may_be_same(one, other):
        return 0.0
    title = title_likeness(one.title_key, other.title_key)
    return (title + _text_likeness(texts(one.posting_id), texts(other.posting_id), title)) / 2


@lru_cache(maxsize=100_000)
def title_likeness(one: str, other: str) -> float:
    """Return 1 for equal normal forms, less where only the special words agree, 0 where they do not."""
    if one == other:
        return 1.0
    words, others = set(_WORDS.findall(one)), set(_WORDS.findall(other))
    if words != others:
        return 0.0
    rest, other_rest = (_GENERAL.sub("", _WORDS.sub("", title)) for title in (one, other))
    if sorted(rest) == sorted(other_rest):
        return GENERAL_TITLE
    shared = _dice(_pairs(rest), _pairs(other_rest))
    return GENERAL_TITLE * shared if shared >= LEAST_TITLE else 0.0


def _text_likeness(one: AbstractSet[str], other: AbstractSet[str], title: float) -> float:
    shorter = min(len(one), len(other))
    if shorter < LEAST_TEXT:
        return title
    return len(one & other) / shorter


def _same_employer(one: Offer, other: Offer) -> bool:
    if one.employer_id == other.employer_id:
        return True
    return one.employer_key == other.employer_key and not (one.genuine and other.genuine)


def same_place(one: str | None, other: str | None) -> bool:
    """Say whether two places do not contradict each other: a zone and its district are one."""
    return one is None or other is None or gb2260_of(one) == gb2260_of(other)


def _overlap(one: Offer, other: Offer) -> bool:
    slack = timedelta(days=SLACK_DAYS)
    return one.first_on <= other.last_on + slack and other.first_on <= one.last_on + slack


def _pairs(text: str) -> AbstractSet[str]:
    return {text[place : place + 2] for place in range(len(text) - 1)}


def _dice(one: AbstractSet[str], other: AbstractSet[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


@cache
def _places() -> re.Pattern[str]:
    names = {name for one in districts().values() for name in (one.name, *one.aliases)}
    return re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))))
