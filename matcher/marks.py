"""What must not weigh in a ranking: sex, age, origin, ethnicity, family, looks, politics, and the school.

``MARKS`` are a person's particulars, said with a label or about oneself. ``WORDS`` are words that tell
them in passing (校女篮队长). ``without_schools`` takes out names of institutions and what ranks them;
titles of subjects, certificates and work (大学英语四级, 女装设计, 妇产科) stay.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

_INSTITUTIONS = Path(__file__).resolve().parents[1] / "data" / "taxonomy" / "institutions.csv"

_LABELS = (
    r"姓\s*名|性\s*别|民\s*族|籍\s*贯|出\s*生(?:年\s*月|日\s*期|地)?|生\s*日|年\s*龄|婚\s*姻(?:状\s*况)?|婚\s*否|婚\s*育(?:状况)?"
    r"|户\s*籍(?:所在地|地|性质|类型)?|户\s*口(?:所在地|性质|类型)?|政\s*治\s*面\s*貌|身\s*高|体\s*重|血\s*型|照\s*片|生\s*源(?:地|所在地)?"
    r"|国\s*籍|(?:家庭)?住\s*址|家庭(?:地址|所在地)|现?居住地|健康状况|宗教信仰|老\s*家|祖\s*籍"
)
_PROVINCES = (
    "北京|天津|河北|山西|内蒙古?|辽宁|吉林|黑龙江|上海|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西|海南|重庆|四川|贵州"
    "|云南|西藏|陕西|甘肃|青海|宁夏|新疆|台湾|香港|澳门"
)
_HUBEI = "武汉|黄石|十堰|宜昌|襄阳|鄂州|荆门|孝感|荆州|黄冈|咸宁|随州|恩施|仙桃|潜江|天门|神农架"
_PLACE = (
    rf"(?:(?:{_PROVINCES}|{_HUBEI})(?:(?![馆厂院局园司团企])[一-鿿]){{0,8}}?|[一-鿿]{{2,4}}?(?:省|市|县|自治州|镇|村|乡)(?:[一-鿿]{{0,4}}?)"
    r"|(?:农村|乡村|山区|大山|小镇|县城|城市|城镇|外地|本地)(?:[一-鿿]{0,2}?))"
)
_PEOPLES = (
    "汉|蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|柯尔克孜|土"
    "|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|塔塔尔|独龙|鄂伦春|赫哲"
    "|门巴|珞巴|基诺"
)
_STOP = r"(?=[\s,，.;；、。|/)）」】:：]|$)"
_START = r"(?:(?<=[\s,，.;；、。|/(（「【:：])|^)"
_DATE = r"(?:19|20)\d\d ?[年./-] ?\d{1,2}(?: ?[月./-](?: ?\d{1,2} ?日?)?)?"
_GAP = r"[^\S\n]"
_VALUE = r"(?![^\s:：]{1,6}[:：])[^\s,，;；|。]{0,30}"


def _beginning(heads: str, words: str, flags: re.RegexFlag) -> re.Pattern[str]:
    """Compile words that all begin with one of some characters, so that none is tried at any other."""
    return re.compile(rf"(?=[{heads}])(?:{words})", flags)


def _heads(names: str) -> str:
    return "".join(sorted({name[0] for name in names.split("|")}))


MARKS = _beginning(
    rf"姓性民籍出生年婚户政身体血照国家住现居健宗老祖中正预党团群无已未男女农城非形气相五(（\[【12gsnda{_heads(_PEOPLES)}",
    rf"(?:{_LABELS})\s*[:：]{_GAP}?(?:{_DATE}|(?:(?:{_PROVINCES})(?:省|市)?{_GAP}?)?{_VALUE})"
    rf"|{_START}(?:性\s*别|民\s*族|籍\s*贯|年\s*龄|政治面貌|婚姻状况|户籍|户口|出生年月|出生日期|出生地|生日|身高|体重|(?:家庭)?住址)"
    rf"{_GAP}{{1,4}}"
    rf"(?:{_DATE}|[^\s,，;；|。:：]{{1,30}})|性别[男女]|民族(?:{_PEOPLES})族|年龄\d\d岁?"
    rf"|{_START}(?:中共(?:正式|预备)?党员|(?:正式|预备)?党员|中国?共青团员|团员|群众|无党派人士|(?:{_PEOPLES})族"
    rf"|已婚(?:已育|未育)?|未婚(?:未育)?|男性?|女性?|农村户口|城镇户口|非农户口){_STOP}"
    r"|身高\s?\d{3}\s?(?:cm|厘米)?|体重\s?\d{2,3}\s?(?:kg|公斤|斤)?|形象气质[佳好]|形象[佳好]|气质[佳好]|五官端正|相貌端正"
    rf"|[(（\[【](?:[一-鿿]{{0,6}}(?:照片|相片|证件照|寸照))(?:[一-鿿]{{0,4}})[)）\]】]"
    rf"|(?:出\s*生于|生于)\s?{_DATE}|{_DATE}\s?(?:出生|生){_STOP}"
    r"|\b(?:gender|sex|nationality|date of birth|age)\s*[:：]\s*[^\s,，;；|]{1,20}",
    re.IGNORECASE | re.MULTILINE,
)
WORDS = _beginning(
    "先女小姑帅美靓阳宝巾三学师他她男本我作一名位fm0-46-9已未单家今现出生听视肢言智精多来老祖长户地土农城非外集优中正预共党入民九致台"
    + _heads(f"{_PROVINCES}|{_HUBEI}|{_PEOPLES}"),
    # sex
    r"先生(?!产)|女士|小姐姐?|(?<![子妇幼])[男女](?=生(?![殖理产])|孩|士|同学|大学生|青年|儿身|声|高音|中音|低音|主持|主角|一号|寝|篮|足(?!部)|排(?!版)|乒|队(?:队?长|员)?"
    r"|子(?:篮球|足球|排球|乒乓|羽毛球|网球|田径|组|单打|双打|团体|\d)|单(?:打|冠|第|亚|季)|双(?:打|冠|第|亚|季)|冠军)"
    rf"|(?:本人|我是|作为|一名|一个|一位|名|位)[男女](?:性|的)?{_STOP}|(?<=[一名位个])[男女]性"
    r"|小伙子?|姑娘|女汉子|帅哥|美女|帅气的?|靓丽的?|阳光大?男孩|宝妈|宝爸|巾帼|三八红旗手|(?<!科)学[长姐妹弟](?!制|期|远|计划)|师[兄姐妹弟]"
    r"|(?<![其吉维])他(?![人山乡])|她"
    r"|\b(?:fe)?male\b|\b(?:mr|mrs|ms)\."
    # age and family
    r"|(?<!\d)(?:1[6-9]|[2-4]\d)\s?周?岁(?!以|至|到|上|下|[-~—～儿幼女男人用客老群段组])"
    r"|(?<!\d)(?:[6-9][05]|0[05])后(?![一-鿿]{0,3}(?:用户|消费|群体|市场|客群))"
    r"|(?:已婚已育|已婚未育|未婚未育|已婚|未婚)|[已未]育(?:[一二两三]孩|(?![一-鿿]))"
    rf"|(?:{_START}|(?<=目前))单身{_STOP}|家里的?(?:独生(?:子女|[子女])|[长次][子女]|老[大二三四幺])"
    rf"|(?:今年|现年)(?:1[6-9]|[2-4]\d){_STOP}|(?:出生|生)于[〇○零一二三四五六七八九\d]{{4}}年"
    r"|(?:听力|视力|肢体|言语|智力|精神|多重)残疾(?:[一二三四]级)?证|(?:听力|视力|肢体|言语|智力|精神|多重)残疾[一二三四]级"
    # origin and ethnicity
    rf"|(?:来自|家住|家在|老家在?|祖籍|生长在|生长于|出生在|出生于|生于|长在|户口在|户籍在|生源地为?)于?{_PLACE}"
    rf"(?:人|女孩|男孩|女生|男生|姑娘|小伙)?(?=的|[\s,，;；。|、]|$)"
    rf"|(?:我是|本人|本人是|地道的?|土生土长的?|{_START})(?:{_PROVINCES}|{_HUBEI})(?:[一-鿿]{{0,6}}?)人{_STOP}"
    rf"|(?:农村|城镇|农业|非农业?|本地|外地|本[省市]|外[省市]|集体|(?:{_PROVINCES}|{_HUBEI})市?)(?:户口|户籍)"
    rf"|(?:{_PEOPLES})族(?=学生|大学生|同学|人|姑娘|小伙|[男女]|干部|骨干|少年|儿女)"
    rf"|(?:我是|本人是?|一名|一位|作为)(?:{_PEOPLES})族|(?:{_PEOPLES})家(?:儿[女郎]|姑娘|小伙|[阿妹]妹)"
    # politics
    r"|(?:优秀|中共|学生|正式|预备|共产)*党员(?![发教管档学信活工])|(?:优秀|中国)*共青团员|优秀团员|入党积极分子|(?:入党|党员)发展对象"
    r"|(?:民盟|民革|民建|民进|农工党|致公党|九三学社|台盟)(?:盟员|党员|会员|社员|成员)",
    re.IGNORECASE,
)
_BORDER = (
    r"(?![一-鿿])|(?=全日制|普通|统招|本科|专科|大专|高职|硕|博|研究生"
    r"|院校|大学(?!生)|高校|学历|毕业|学生|线|背景|的)"
)
_RANKED = _beginning(
    "92双C一二三统自函非国省部全重民公普独名知成第海Q世",
    r"(?<![\dA-Za-z.\-])(?:985|211)(?:\s?/\s?(?:985|211))?"
    r"(?:(?:工程|重点)*(?:高校|院校|大学)|工程|(?=平台|本科|硕士|毕业|[、,，;；|)）(（\s]|$))"
    rf"|双一流(?:建设)?(?:高校|大学|院校|学科)?|C9(?:联盟|高校)?|(?:[一二三]本|统招|自考|函授|双非)(?:{_BORDER})"
    r"|(?:国家|省部?|省属|部属|全国)?重点(?:大学(?!生)|本科|高校|院校)"
    r"|(?:民办|公办|普通|独立|名牌|知名|普通高等)(?:本科|高职|二本|一本)?(?:大学|院校|高校|学院)|(?:民办|公办|普通)本科|名校|(?:非)?全日制|成人(?:高考|本科|大专)"
    r"|第一学历|海归|(?:QS|世界)\s?(?:排名)?前\s?\d{1,3}0?(?:名|强|高校|院校|大学)?",
    re.IGNORECASE,
)
_SHORT = (
    "武大 华科大 华科 华中大 武理工 武科大 武工大 湖工大 华师大 华中师大 华农大 中南财大 "
    "清华 复旦 浙大 同济 上海交大 西安交大 哈工大 中科大 北航"
)
_SHORT_NAMES = frozenset(_SHORT.split())
_SAID_OF_A_SCHOOL = re.compile(
    r"(?![一-鿿])|[的与和及、读]|[一-鿿]{0,8}?(?:毕业|本科|硕士|博士|研究生|学生|校友|在读|专业|学院|学系|保研)"
)
_SCHOOL = re.compile("大学|学院|高等专科学校|职业技术学校")
_UNLISTED = re.compile(
    rf"(?:(?![在到于是从的了赴我曾由被并及与和且读自为以对向让将])[一-鿿]){{2,12}}?(?:{_SCHOOL.pattern})"
    r"(?![英语生物物理期专毕本学])"
)
_HEAD, _SHORT_LINE = 8, 80
_SECTION = re.compile(
    r"\W*(?:教育|学习|求学|实习|工作|实践|项目|课题|科研|校园|在校|技能|个人技能|专业|证书|荣誉|获奖|自我|个人总结|代表作)"
    r"[一-鿿]{0,6}\W*$"
)
_EDGE = r"[|/·,，\s]"
_BORN = r"(?:19\d\d|200\d)(?:\s?[年./-]\s?\d{1,2}(?:\s?月(?:\s?\d{1,2}日?)?|[./-]\d{1,2})?|年)(?:出?生)?"
_INSIDE = r"(?:[一-鿿]{1,7}[市县区州镇村乡]|(?:(?![馆厂院局园司团企社报行店所校学铁])[一-鿿]){0,3})"
_HOME = (
    rf"(?:(?:{_PROVINCES})(?:省|市|自治区)?{_INSIDE}"
    rf"|(?:{_HUBEI})市?{_INSIDE}"
    r"|[一-鿿]{2,4}?(?:省|(?<![城超门股夜都])市|县|自治州))"
)
_PARTICULAR = re.compile(
    r"(?P<kept>(?:求职|期望|意向|应聘|目标)[^|\t\n]*)"
    rf"|(?:(?<={_EDGE})(?<![-—–~～至]\s)|^)(?:{_BORN}|(?:现居|现住|居住|常住|坐标|家在|老家)(?:[于在地])?{_HOME}"
    rf"|{_HOME}|[男女][性生]?|(?!保安)(?:{_PEOPLES})族?)(?=(?:{_EDGE}|$)(?!\s?[-—–~～至]))"
)
"""In a head line a whole entry that tells birth, home, sex or people; a wish is kept as it is."""
_LONE = re.compile("[\ud800-\udfff]")
_OF_STUDENTS = re.compile(r"生(?![物命态])")

Fill = Callable[[str], str]


def spaced(found: str) -> str:
    """Put as many spaces where words stood, so that every offset stays true."""
    return " " * len(found)


def without_particulars(text: str) -> str:
    """Take out a person's particulars; what is left reads as it was written."""
    return without_head(MARKS.sub("", text))


