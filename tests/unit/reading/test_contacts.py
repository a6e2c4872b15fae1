"""Contacts hidden in free text, by the spellings that avoid a simple search (DOMAIN 7.1 A6)."""

import pytest

from webapp.reading.contacts import find_email, find_mobile, mask_contacts

HIDDEN = [
    "电话13900000001",
    "电话：139-0000-0001",
    "联系 139 0000 0001",
    "+86 139 0000 0001",
    "１３９００００００００１"[:11],
    "一三九零零零零零零零一",
    "壹叁玖零零零零零零零壹",
    "13九0零0零0零01",
    "微信号：abc_12345",
    "加V：hr2024abc",
    "v信 hr20241234",
    "VX:hello-hr",
    "QQ：123456789",
    "QQ群 123456789",
    "扣扣123456789",
    "hr@example.com",
    "hr＠example.com.cn",
    "027-87654321",
    "400-800-1234",
]
INNOCENT = [
    "熟悉微信小程序、QQ 音乐的运营",
    "负责微信 Android 客户端开发",
    "编号 20240101139000000012345",
    "负责 3000 万用户、1.39 亿营收",
    "本科2026届，薪资8000-12000元",
    "一二三四五，三年经验，十三薪",
    "GB/T 19001-2016 标准",
]


@pytest.mark.parametrize("text", HIDDEN)
def test_a_way_to_reach_somebody_is_hidden(text: str) -> None:
    masked = mask_contacts(f"岗位职责：写代码。{text}，谢谢")
    assert "***" in masked
    assert masked.startswith("岗位职责：写代码。")
    assert masked.endswith("，谢谢")


@pytest.mark.parametrize("text", INNOCENT)
def test_words_and_numbers_of_the_work_stay(text: str) -> None:
    assert mask_contacts(text) == text


def test_a_mobile_number_is_found_as_eleven_digits() -> None:
    assert find_mobile("手机：(+86) 139-0000-0001") == "13900000001"
    assert find_mobile("没有电话") is None


def test_an_email_address_is_found_in_lower_case() -> None:
    assert find_email("邮箱 Li.Wei+job@Example.COM") == "li.wei+job@example.com"
    assert find_email("没有邮箱") is None
