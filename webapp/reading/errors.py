"""Why a file cannot be read, each with what to do instead."""

from webapp.domain.errors import PlatformError
from webapp.domain.words import N_


class Unreadable(PlatformError):
    """A file that gives no text; every kind of it says what happened and what to do."""

    message = N_("这个文件读不出来。请另存为新的 PDF 或 DOCX 后再上传，或直接粘贴简历内容。")


class EmptyFile(Unreadable):
    """Nothing was uploaded, or the file has no bytes."""

    message = N_("这个文件是空的。请检查后重新选择文件，或直接粘贴简历内容。")


class FileTooLarge(Unreadable):
    """More bytes than a resume needs."""

    message = N_("文件超过了 %(limit)d MB。请压缩其中的图片后再上传，或直接粘贴简历内容。")


class TooManyPages(Unreadable):
    """More pages than a resume has."""

    message = N_("这份文件有 %(pages)d 页，简历最多 %(limit)d 页。请只上传简历部分。")


class TooMuchText(Unreadable):
    """More text than a resume has."""

    message = N_("这份文件的文字超过 %(limit)d 字，不像一份简历。请只上传简历部分。")


class Encrypted(Unreadable):
    """The file asks for a password."""

    message = N_("这个文件有密码保护，打不开。请取消密码后再上传，或直接粘贴简历内容。")


class HasMacros(Unreadable):
    """A Word file with programs inside."""

    message = N_("这个 Word 文件里带有宏，为了安全不能接收。请另存为普通的 .docx 或 PDF 再上传。")


class Bomb(Unreadable):
    """A small file that unpacks to a huge one, or is not built as Word builds its files."""

    message = N_("这个 Word 文件的内部结构异常，为了安全不能接收。请用 Word 或 WPS 另存为新的 .docx 再上传。")


class Misnamed(Unreadable):
    """The name promises another kind of file than the content is."""

    message = N_("文件名的后缀是 .%(suffix)s，内容却是 %(actual)s。请把后缀改对，或重新导出后再上传。")


class OldWord(Unreadable):
    """The binary Word format of before 2007."""

    message = N_("这是旧版 Word（.doc）文件。请用 Word 或 WPS 另存为 .docx 或 PDF 再上传。")


class RichText(Unreadable):
    """An RTF file."""

    message = N_("暂不支持 RTF 文件。请用 Word 或 WPS 另存为 .docx 或 PDF 再上传。")


class Picture(Unreadable):
    """A photo or screenshot of a resume."""

    message = N_("这是一张图片，读不出文字。请上传文字版的 PDF、DOCX，或直接粘贴简历内容。")


class Unsupported(Unreadable):
    """Any other kind of file."""

    message = N_("暂不支持这种文件。请上传 PDF、DOCX 或 TXT，或直接粘贴简历内容。")


class Scanned(Unreadable):
    """A PDF whose pages are pictures."""

    message = N_("这份 PDF 是扫描图片，读不出文字。请上传文字版，或直接粘贴简历内容。")


class Garbled(Unreadable):
    """Text whose characters cannot be told: a PDF font without its table, a broken encoding."""

    message = N_("这份文件里的文字是乱码，可能是字体或编码的缘故。请重新导出后再上传，或直接粘贴简历内容。")


class NoText(Unreadable):
    """The file opens but says nothing."""

    message = N_("这份文件里几乎没有文字。请检查是否选对了文件，或直接粘贴简历内容。")


class Damaged(Unreadable):
    """The file does not follow its own format."""

    message = N_("这个文件已损坏，打不开。请重新导出后再上传，或直接粘贴简历内容。")


class TookTooLong(Unreadable):
    """Parsing used up its time or memory."""

    message = N_("读取这个文件花的时间太长，已停止。请另存为简单一些的 PDF 或 DOCX，或直接粘贴简历内容。")


PARSING_PROBLEMS: dict[str, type[Unreadable]] = {
    kind.__name__: kind
    for kind in (TooManyPages, TooMuchText, Encrypted, HasMacros, Bomb, Scanned, Garbled, NoText, Damaged)
}
"""Problems the parsing process may report by name."""
