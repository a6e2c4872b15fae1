"""The fast cut is the cut that tokenizer.json describes."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, models

from matcher.tokens import UNKNOWN, LongestMatch, folded, is_word, tokenizer_json

WORDS = [
    *(UNKNOWN, "工程师", "工程", "软件工程", "护士", "护士长", "c++", "c#", ".net", "java", "ja"),
    *"工程师软件护士长士长c+#.netjav",
]
WORDS = list(dict.fromkeys(WORDS))


@pytest.fixture(scope="module")
def longest() -> LongestMatch:
    return LongestMatch(WORDS)


@pytest.fixture(scope="module")
def described() -> Tokenizer:
    return Tokenizer.from_str(tokenizer_json(WORDS))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("软件工程师", ["软件工程", "师"]),
        ("护士长，护士", ["护士长", "护士"]),
        ("Ｊａｖａ/C++", ["java", "c++"]),
        ("ASP.NET", ["a", ".net"]),
        ("医 生", []),
        ("", []),
        ("🙂", []),
    ],
)
def test_the_longest_known_word_is_cut_from_the_left(longest, text, words):
    assert [WORDS[number] for number in longest(text)] == words


@given(
    st.text(
        alphabet="工程师软件护士长医CcＣ＋+＃#.netNET①㎏ﬁÅé가ガ🙂㈱，。 \n\u3000\u200b\ufeff", max_size=60
    )
)
def test_the_tokenizers_library_makes_the_same_cut(longest, described, text):
    assert longest(text) == described.encode(text, add_special_tokens=False).ids


def test_a_described_cut_is_read_back_and_no_other(tmp_path, longest):
    path = tmp_path / "tokenizer.json"
    path.write_text(tokenizer_json(WORDS), "utf-8")
    read = LongestMatch.from_file(path)
    assert read is not None
    assert read.words == longest.words
    Tokenizer(models.Unigram([("工", -1.0)], unk_id=0)).save(str(path))
    assert LongestMatch.from_file(path) is None
    path.write_text(tokenizer_json(WORDS).replace('"Lowercase"', '"NFC"'), "utf-8")
    assert LongestMatch.from_file(path) is None


@given(st.text(max_size=20))
def test_folding_twice_changes_nothing_that_can_be_a_word(text):
    kept = "".join(c for c in folded(text) if is_word(c))
    assert folded(kept) == unicodedata.normalize("NFKC", kept) == kept


@given(st.text(st.sampled_from("，：；（）！？e\u0301゛がＣ") | st.characters(), max_size=30))
def test_folding_is_what_unicode_calls_it(text):
    assert folded(text) == unicodedata.normalize("NFKC", text).lower()
