"""Reading a posting's words the way a careful reviewer does (DOMAIN 4, L1-L8, A2, A3, A6)."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from webapp.domain.employers import PUBLIC, EmployerKind
from webapp.domain.wording_rules import RULES, Rule, Severity

_TRADITIONAL = str.maketrans(
    "優歲齡戶婚懷華學歷國費證訓貸無僅漢雙檢體聯繫電話業務資產線張錄請謝絕證壓單結續標團隊發輕鬆躺賺龍貴雲遼蘇廣東陝甘寧隻祗擾條滿壯傳銷賭證佔員",
    "优岁龄户婚怀华学历国费证训贷无仅汉双检体联系电话业务资产线张录请谢绝证压单结续标团队发轻松躺赚龙贵云辽苏广东陕甘宁只只扰条满壮传销赌证占员",
)
_SIGNS = {"♂": "男", "♀": "女", "：": ":", "﹕": ":"}
_NUMERALS = str.maketrans("零〇一二三四五六七八九壹贰叁肆伍陆柒捌玖两幺", "0012345678912345678921")
_STOPS = "，。；！？,;!?\n"
_HAN = re.compile(r"[一-鿿]")

_BEFORE = re.compile(
    r"(?:不限于?|不要求|不需要?|无需|无须|不必|不看|不问|不查|不检测?|不含|不包含|不做|不设|不论|不分|无论|不以|不因|没有|并非|不是"
    r"|取消|反对?|打击|防范?|识别|杜绝|严禁|禁止|不得|不会|不存在)(?:任何|对|其|是否|有|要求|为|出现|限制|设置|985|211|双一流|院校|[的/、和或])*$"
)
_FAR_BEFORE = re.compile(
    r"(?:不收|不收取|不会收取|不需要?|无需|无须|不用|免|零|没有|严禁|禁止|不得|绝不|拒绝|杜绝|谨防|警惕|不以任何名义|不扣押?|谢绝)[^，。；！？,;!?\n]*$|不$"
)
_AFTER = re.compile(
    r"^(?:者|的|院校|大学|高校|毕业生?|学生|要求)?(?:[/、和或][^，。；]{1,12}?)?(?:均|都|皆)?(?:不限|均可|都可|皆可|亦可|可报|不作要求|不做要求|不作限制|无要求|没有要求|不要求"
    r"|一视同仁|全免|由(?:单位|公司|我司))"
)
_PROMISES = frozenset({"fee", "loan", "scam"})
"""Rules whose words are often said to be absent: their negation may stand further away."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Words that a rule does not allow, where they stand in the original text, and how grave it is."""

    rule: Rule
    words: str
    start: int
    end: int
    severity: Severity


def find_wording(text: str, *, kind: EmployerKind) -> list[Finding]:
    """Return what in ``text`` must be changed or explained, in the order of the text.

    Evasions are seen through: full-width and zero-width signs, spaces inside words, traditional
    characters, numerals in words. "男女不限" and "不收取任何费用" are no findings.
    """
    plain, places = _normalised(text)
    found: dict[tuple[str, int], Finding] = {}
    for rule, match in _matches(plain):
        severity = rule.public if kind in PUBLIC else rule.severity
        start, end = places[match.start()], places[match.end() - 1] + 1
        found[rule.id, start] = Finding(rule, text[start:end], start, end, severity)
    for start, end in _spelt_numbers(text):
        if not any(
            one.rule.id == "contact" and one.start < end and start < one.end for one in found.values()
        ):
            found["contact", start] = Finding(_CONTACT, text[start:end], start, end, _CONTACT.severity)
    return sorted(found.values(), key=lambda one: (one.start, one.rule.id))


_CONTACT = next(rule for rule in RULES if rule.id == "contact")


def _matches(plain: str) -> Iterator[tuple[Rule, re.Match[str]]]:
    for rule in RULES:
        for match in rule.pattern.finditer(plain):
            if not match[0] or _negated(rule, plain, match):
                continue
            if rule.unless is None or not rule.unless.search(_sentence(plain, match)):
                yield rule, match


def _negated(rule: Rule, plain: str, match: re.Match[str]) -> bool:
    before = plain[max(0, match.start() - 24) : match.start()]
    negator = _FAR_BEFORE if rule.id in _PROMISES else _BEFORE
    return bool(negator.search(before) or _BEFORE.search(before) or _AFTER.match(plain[match.end() :]))


def _sentence(plain: str, match: re.Match[str]) -> str:
    start = max(plain.rfind(stop, 0, match.start()) for stop in _STOPS) + 1
    ends = [place for stop in _STOPS if (place := plain.find(stop, match.end())) >= 0]
    return plain[start : min(ends, default=len(plain))]


def _normalised(text: str) -> tuple[str, list[int]]:
    """Return the text in one shape and, for each of its characters, its place in the original."""
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        if unicodedata.category(sign) in {"Cf", "Mn"}:
            continue
        shaped = _SIGNS.get(sign) or unicodedata.normalize("NFKC", sign).translate(_TRADITIONAL).lower()
        for one in shaped:
            signs.append("，" if one == "," else one)
            places.append(place)
    kept = [i for i, one in enumerate(signs) if not (one.isspace() and one != "\n" and _inside(signs, i))]
    return "".join(signs[i] for i in kept), [places[i] for i in kept]


def _inside(signs: list[str], place: int) -> bool:
    """Say whether a space stands beside a Chinese character, where it only hides a word."""
    around = "".join(signs[max(0, place - 1) : place + 2])
    return bool(_HAN.search(around))


def _spelt_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Yield where a mobile number is written with gaps or in numerals."""
    digits: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        one = unicodedata.normalize("NFKC", sign).translate(_NUMERALS)
        if one in "0123456789" and one:
            digits.append(one)
            places.append(place)
        elif not (sign.isspace() or sign in "-－.·*_" or unicodedata.category(sign) == "Cf"):
            digits.append("|")
            places.append(place)
    for match in re.finditer(r"(?<!\d)1[3-9]\d{9}(?!\d)", "".join(digits)):
        yield places[match.start()], places[match.end() - 1] + 1
