"""Engines for SQLite and PostgreSQL that behave alike: explicit transactions, enforced foreign keys."""

from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

BUSY_SECONDS = 60
# What a report sums of a national body's year fits into this, and not into the 4 MB of a server as it comes.
WORK_MEMORY = "64MB"


def connect(url: str) -> Engine:
    """An engine for a warehouse URL. SQLite is put into WAL mode, in which readers are never locked out.

    ValueError for what is no URL, without a word of it: a password may stand in it.
    """
    try:
        make_url(url)
    except (ArgumentError, ValueError):
        raise ValueError(
            "倉庫のURLとして読めません。「postgresql://利用者:パスワード@ホスト:ポート/データベース」の形で、"
            "記号を含むパスワードは %40 のように符号化してください。"
        ) from None
    if not url.startswith("sqlite"):
        return _postgres(url)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # BEGIN is ours, so that DDL is transactional too
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(
            "BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN"
        )

    return engine


def _postgres(url: str) -> Engine:
    # A connection that died in the pool, with its server, is replaced before it is used.
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), pool_pre_ping=True)

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        connection.autocommit = True  # or the first rollback would take it back
        connection.execute(f"SET work_mem = '{WORK_MEMORY}'")
        connection.autocommit = False

    return engine
