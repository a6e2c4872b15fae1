"""Where refusals meet HTTP: one table, one page."""

import math
from collections.abc import Mapping
from http import HTTPStatus

from flask import Flask, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, IntegrityError
from werkzeug.exceptions import HTTPException

from webapp.clock import now
from webapp.domain.errors import Conflict, NotAllowed, NotFound, PlatformError
from webapp.domain.words import N_
from webapp.extensions import limiter
from webapp.services.following import IndexNotReady
from webapp.ui.filters import spoken
from webapp.unit_of_work import undo

STATUS: Mapping[type[PlatformError], HTTPStatus] = {
    NotFound: HTTPStatus.NOT_FOUND,
    NotAllowed: HTTPStatus.FORBIDDEN,
    Conflict: HTTPStatus.CONFLICT,
    IndexNotReady: HTTPStatus.SERVICE_UNAVAILABLE,
}
SENTENCES: Mapping[int, str] = {
    400: N_("这个请求不完整，我们没有保存任何内容。请返回上一页再试一次。"),
    403: N_("这个页面不对您开放。请换用有权限的账号登录，或联系所在单位的管理员。"),
    404: N_("没有找到这个页面。网址可能有误，或者内容已被移除。"),
    405: N_("这个页面不支持这样的操作。请从菜单重新进入。"),
    413: N_("文件太大了。请上传不超过 10 MB 的文件。"),
    415: N_("这种文件我们读不了。请换成 PDF、DOCX 或 TXT 文件。"),
    500: N_("系统出错了，您的操作没有保存。我们已经记录下来，请稍后再试。"),
}
EXPIRED_FORM = N_("页面停留太久，表单已过期。请返回上一页刷新后再提交，已填写的内容请先复制保存。")


def sentence_of(error: PlatformError) -> str:
    """Return a refusal's sentence in the reader's language."""
    return spoken(error.message, error.facts)


def status_of(error: PlatformError) -> HTTPStatus:
    """Return the status of the nearest listed kind of refusal; a refused wish is a conflict."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), HTTPStatus.CONFLICT)


def register(app: Flask) -> None:
    """Answer every refusal and every failure with a sentence, never with a trace."""

    @app.errorhandler(PlatformError)
    def refused(error: PlatformError) -> ResponseReturnValue:
        status = status_of(error)
        return render_template("error.html", status=status.value, sentence=sentence_of(error)), status

    @app.errorhandler(CSRFError)
    def expired(_error: CSRFError) -> ResponseReturnValue:
        return render_template("error.html", status=400, sentence=gettext(EXPIRED_FORM)), 400

    @app.errorhandler(DataError)
    def unkeepable(_error: DataError) -> ResponseReturnValue:
        undo()
        return render_template("error.html", status=400, sentence=gettext(SENTENCES[400])), 400

    @app.errorhandler(IntegrityError)
    def outrun(error: IntegrityError) -> ResponseReturnValue:
        undo()
        app.logger.warning("somebody was quicker", exc_info=error)
        return refused(Conflict())

    @app.errorhandler(HTTPException)
    def failed(error: HTTPException) -> ResponseReturnValue:
        status = error.code or 500
        if status in (301, 302, 304, 308):
            return error.get_response()
        too_often = isinstance(error, RateLimitExceeded)
        sentence = _patience() if too_often else gettext(SENTENCES.get(status, SENTENCES[500]))
        return render_template("error.html", status=status, sentence=sentence), status

    @app.errorhandler(Exception)
    def crashed(error: Exception) -> ResponseReturnValue:
        undo()
        app.logger.error("unexpected failure", exc_info=error)
        return render_template("error.html", status=500, sentence=gettext(SENTENCES[500])), 500


def _patience() -> str:
    """Say when the limit that was reached opens again."""
    limit = limiter.current_limit
    minutes = math.ceil((limit.reset_at - now().timestamp()) / 60) if limit else 1
    wait = max(1, minutes)
    return ngettext("操作太频繁了。请 %(num)d 分钟后再试。", "操作太频繁了。请 %(num)d 分钟后再试。", wait)
