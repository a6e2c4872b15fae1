"""What a licence or a piece of evidence may come as, told by its bytes."""

from webapp.domain.errors import PlatformError
from webapp.domain.words import N_

KINDS = {b"%PDF-": "application/pdf", b"\x89PNG\r\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


class PaperUnreadable(PlatformError):
    """A file that is no document, scan or photograph."""

    message = N_("请上传 PDF、PNG 或 JPG 格式的文件，内容不能为空。")


def media_type(content: bytes) -> str:
    """Return the kind of a paper, or refuse it."""
    kind = next((kind for start, kind in KINDS.items() if content.startswith(start)), None)
    if kind is None:
        raise PaperUnreadable
    return kind