def without_marks(text: str, fill: Fill = lambda _: " ") -> str:
    """Take out what tells sex, age, origin, ethnicity, family, looks and politics."""
    for pattern in (MARKS, WORDS):
        text = pattern.sub(lambda found: fill(found[0]), text)
    return text


def without_head(text: str, fill: Fill = lambda _: " ") -> str:
    """Take the bare particulars out of the lines above the first section (女 | 2003年4月 | 湖北宜昌)."""
    lines, seen = text.split("\n"), 0
    for place, line in enumerate(lines):
        said = len("".join(line.split()))
        if seen == _HEAD or said > _SHORT_LINE or _SECTION.match(line):
            break
        seen += said > 0
        lines[place] = _PARTICULAR.sub(lambda found: found["kept"] or fill(found[0]), line)
    return "\n".join(lines)


def without_schools(text: str, fill: Fill = lambda _: " ") -> str:
    """Take out names of institutions, present, former and short, and words that rank them."""
    names, kept, at = _names(), [], 0
    for _, start, end in names.find_matches_as_indexes(_LONE.sub(" ", text)):
        short = text[start:end] in _SHORT_NAMES
        if _SAID_OF_A_SCHOOL.match(text, end) if short else not _OF_STUDENTS.match(text, end):
            kept += [text[at:start], fill(text[start:end])]
            at = end
    text = "".join([*kept, text[at:]])
    if _SCHOOL.search(text):
        text = _UNLISTED.sub(lambda found: fill(found[0]), text)
    return _RANKED.sub(lambda found: fill(found[0]), text)


@cache
def _names() -> AhoCorasick:
    with _INSTITUTIONS.open(encoding="utf-8", newline="") as file:
        written = {name for row in csv.DictReader(file) for name in (row["name"], *row["aliases"].split("|"))}
    spelt = {
        spelling
        for name in written - {""}
        for narrow in [name.replace("（", "(").replace("）", ")")]
        for spelling in (name, narrow, re.sub(r"[()]", "", narrow))
    }
    return AhoCorasick(
        sorted(spelt | _SHORT_NAMES),
        matchkind=MatchKind.LeftmostLongest,
        implementation=Implementation.ContiguousNFA,
    )
