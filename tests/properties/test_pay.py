"""What holds for pay however it is written."""

from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.pay import MONTHS, MOST, format_pay, parse_pay

PAY_ALPHABET = "0123456789.-~万千kKwW元/月年天时·薪面议以上下起 ,，至到"
yuan = st.integers(1, MOST)


@given(st.one_of(st.text(), st.text(PAY_ALPHABET)))
def test_no_text_breaks_the_reader_and_the_bounds_are_in_order(text: str) -> None:
    pay = parse_pay(text)
    assert pay is None or 0 < pay.low <= pay.high <= MOST
    assert pay is None or (pay.months in MONTHS and pay.original == text.strip())


@given(yuan, yuan, st.sampled_from(MONTHS))
def test_pay_survives_being_written_and_read_again(one: int, other: int, months: int) -> None:
    low, high = sorted((one, other))
    pay = parse_pay(format_pay(low, high, months))
    assert pay is not None
    assert (pay.low, pay.high, pay.months) == (low, high, months)


@given(st.integers(1, 99), st.integers(1, 99))
def test_thousands_may_be_said_in_four_ways(one: int, other: int) -> None:
    low, high = sorted((one, other))
    spellings = (f"{low}k-{high}k", f"{low}-{high}K", f"{low}千-{high}千", f"{low}000-{high}000")
    assert {(pay.low, pay.high) for text in spellings if (pay := parse_pay(text))} == {
        (low * 1000, high * 1000)
    }
