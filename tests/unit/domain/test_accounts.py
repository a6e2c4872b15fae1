import pytest

from webapp.domain.accounts import LoginNameInvalid, NameInvalid, normal_login, normal_name, sought_login


@pytest.mark.parametrize(
    "text",
    ["13812345678", "+86 138-1234-5678", "0086 13812345678", "8613812345678", "１３８１２３４５６７８"],
)
def test_mobile_numbers_as_people_write_them(text: str) -> None:
    assert normal_login(text) == (None, "13812345678")


@pytest.mark.parametrize("text", [" Zhang.San@Example.com ", "ｚｈａｎｇ.ｓａｎ＠ｅｘａｍｐｌｅ.ｃｏｍ"])
def test_addresses_as_people_write_them(text: str) -> None:
    assert normal_login(text) == ("zhang.san@example.com", None)


def test_a_domain_in_chinese_is_kept_as_mail_servers_write_it() -> None:
    assert normal_login("a@例子.cn") == normal_login("a@xn--fsqu00a.cn") == ("a@xn--fsqu00a.cn", None)


@pytest.mark.parametrize("text", ["A<victim@Example.com>e", "c,victim@example.com", " x@office.local "])
def test_who_got_in_with_an_odd_name_is_still_found_by_it(text: str) -> None:
    assert sought_login(text) == (text.strip().lower(), None)


@pytest.mark.parametrize("text", ["+86 138-1234-5678", "Zhang.San@Example.com"])
def test_names_are_sought_as_they_are_kept(text: str) -> None:
    assert sought_login(text) == normal_login(text)


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
        "a<victim@example.com>e",
        "c,victim@example.com",
        "d:victim@example.com",
        "victim(a)@example.com",
        '"a"@example.com',
        "张三@example.com",
        "a@example.com\nBcc: victim@example.com",
    ],
)
def test_anything_else_is_no_login_name(text: str) -> None:
    with pytest.raises(LoginNameInvalid):
        normal_login(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("王小明", "王小明"),
        ("迪丽娜尔·买买提", "迪丽娜尔·买买提"),
        ("迪丽娜尔.买买提", "迪丽娜尔·买买提"),
        ("迪丽娜尔．买买提", "迪丽娜尔·买买提"),
        ("李〇", "李〇"),
        ("王\U0002b4f6\U000323b0", "王\U0002b4f6\U000323b0"),
        ("Anne-Marie  O'Neill Jr.", "Anne-Marie O'Neill Jr."),
        ("José", "José"),
        ("Nguyễn Văn A", "Nguyễn Văn A"),
        ("བསོད་ནམས", "བསོད་ནམས"),
        ("ئالىم", "ئالىم"),
    ],
)
def test_names_of_people_in_any_script(text: str, name: str) -> None:
    assert normal_name(text) == normal_name(name) == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "王",
        "王" * 51,
        "补贴已到账 请领取 http://evil.cn/x",
        "补贴 evil.cn/x",
        "加微信 13800000000",
        "a@b.cn",
        "王\u200b小明",
        "王\u202e小明",
        "领取。中国",
        "王，小明",
        "<b>王小明</b>",
    ],
)
def test_a_name_carries_no_message_and_no_address(text: str) -> None:
    with pytest.raises(NameInvalid):
        normal_name(text)


def test_no_name_reads_as_a_web_address() -> None:
    assert normal_name("请访问 evil.cn") == "请访问 evil·cn"
