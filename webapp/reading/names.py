"""A person's name in a resume."""

import re
from collections.abc import Sequence

from webapp.reading.contacts import find_email, find_mobile
from webapp.reading.headings import is_heading

_NAME = r"[一-鿿㐀-䶿]{2,8}·[一-鿿·]{2,10}|[一-鿿㐀-䶿]{2,4}"
_END = r"(?=[^一-鿿·]|性别|年龄|出生|民族|电话|手机|$)"
_LABELS = (
    re.compile(rf"(?:姓\s?名\s*:?|(?:求职|应聘|申请)人\s*:)\s*({_NAME}?){_END}"),
    re.compile(r"姓\s?名\s*:?\s*([一-鿿](?:\s[一-鿿]){1,3})(?![一-鿿])"),
    re.compile(r"姓\s?名\s*:?\s*([A-Z][a-z]+(?: [A-Z][a-z]+){1,3})"),
    re.compile(rf"我叫\s?({_NAME}?)(?=[^一-鿿·]|就读|来自|毕业|是|$)"),
)
_WORDS = re.compile(r"[\s|/,;:_—–-]+")
_LABELLED = re.compile(r"[一-鿿]{2,5}\s*:")
_TITLE = re.compile(r"的?(?:个人|求职)?简历$")
_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳鲍史唐"
    "费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝"
    "董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣邓郁单杭洪包诸左石崔"
    "吉钮龚程嵇邢滑裴陆荣翁荀羊惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武符刘"
    "景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍却璩桑桂濮牛寿通边扈"
    "燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东殴沃利蔚越夔隆师巩厍聂晁勾敖融冷訾"
    "辛阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公肖涂覃占代邸付闫岳帅缑亢况郈有琴海晋楚仝佟种阳占但揭官苟"
)
_DOUBLE_SURNAMES = re.compile("欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|令狐|慕容|司徒|端木|夏侯|万俟")
_NOT_NAMES = re.compile(
    r"简历|求职|个人|信息|专业|大学|学院|本科|硕士|工程|经理|助理|实习|应届|电话|岗位|设计|会计|教师|武汉|湖北|党员|"
    r"群众|团员|毕业|护士|意向|项目|方面|试验|实验|吃苦|全国|高校|课程|熟[悉练]|负责|参与|[师员表]$"
)
_TOP = 3
_NEAR = 5
_LONGEST_LINE = 60


def find_name(lines: Sequence[str], everything: Sequence[str]) -> tuple[str | None, bool]:
    """Return the name and whether it is sure: labelled, or first at the top with a known surname.

    ``lines`` are where names stand; ``everything`` is searched only for a name beside contacts.
    """
    text = "\n".join(lines)
    for label in _LABELS:
        if (match := label.search(text)) and not _NOT_NAMES.search(match[1]):
            return re.sub(r"(?<=[一-鿿])\s(?=[一-鿿])", "", match[1]), True
    candidates = [(name, number < _TOP) for number, line in enumerate(lines) if (name := _first_word(line))]
    known = next(((name, top) for name, top in candidates if _has_surname(name)), None)
    return known or (_beside_contacts(everything), False)


def _beside_contacts(lines: Sequence[str]) -> str | None:
    """Return the line nearest above a contact that is a name and nothing else."""
    for number, line in reversed(list(enumerate(lines))):
        below = "\n".join(lines[number + 1 : number + 1 + _NEAR])
        if _first_word(line) == line and _has_surname(line) and (find_mobile(below) or find_email(below)):
            return line
    return None


def _first_word(line: str) -> str | None:
    """Return what a line begins with, past the word 简历 and with spread letters joined, if it names."""
    if is_heading(line) or len(line) > _LONGEST_LINE or _LABELLED.match(line):
        return None
    words = [word for word in _WORDS.split(line) if _TITLE.sub("", word)]
    single = [word for word in words[:4] if len(word) == 1]
    spread = "".join(single) if words[:1] == single[:1] and len(single) > 1 else ""
    found = spread or _TITLE.sub("", next(iter(words), ""))
    can_name = re.fullmatch(_NAME, found) and not _NOT_NAMES.search(found) and not is_heading(found)
    return found if can_name else None


def _has_surname(name: str) -> bool:
    return name[0] in _SURNAMES or bool(_DOUBLE_SURNAMES.match(name)) or "·" in name
