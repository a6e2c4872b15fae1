"""What must not weigh is looked for only where it can begin: at every character it begins with."""

import re
from re import _constants as code
from re import _parser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.marks import _RANKED, MARKS, WORDS


def parted(pattern):
    """Return the characters a pattern is tried at, and the pattern itself."""
    heads, words = re.fullmatch(r"\(\?=\[(.+?)\]\)\(\?:(.+)\)", pattern.pattern, re.DOTALL).groups()
    return re.compile(f"[{heads}]"), words


def beginnings(parsed):
    """Return every character that a parsed pattern can begin with, and whether it can be empty."""
    found = set()
    for operation, value in parsed:
        own, empty = begun(operation, value)
        found |= own
        if not empty:
            return found, False
    return found, True


def begun(operation, value):
    if operation is code.LITERAL:
        return {chr(value)}, False
    if operation is code.IN:
        return {sign for kind, one in value for sign in signs(kind, one)}, False
    if operation is code.BRANCH:
        ways = [beginnings(way) for way in value[1]]
        return set().union(*(own for own, _ in ways)), any(empty for _, empty in ways)
    if operation is code.SUBPATTERN:
        return beginnings(value[3])
    if operation in {code.MAX_REPEAT, code.MIN_REPEAT}:
        own, empty = beginnings(value[2])
        return own, empty or value[0] == 0
    assert operation in {code.AT, code.ASSERT, code.ASSERT_NOT}, f"{operation} can begin with anything"
    return set(), True


def signs(kind, one):
    assert kind in {code.LITERAL, code.RANGE}, f"{kind} can begin with anything"
    first, last = (one, one) if kind is code.LITERAL else one
    return map(chr, range(first, last + 1))


@pytest.mark.parametrize("pattern", [MARKS, WORDS, _RANKED], ids=["marks", "words", "ranked"])
def test_a_pattern_is_tried_at_every_character_it_can_begin_with(pattern):
    heads, words = parted(pattern)
    can_begin, empty = beginnings(_parser.parse(words, pattern.flags))
    assert not empty
    assert {chr(sign) for sign in range(0x10000) if heads.fullmatch(chr(sign))} == can_begin


EVERYWHERE = [(one, re.compile(parted(one)[1], one.flags)) for one in (MARKS, WORDS, _RANKED)]


@given(
    st.text(
        st.sampled_from("男女性别：汉族党员来自武汉的居住地相貌端正MALE ſ岁22\n，9851双一流重点本科全日制QS"),
        max_size=40,
    )
)
def test_what_is_found_is_what_would_be_found_everywhere(text):
    for pattern, everywhere in EVERYWHERE:
        assert pattern.sub("", text) == everywhere.sub("", text)
