"""Accounts: what a login name and a password must be, and the refusals."""

import re
import unicodedata

from email_validator import EmailNotValidError, validate_email

from webapp.domain.errors import NotAllowed, PlatformError
from webapp.domain.words import N_

LEAST_PASSWORD = 8
MOST_PASSWORD = 128
COMMON = frozenset(
    [
        "12345678",
        "123456789",
        "1234567890",
        "password",
        "password1",
        "qwertyui",
        "qwerty123",
        "11111111",
        "88888888",
        "66666666",
        "00000000",
        "a1234567",
        "abc12345",
        "abcd1234",
        "iloveyou",
        "1qaz2wsx",
        "woaini520",
        "woaini1314",
        "asdfghjk",
        "87654321",
    ]
)
"""The passwords tried first everywhere; a full breached list is the operator's to add."""

NAME_LENGTHS = range(2, 51)
NAME_SIGNS = frozenset(" ·.'’-〇་")
DOT_WITHIN = re.compile(r"(?<=\w)[.．•‧・∙](?=\w)")
"""What people type for the dot within a name: left as it is, it might make a web address."""
RARE = range(0x20000, 0x40000)
"""Characters of names that are younger than the language's own tables."""

MOBILE = re.compile(r"(?:\+?86|0086)?(1[3-9][0-9]{9})")


class LoginNameTaken(PlatformError):
    """Somebody already uses this login name."""

    message = N_("%(login)s 已经注册过。请直接登录；忘记密码可以重新设置。")


class LoginNameInvalid(PlatformError):
    """Neither an e-mail address nor a mobile number."""

    message = N_("“%(login)s”不是完整的邮箱地址或 11 位手机号，请检查后重填。")


class NameInvalid(PlatformError):
    """No name of a person: platform letters begin with it, so it carries no message and no address."""

    message = N_("姓名请填写 2 至 50 个字，只用文字、空格、间隔号“·”和连字符，不含数字和其他符号。")


class WeakPassword(PlatformError):
    """Too short, or tried first by everybody."""

    message = N_("密码至少 8 个字符，并且不能是 12345678 这类常见密码。可以用一句容易记住的话。")


class LoginRefused(NotAllowed):
    """Wrong name or password; which one is not said."""

    message = N_("账号或密码不对。请检查后再试，或点“忘记密码”重新设置。")


class LinkExpired(PlatformError):
    """A mailed link that is used, changed or too old."""

    message = N_("这个链接已失效或已用过。请重新申请一个。")


def normal_login(text: str) -> tuple[str | None, str | None]:
    """Return (e-mail, mobile) of a login name: one of them is set, or it is refused.

    An address is that of one mailbox, as every mail server writes it.
    """
    plain = _plain(text)
    if mobile := MOBILE.fullmatch(re.sub(r"[\s-]", "", plain)):
        return None, mobile[1]
    try:
        address = validate_email(plain, allow_smtputf8=False, check_deliverability=False)
    except EmailNotValidError:
        raise LoginNameInvalid(login=text) from None
    return address.ascii_email.lower(), None


def sought_login(text: str) -> tuple[str | None, str | None]:
    """Return the same of what is typed to get in: accounts older than the rule are found as they are."""
    try:
        return normal_login(text)
    except LoginNameInvalid:
        return _plain(text).lower(), None


def normal_name(text: str) -> str:
    """Return a person's name, in any script, with single blanks and the dot within it as “·”."""
    name = DOT_WITHIN.sub("·", " ".join(unicodedata.normalize("NFC", text).split()))
    if len(name) not in NAME_LENGTHS or not all(map(_may_name, name)):
        raise NameInvalid
    return name


def check_password(password: str) -> None:
    """Refuse a weak password; length is what matters (ASVS 6.2)."""
    if not LEAST_PASSWORD <= len(password) <= MOST_PASSWORD or password.lower() in COMMON:
        raise WeakPassword


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _may_name(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LM" or sign in NAME_SIGNS or ord(sign) in RARE
