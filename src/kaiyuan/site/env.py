"""Every variable that the site reads from its environment, in one list; `docs/settings.md` is made from it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from kaiyuan.errors import InputError

MODES = ("demo", "test", "production")


@dataclass(frozen=True)
class Variable:
    """One variable: its name, what holds when it is not set, and what it is for."""

    name: str
    default: str
    zh: str
    en: str


VARIABLES = (
    Variable(
        "KAIYUAN_MODE",
        "production",
        "demo 演示、test 测试或 production 正式",
        "demo, test or production",
    ),
    Variable(
        "KAIYUAN_SECRET_KEY",
        "",
        "签名密钥，正式环境必填，至少 50 个字符",
        "Key for signatures; production needs one of at least 50 characters",
    ),
    Variable(
        "KAIYUAN_HOSTS",
        "localhost,127.0.0.1,[::1]",
        "允许的主机名，逗号分隔",
        "Host names that are served, by commas",
    ),
    Variable(
        "KAIYUAN_ADDRESS",
        "http://127.0.0.1:8000",
        "对外地址，用于链接与二维码",
        "The site's own address, for links and codes",
    ),
    Variable(
        "DATABASE_URL",
        "",
        "数据库；空为数据目录中的 SQLite",
        "The database; empty: SQLite in the data folder",
    ),
    Variable(
        "KAIYUAN_DATA",
        "out/site",
        "数据目录：数据库、上传、导出",
        "Folder of the database, uploads and exports",
    ),
    Variable(
        "KAIYUAN_PACKS",
        "national,demo",
        "规则包，名称或路径，逗号分隔",
        "Packs of rules, names or paths, by commas",
    ),
    Variable(
        "KAIYUAN_WORKERS",
        "1",
        "同时运行的进程数，供体检核对",
        "How many processes serve, for the doctor to check",
    ),
    Variable(
        "KAIYUAN_PROXIES",
        "0",
        "前面有几层可信的反向代理，用于取得来访地址",
        "How many trusted proxies stand in front, to know where a visitor comes from",
    ),
    Variable(
        "KAIYUAN_CACHE_URL",
        "",
        "共享缓存；空：单进程用内存，多进程用数据库",
        "Shared cache; empty: memory for one process, the database for several",
    ),
    Variable(
        "KAIYUAN_JOURNAL_HASH",
        "sha256",
        "日志链的杂凑算法：sha256 或 sm3",
        "Hash of the journal's chain: sha256 or sm3",
    ),
    Variable(
        "KAIYUAN_CHECKPOINT_KEY",
        "",
        "检查点签名私钥（Ed25519 PEM）的路径；空为数据目录中的 checkpoint.pem",
        "Path of the key (Ed25519, PEM) that signs checkpoints; empty: checkpoint.pem in the data folder",
    ),
    Variable(
        "KAIYUAN_OUTBOX_EVERY",
        "5",
        "每隔几秒外发一次；0 为不发，由 kaiyuan outbox send 外发",
        "Seconds between sendings of the outbox; 0: none, `kaiyuan outbox send` does it",
    ),
    Variable(
        "KAIYUAN_PASSWORDS",
        "asvs",
        "口令策略：asvs 或 mlps3",
        "Password policy: asvs or mlps3",
    ),
    Variable(
        "KAIYUAN_OIDC_ISSUER",
        "",
        "统一认证的签发方地址；空为不用",
        "Issuer of single sign-on; empty: none",
    ),
    Variable(
        "KAIYUAN_OIDC_CLIENT",
        "",
        "统一认证的客户端编号",
        "Client id for single sign-on",
    ),
    Variable(
        "KAIYUAN_OIDC_SECRET",
        "",
        "统一认证的客户端密钥",
        "Client secret for single sign-on",
    ),
    Variable(
        "KAIYUAN_OIDC_NAME",
        "统一认证",
        "登录页上的名称",
        "Its name on the login page",
    ),
    Variable(
        "KAIYUAN_MAIL_URL",
        "",
        "邮件服务器 smtp://用户:口令@主机:端口；空：写入数据目录",
        "Mail server smtp://user:password@host:port; empty: written to the data folder",
    ),
    Variable(
        "KAIYUAN_MAIL_FROM",
        "kaiyuan@localhost",
        "发件地址",
        "Address that mail comes from",
    ),
    Variable("KAIYUAN_LOG_LEVEL", "INFO", "日志级别", "Level of the log"),
    Variable(
        "KAIYUAN_DEMO_SECONDS",
        "",
        "演示站点多少秒后自行结束；空：有终端时直到 Ctrl-C，没有终端时 120 秒",
        "After how many seconds the demonstration stops by itself; empty: at a terminal never, without one 120",
    ),
)
_BY_NAME = {variable.name: variable for variable in VARIABLES}


def read(name: str) -> str:
    """Give the value of a listed variable, or its default; a variable outside the list is a fault of the program."""
    return os.environ.get(name) or _BY_NAME[name].default


def words(name: str) -> list[str]:
    """Give a value that is a list by commas."""
    return [word.strip() for word in read(name).split(",") if word.strip()]


def whole(name: str) -> int:
    """Give a value that is a whole number; raises InputError."""
    try:
        return int(read(name))
    except ValueError:
        raise InputError(
            f"{name} is not a whole number", text=read(name), remedy="Write digits only"
        ) from None


def choice(name: str, among: tuple[str, ...]) -> str:
    """Give a value that is one of a few words; raises InputError."""
    value = read(name)
    if value not in among:
        raise InputError(f"{name} has no such value", text=value, remedy=f"Write one of: {', '.join(among)}")
    return value


def folder(name: str) -> Path:
    """Give a value that is a folder; it is made for its owner alone if it is not there."""
    path = Path(read(name)).resolve()
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path
