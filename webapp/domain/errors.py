"""Refusals: every one is a sentence with the facts and the remedy."""

from typing import ClassVar

from webapp.domain.words import N_


class PlatformError(Exception):
    """A refusal a person may read.

    ``message`` is a Chinese sentence with ``%(name)s`` places; the keyword facts fill them. The web
    translates the message before filling it, a command prints ``str(error)``.
    """

    message: ClassVar[str] = N_("这一步没有完成，请稍后再试。")

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.message % facts if facts else self.message)


class NotFound(PlatformError):
    """The thing does not exist, or the reader may not know that it does."""

    message = N_("没有找到您要的内容。它可能已被删除，或者网址有误。")


class NotAllowed(PlatformError):
    """The actor's role or scope does not cover this deed."""

    message = N_("您没有做这件事的权限。如有疑问，请联系所在单位的管理员。")


class Conflict(PlatformError):
    """Somebody else was first, or the thing has changed since it was read."""

    message = N_("内容刚刚被别人更新过。请刷新页面，看过最新内容后再操作。")
