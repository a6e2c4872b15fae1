"""What a licence or a piece of evidence may come as, told by its bytes: a file's name proves nothing."""

from typing import Any

from flask_babel import gettext as _
from flask_wtf.file import FileField
from wtforms.validators import ValidationError

from webapp.services.files import Paper

MOST_BYTES = 10 * 1024 * 1024
KINDS = {b"%PDF-": "application/pdf", b"\x89PNG\r\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


class PaperField(FileField):
    """A document, scan or photograph; once the form is valid, ``paper`` is what came in."""

    paper: Paper

    def post_validate(self, _form: Any, stopped: bool) -> None:  # noqa: FBT001 - as WTForms calls it
        """Take PDF, PNG and JPEG up to 10 MB, and keep what was read."""
        if stopped:
            return
        content = self.data.read()
        if len(content) > MOST_BYTES:
            raise ValidationError(_("文件超过了 10 MB。请压缩后再上传。"))
        kind = next((kind for start, kind in KINDS.items() if content.startswith(start)), None)
        if kind is None:
            raise ValidationError(
                _("请上传 PDF、PNG 或 JPG 文件，内容不能为空；其他格式请先另存为 PDF 或截图。")
            )
        self.paper = Paper(self.data.filename, content, kind)
