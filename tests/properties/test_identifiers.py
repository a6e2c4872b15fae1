from collections.abc import Callable
from datetime import date

from hypothesis import assume, given
from hypothesis import strategies as st

from webapp.domain.errors import PlatformError
from webapp.domain.identifiers import (
    CODE_ALPHABET,
    DocType,
    check_credit_code,
    check_identity,
    credit_code_digit,
    credit_code_is_valid,
    normalise,
    person_key,
)

TODAY = date(2026, 6, 15)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)

letters = st.sampled_from(CODE_ALPHABET)
digits = st.sampled_from("0123456789")


@st.composite
def credit_codes(draw: st.DrawFn) -> str:
    body = draw(st.sampled_from("123456789ANY")) + draw(letters)
    body += "".join(draw(st.lists(digits, min_size=6, max_size=6)))
    body += "".join(draw(st.lists(letters, min_size=9, max_size=9)))
    return body + credit_code_digit(body)


@st.composite
def identity_numbers(draw: st.DrawFn) -> str:
    area = f"{draw(st.integers(110000, 659999))}"
    born = draw(st.dates(date(1950, 1, 1), date(2010, 12, 31)))
    body = f"{area}{born:%Y%m%d}{draw(st.integers(0, 999)):03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def identity_is_valid(number: str) -> bool:
    try:
        check_identity(DocType.IDENTITY_CARD, number, on=TODAY)
    except PlatformError:
        return False
    return True


@given(credit_codes())
def test_every_generated_credit_code_is_accepted(code: str) -> None:
    assert check_credit_code(code.lower()) == code


@given(credit_codes(), st.integers(0, 17), letters)
def test_every_single_substitution_in_a_credit_code_is_refused(code: str, place: int, sign: str) -> None:
    assume(code[place] != sign)
    assert not credit_code_is_valid(code[:place] + sign + code[place + 1 :])


@given(credit_codes(), st.integers(0, 16))
def test_every_adjacent_transposition_in_a_credit_code_is_refused(code: str, place: int) -> None:
    assume(code[place] != code[place + 1])
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert not credit_code_is_valid(swapped)


@given(identity_numbers())
def test_every_generated_identity_number_is_accepted(number: str) -> None:
    assert identity_is_valid(number)


@given(identity_numbers(), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_every_single_substitution_in_an_identity_number_is_refused(
    number: str, place: int, sign: str
) -> None:
    assume(number[place] != sign)
    assert not identity_is_valid(number[:place] + sign + number[place + 1 :])


@given(identity_numbers(), st.integers(0, 16))
def test_every_adjacent_transposition_in_an_identity_number_is_refused(number: str, place: int) -> None:
    assume(number[place] != number[place + 1])
    assert not identity_is_valid(number[:place] + number[place + 1] + number[place] + number[place + 2 :])


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(), st.sampled_from(DocType))
def test_junk_is_refused_by_a_sentence_and_never_by_a_crash(text: str, doc_type: DocType) -> None:
    for check in (lambda: check_credit_code(text), lambda: check_identity(doc_type, text, on=TODAY)):
        said = outcome(check)
        assert said.isascii() or said.endswith("。")


def outcome(check: Callable[[], str]) -> str:
    """Return what was accepted or the sentence of the refusal."""
    try:
        return check()
    except PlatformError as refusal:
        return str(refusal)


@given(identity_numbers(), identity_numbers())
def test_two_numbers_never_share_a_key(one: str, other: str) -> None:
    keys = {person_key("pepper", DocType.IDENTITY_CARD, number) for number in (one, other)}
    assert len(keys) == len({one, other})
