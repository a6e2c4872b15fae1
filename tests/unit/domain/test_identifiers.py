from datetime import date

import pytest

from webapp.domain.identifiers import (
    CreditCodeInvalid,
    DocType,
    IdentityInvalid,
    check_credit_code,
    check_identity,
    credit_code_digit,
    person_key,
)

TODAY = date(2026, 6, 15)


@pytest.mark.parametrize(
    "code",
    [
        "914403001922038216",
        "12100000707137123P",
        "91110108551385082Q",
        "91110000600037341L",
        "9144030071526726XG",
        "91110000802100433B",
        " 91110108551385082q ",
        "９１１１０１０８５５１３８５０８２Ｑ",
        "9111 0108 5513 8508 2Q",
    ],
)
def test_published_codes_are_accepted(code: str) -> None:
    assert len(check_credit_code(code)) == 18


@pytest.mark.parametrize("authority", ["A1", "N1", "N2", "Y1"])
def test_authorities_a_n_and_y_are_accepted(authority: str) -> None:
    body = f"{authority}420100MA1234567"
    code = body + credit_code_digit(body)
    assert check_credit_code(code) == code


@pytest.mark.parametrize(
    "code",
    [
        "",
        "914403001922038217",
        "91440300192203821",
        "9144030019220382160",
        "91440300192203821I",
        "91440300192203821O",
        "91440300192203821S",
        "914403OO1922038216",
        "B14403001922038216",
        "统一社会信用代码",
    ],
)
def test_impossible_codes_are_refused_with_the_remedy(code: str) -> None:
    with pytest.raises(CreditCodeInvalid, match="请对照营业执照"):
        check_credit_code(code)


@pytest.mark.parametrize("number", ["360426199101010071", "3604 2619 9101 0100 71", "36042619910101007１"])
def test_published_identity_number_is_accepted(number: str) -> None:
    assert check_identity(DocType.IDENTITY_CARD, number, on=TODAY) == "360426199101010071"


def test_small_x_is_the_check_digit_ten() -> None:
    assert check_identity(DocType.IDENTITY_CARD, "11010519491231002x", on=TODAY).endswith("X")


@pytest.mark.parametrize(
    ("doc_type", "number"),
    [
        (DocType.IDENTITY_CARD, "360426199101010072"),  # check digit
        (DocType.IDENTITY_CARD, "360426910101007"),  # fifteen digits
        (DocType.IDENTITY_CARD, "440524188001010014"),  # born in 1880
        (DocType.IDENTITY_CARD, "810000199408230021"),  # a residence permit is none
        (DocType.RESIDENCE_PERMIT, "360426199101010071"),
        (DocType.FOREIGN_RESIDENT, "360426199101010071"),
        (DocType.PASSPORT, "E12345678"),  # no nationality
        (DocType.PASSPORT, ""),
        (DocType.TRAVEL_PERMIT, "H"),
    ],
)
def test_numbers_that_cannot_be_are_refused(doc_type: DocType, number: str) -> None:
    with pytest.raises(IdentityInvalid):
        check_identity(doc_type, number, on=TODAY)


@pytest.mark.parametrize(
    ("doc_type", "number"),
    [
        (DocType.RESIDENCE_PERMIT, "810000199408230021"),
        (DocType.RESIDENCE_PERMIT, "830000199201300022"),
        (DocType.TRAVEL_PERMIT, "H12345678"),
        (DocType.TRAVEL_PERMIT, "12345678"),
        (DocType.PASSPORT, "FRA12AB34567"),
    ],
)
def test_documents_of_people_from_elsewhere_are_accepted(doc_type: DocType, number: str) -> None:
    assert check_identity(doc_type, number, on=TODAY) == number


@pytest.mark.parametrize(
    ("number", "on", "accepted"),
    [
        ("360426199101010071", date(2005, 1, 1), True),  # fourteen today
        ("360426199101010071", date(2004, 12, 31), False),  # fourteen tomorrow
        ("360426199101010071", date(2071, 12, 31), True),  # eighty
        ("360426199101010071", date(2072, 1, 1), False),
    ],
)
def test_age_of_a_graduate(number: str, on: date, *, accepted: bool) -> None:
    if accepted:
        assert check_identity(DocType.IDENTITY_CARD, number, on=on)
    else:
        with pytest.raises(IdentityInvalid):
            check_identity(DocType.IDENTITY_CARD, number, on=on)


def test_person_key_is_keyed_and_tells_documents_apart() -> None:
    number = "11010519491231002X"
    key = person_key("pepper", DocType.IDENTITY_CARD, number)
    assert key == person_key("pepper", DocType.IDENTITY_CARD, " 1101 0519 4912 3100 2x")
    assert key != person_key("other", DocType.IDENTITY_CARD, number)
    assert key != person_key("pepper", DocType.PASSPORT, number)
    assert number not in key
    assert len(key) == 64
