"""A document as the exact string that is embedded and indexed.

Whatever changes these strings must change ``TEXT_VERSION``: vectors of another version are stale.
"""

from __future__ import annotations

import re
from functools import lru_cache

from matcher.documents import PostingDocument, ResumeDocument
from matcher.marks import spaced, without_head, without_marks, without_schools

TEXT_VERSION = "3"
TEXT_LIMIT = 4000

# Benefits and company praise read alike in every posting and only blur what the work is.
_DUTIES = r"(?:岗位|工作|主要|职位|任职)(?:职责|内容|描述|要求|资格|条件)[】\]]?\s*[:：]"
_HEADING = r"[^\S\n]*[【\[]?(?:[一二三四五六七八九十\d]{1,2}[、.)）])?[一-鿿]{2,8}(?:[】\]]|\s*[:：])"
_BOILERPLATE = re.compile(
    r"(?:^|(?<=[。；;]))[^\S\n]*[【\[]?(?:[一二三四五六七八九十\d]{1,2}[、.)）])?"
    r"(?:福利待遇|员工福利|公司福利|薪资福利|薪酬福利|岗位福利|公司简介|公司介绍|关于我们|工作地址|上班时间|工作时间)"
    rf"[】\]]?[^\S\n]*[:：](?:[^\S\n]*(?:\n(?!{_HEADING})[^\n]*\S[^\n]*)+|[^\n]*?(?={_DUTIES}|$))",
    re.MULTILINE,
)
"""A heading of benefits or praise with its line, or with the lines below where its own is empty."""
_PROSE = ("duties", "requirements")
_KEPT = 1024
"""Texts kept cleaned: a batch is encoded, hashed and read one after the other, each time whole."""


@lru_cache(_KEPT)
def without_personal_marks(text: str) -> str:
    """Remove origin, sex, age, politics and school names from free text."""
    return without_head(without_schools(without_marks(text)))


def read_text(document: ResumeDocument | PostingDocument, field: str) -> str:
    """Return a field as it is read: what must not weigh is blank, and every offset stays true."""
    text = field_text(document, field)
    if isinstance(document, PostingDocument):
        return _BOILERPLATE.sub(lambda found: spaced(found[0]), text) if field in _PROSE else text
    return _without_marks_in_place(text) if field == "text" else text


def posting_text(posting: PostingDocument) -> str:
    """Return what stands for a posting: its work and what it asks, without benefits."""
    body = "\n".join(_BOILERPLATE.sub("", part) for part in (posting.duties, posting.requirements))
    return _joined(posting.title, *posting.skills, *posting.majors, body)


def resume_text(resume: ResumeDocument) -> str:
    """Return what stands for a graduate: wishes, major, skills and experience."""
    return _joined(*resume.wanted, resume.major, *resume.skills, without_personal_marks(resume.text))


def prepared(document: ResumeDocument | PostingDocument) -> str:
    """Return the string that is embedded and indexed for either side."""
    if isinstance(document, PostingDocument):
        return posting_text(document)
    return resume_text(document)


def field_text(document: ResumeDocument | PostingDocument, field: str) -> str:
    """Return the text in which spans of that field are counted; lists are joined by 、."""
    value = getattr(document, field)
    return "、".join(value) if isinstance(value, tuple) else str(value)


@lru_cache(_KEPT)
def _without_marks_in_place(text: str) -> str:
    return without_head(without_schools(without_marks(text, spaced), spaced), spaced)


def _joined(*parts: str) -> str:
    spaced = (" ".join(part.split()) for part in parts)
    return "\n".join(part for part in spaced if part)[:TEXT_LIMIT]
