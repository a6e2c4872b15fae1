import pytest

from webapp.domain.accounts import LoginNameInvalid, normal_login


@pytest.mark.parametrize(
    "text",
    ["13812345678", "+86 138-1234-5678", "0086 13812345678", "8613812345678", "１３８１２３４５６７８"],
)
def test_mobile_numbers_as_people_write_them(text: str) -> None:
    assert normal_login(text) == (None, "13812345678")


@pytest.mark.parametrize("text", [" Zhang.San@Example.com ", "ｚｈａｎｇ.ｓａｎ＠ｅｘａｍｐｌｅ.ｃｏｍ"])
def test_addresses_as_people_write_them(text: str) -> None:
    assert normal_login(text) == ("zhang.san@example.com", None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1381234567",
        "12812345678",
        "138123456789",
        "027-87654321",
        "手机",
        "138١٢٣٤٥٦٧٨",
        "a@b",
        "a b@c.cn",
    ],
)
def test_anything_else_is_no_login_name(text: str) -> None:
    with pytest.raises(LoginNameInvalid):
        normal_login(text)
