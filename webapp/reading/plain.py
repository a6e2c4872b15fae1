"""Plain text: which encoding it is in, and characters brought back to what people read."""

import codecs
import re
import unicodedata

from webapp.reading.errors import Garbled

MOST_CHARACTERS = 50_000
LEAST_CHARACTERS = 20
_MOST_BROKEN = 0.2

# A PDF often stores the radical that looks like a character in place of the character itself. NFKC repairs
# the Kangxi block (U+2F00), but leaves these of the supplement alone.
_RADICALS = str.maketrans(
    "⺟⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳",
    "母民虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙龟",
)
_LOOKALIKES = re.compile(r"[\u2f00-\u2fdf\uf900-\ufaff]")
_UNSEEN = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad\x00-\x08\x0b\x0e-\x1f\x7f]")
_BROKEN = re.compile(r"[\ufffd\ue000-\uf8ff\x80-\x9f]")
_SEPARATORS = re.compile(r"[、,，;；\n]+")
_LINE_ENDS = re.compile(r"\r\n?|[\x0c\u2028\u2029]")


def decode(content: bytes) -> str:
    """Decode a text file: by its mark, else UTF-8, UTF-16 or GB18030, whichever reads as text."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, errors="replace")
    encodings = ("utf-8", "utf-16-le", "utf-16-be") if b"\x00" in content else ("utf-8", "gb18030")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text and not is_garbled(text):
            return text
    raise Garbled


def cleaned(text: str) -> str:
    """Return text with radicals, invisible marks and runs of blank lines repaired."""
    text = _LINE_ENDS.sub("\n", text).translate(_RADICALS).replace("\u00a0", " ")
    text = _LOOKALIKES.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    lines = (line.rstrip() for line in _UNSEEN.sub("", text).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def is_garbled(text: str) -> bool:
    """Say whether too many characters have no meaning: replacement, private use, control."""
    return len(_BROKEN.findall(text)) > _MOST_BROKEN * max(len(text), 1)


def listed(text: str | None) -> tuple[str, ...]:
    """Return what a person wrote as a list, each once."""
    return tuple(dict.fromkeys(part.strip() for part in _SEPARATORS.split(text or "") if part.strip()))


def letters(text: str) -> int:
    """Count the characters that say something."""
    return sum(character.isalnum() for character in text)
