"""What holds for any text somebody uploads or pastes."""

import contextlib

from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.domain.catalogues import institutions, majors
from webapp.reading.catalogue import Catalogue
from webapp.reading.contacts import MASK, mask_contacts
from webapp.reading.errors import Unreadable
from webapp.reading.fields import read_fields, redacted
from webapp.reading.files import read_text
from webapp.reading.headings import HEADINGS
from webapp.reading.layout import Run, reading_order
from webapp.reading.plain import cleaned, decode
from webapp.reading.postings import RowRefused, read_posting

CATALOGUE = Catalogue(institutions().values(), majors())
WORDS = st.sampled_from(
    [
        *(word for words in HEADINGS.values() for word in words.split()[:3]),
        *(
            "武汉大学",
            "软件工程",
            "本科",
            "硕士",
            "2022.09-2026.06",
            "至今",
            "姓名：",
            "王小明",
            "13900000001",
        ),
        *("a@example.com", "\n", "\n", " ", "|", "：", "专业", "11010519491231002X"),
    ]
)
RESUMES = st.one_of(st.text(), st.lists(WORDS, max_size=40).map(" ".join))


@settings(max_examples=200, deadline=None)
@given(RESUMES)
def test_no_text_breaks_the_reader_and_nothing_is_invented(text: str) -> None:
    fields = read_fields(text, catalogue=CATALOGUE)
    assert fields.mobile is None or len(fields.mobile) == 11
    assert fields.doubtful <= {"name", "degree", "institution", "major", "graduation_on"}
    assert all(getattr(fields, doubt) for doubt in fields.doubtful)
    if fields.name and fields.name.isascii():
        assert fields.name in text


@settings(max_examples=200, deadline=None)
@given(RESUMES)
def test_a_redacted_resume_keeps_no_identity_number_and_no_mobile(text: str) -> None:
    hidden = redacted(text, "王小明")
    assert "王小明" not in hidden
    assert "13900000001" not in hidden
    assert "11010519491231002X" not in hidden


@given(st.text())
def test_masking_twice_is_masking_once(text: str) -> None:
    once = mask_contacts(text)
    assert mask_contacts(once) == once


@given(st.text("零一二三四五六七八九0123456789 -", min_size=0, max_size=4), st.integers(3, 9))
def test_a_mobile_number_is_hidden_in_any_surroundings(before: str, second: int) -> None:
    number = f"1{second}900000001"
    assert number not in mask_contacts(f"{before}。{number}。") or MASK in mask_contacts(number)


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert cleaned(cleaned(text)) == cleaned(text)


@given(st.binary(max_size=300))
def test_any_bytes_are_text_or_a_refusal(content: bytes) -> None:
    with contextlib.suppress(Unreadable):
        assert read_text(decode(content))


@given(
    st.lists(
        st.builds(
            lambda text, left, width, middle: Run(text, left, left + width, middle, 10.0),
            st.text("教育背景武汉大学技能甲乙丙", min_size=1, max_size=6),
            st.floats(0, 500),
            st.floats(1, 200),
            st.floats(0, 800),
        ),
        max_size=25,
    )
)
def test_reading_order_loses_no_word_and_repeats_none(runs: list[Run]) -> None:
    lines = reading_order(runs)
    assert sorted("".join(lines).replace(" ", "")) == sorted("".join(run.text for run in runs))


VALUES = st.one_of(st.none(), st.text(), st.integers(), st.lists(st.text()))


@given(
    st.fixed_dictionaries(
        dict.fromkeys(("title", "description", "city", "company", "salary", "skills"), VALUES)
    )
)
def test_any_row_is_a_posting_or_a_reason(row: dict[str, object]) -> None:
    with contextlib.suppress(RowRefused):
        posting = read_posting(row, "a.jsonl")
        assert posting.title
        assert posting.duties
        assert read_posting(row, "a.jsonl") == posting
