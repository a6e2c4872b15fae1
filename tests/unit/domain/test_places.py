"""Words for places in Wuhan."""

import pytest

from webapp.domain.places import city_name, district_code, districts_in


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("洪山", "420111"),
        ("洪山区", "420111"),
        ("武汉市江汉区", "420103"),
        ("东湖高新区", "WH-DHGX"),
        ("光谷", "WH-DHGX"),
        ("武汉经济技术开发区", "WH-JKQ"),
        ("沌口", "WH-JKQ"),
        ("东西湖", "420112"),
        ("东湖风景区", "WH-DHFJ"),
        ("浦东新区", None),
        ("", None),
        (None, None),
    ],
)
def test_district_words_lead_to_codes(words: str | None, code: str | None) -> None:
    assert district_code(words) == code


def test_every_district_named_is_found_once_in_order() -> None:
    assert districts_in("光谷或武昌，光谷优先") == ("WH-DHGX", "420106")


@pytest.mark.parametrize(
    ("words", "city"),
    [
        ("武汉", "武汉"),
        ("武汉市", "武汉"),
        ("武汉-洪山区", "武汉"),
        ("异地招聘", None),
        ("科韵路", None),
        ("卓悦中心L1层", None),
        (".", None),
        (None, None),
    ],
)
def test_a_city_is_named_without_its_suffix_and_a_street_is_none(words: str | None, city: str | None) -> None:
    assert city_name(words) == city
