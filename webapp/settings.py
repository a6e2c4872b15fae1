"""Settings, read once from the environment; nothing else reads it."""

import base64
import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parent.parent
DEVELOPMENT_SECRET = "development only: never in production"  # noqa: S105 - refused in production


class SettingsIncomplete(Exception):
    """A setting without which the platform must not start, or with which it could not work."""


def _cores() -> int:
    """Return on how many cores this process may run, where the system says so; else how many there are."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _number(given: Mapping[str, str], name: str, default: int, *, least: int = 0) -> int:
    told = given.get(name) or str(default)
    if not (told.isdecimal() and int(told) >= least):
        raise SettingsIncomplete(
            f"{name} is {told!r}: set it to a whole number from {least} on (see README.md)"
        )
    return int(told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that differs between two installations.

    Raises :class:`SettingsIncomplete` from :meth:`from_environment` when production lacks its secrets or a
    number is none.
    """

    production: bool = False
    secret_key: str = DEVELOPMENT_SECRET
    pepper: str = DEVELOPMENT_SECRET
    file_key: str = DEVELOPMENT_SECRET
    database_url: str = f"sqlite:///{ROOT / 'var' / 'platform.db'}"
    database_read_url: str | None = None
    redis_url: str | None = None
    queue_file: Path = ROOT / "var" / "queue.db"
    encoder: str = str(ROOT / "data" / "models" / "xuezi-static-zh-v2")
    snapshots: Path = ROOT / "var" / "snapshots"
    milvus: str | None = None
    erasures: Path = ROOT / "var" / "erasures.txt"
    market_device: str = "cpu"
    processes: int = field(default_factory=_cores)
    public_url: str = "http://127.0.0.1:8000"
    proxy_hops: int = 0
    smtp_url: str | None = None
    mail_from: str = "学子留汉 <no-reply@example.com>"
    operator: str = "public"
    operator_name: str = "武汉市公共就业服务机构（演示）"
    operator_licence: str | None = None
    supervision_phone: str = "12333"
    rate_limits: bool = True
    metrics_token: str | None = None
    metrics_folder: Path | None = None

    @property
    def fernet_key(self) -> bytes:
        """Return the key files are sealed with, derived from ``file_key``."""
        return base64.urlsafe_b64encode(hashlib.sha256(self.file_key.encode()).digest())

    @property
    def reading_url(self) -> str:
        """Return where long walks read: a replica if there is one."""
        return self.database_read_url or self.database_url

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Self:
        """Read the environment; production without its secrets is refused by name."""
        given = os.environ if environment is None else environment
        production = given.get("PLATFORM_ENV", "development") == "production"
        required = ("SECRET_KEY", "PERSON_PEPPER", "FILE_KEY", "DATABASE_URL")
        if production and (missing := [name for name in required if not given.get(name)]):
            raise SettingsIncomplete(
                f"production needs {', '.join(missing)}: set them in the environment (see README.md)"
            )
        if given.get("OPERATOR") == "commercial" and not given.get("OPERATOR_LICENCE"):
            raise SettingsIncomplete(
                "a commercial operator must show its 人力资源服务许可证: set OPERATOR_LICENCE"
            )
        default = cls()
        return cls(
            production=production,
            secret_key=given.get("SECRET_KEY") or default.secret_key,
            pepper=given.get("PERSON_PEPPER") or default.pepper,
            file_key=given.get("FILE_KEY") or default.file_key,
            database_url=given.get("DATABASE_URL") or default.database_url,
            database_read_url=given.get("DATABASE_READ_URL") or None,
            redis_url=given.get("REDIS_URL") or None,
            queue_file=Path(given.get("QUEUE_FILE") or default.queue_file),
            encoder=given.get("MATCHER_ENCODER") or default.encoder,
            snapshots=Path(given.get("SNAPSHOTS") or default.snapshots),
            milvus=given.get("MILVUS_URI") or None,
            erasures=Path(given.get("ERASURES") or default.erasures),
            market_device=given.get("MARKET_DEVICE") or default.market_device,
            processes=_number(given, "PROCESSES", default.processes, least=1),
            public_url=(given.get("PUBLIC_URL") or default.public_url).rstrip("/"),
            proxy_hops=_number(given, "PROXY_HOPS", default.proxy_hops),
            smtp_url=given.get("SMTP_URL") or None,
            mail_from=given.get("MAIL_FROM") or default.mail_from,
            operator=given.get("OPERATOR") or default.operator,
            operator_name=given.get("OPERATOR_NAME") or default.operator_name,
            operator_licence=given.get("OPERATOR_LICENCE") or None,
            supervision_phone=given.get("SUPERVISION_PHONE") or default.supervision_phone,
            rate_limits=given.get("RATE_LIMITS", "on") != "off",
            metrics_token=given.get("METRICS_TOKEN") or None,
            metrics_folder=Path(shared) if (shared := given.get("PROMETHEUS_MULTIPROC_DIR")) else None,
        )
