"""The major in the lines that name an institution."""

import re
from collections.abc import Iterator

from webapp.reading.catalogue import Catalogue
from webapp.reading.periods import without_dates

_LABELLED = re.compile(r"专\s*业(?:名称|方向)?\s*:\s*([^\s|,;]{2,24})|专业\s{2,}([^\s|,;]{2,24})")
_STUDIED = re.compile(r"([一-鿿()]{2,20}?)专业(?![一-鿿]{0,2}(?:技能|课|能力|排名|知识|成绩|基础))")
_CUTS = re.compile(r"[\s|,;·•/、()\[\]【】<>—–:]+|(?<=[一-鿿])-(?=[一-鿿])")
_DEPARTMENT = re.compile(r"(?:学院|系|学部|中心|校区|研究院|研究所|班|大学)$")
_NOT_MAJOR = re.compile(
    r"学历|学位|全日制|统招|排名|绩点|专业|本科|专科|大专|硕士|博士|学士|研究生|至今|在读|应届|课程|学校|"
    r"[省市区县]$|双一流"
)
_TAIL = re.compile(r"(?:专业|硕士|博士|学士|本科)$")
_LENGTHS = range(2, 16)
_TELLING = 3
"""A shorter name inside a longer word says little: 法学 stands in 法学院."""


def find_major(text: str, catalogue: Catalogue) -> tuple[str | None, bool]:
    """Return the major and whether the catalogue knows it by this name."""
    rest = without_dates(catalogue.mention.sub(" ", text))
    for found in _candidates(rest):
        if found in catalogue.major_names:
            return found, True
    if match := _LABELLED.search(rest):
        return match[1] or match[2], False
    if match := _STUDIED.search(rest):
        return match[1], False
    words = [_TAIL.sub("", word) for word in _words(rest)]
    inside = (
        name for word in words for name in catalogue.major_names if len(name) >= _TELLING and name in word
    )
    if known := max(inside, key=lambda name: (len(name), name), default=None):
        return known, False
    return next((word for word in words if not _NOT_MAJOR.search(word)), None), False


def _candidates(text: str) -> Iterator[str]:
    """Yield what may be a major, the surest first: labelled, "…专业", any word."""
    for match in _LABELLED.finditer(text):
        yield _TAIL.sub("", match[1] or match[2])
    for match in _STUDIED.finditer(text):
        yield match[1]
    for word in _words(text):
        yield word
        yield _TAIL.sub("", word)


def _words(text: str) -> list[str]:
    """Return the words of a text that could be a major."""
    return [
        word
        for word in _CUTS.split(text)
        if len(word) in _LENGTHS and re.match(r"[一-鿿]", word) and not _DEPARTMENT.search(word)
    ]
