"""roles: a PostgreSQL database prepared, once, for who loads it and who reads it."""

from sqlalchemy import Engine

from warehouse.roles import BI, LOADER, create_roles


def prepare(engine: Engine) -> str:
    """Make the roles with their rights, as somebody who may; what was done, in words.

    ValueError for what is no PostgreSQL: other engines know no roles.
    """
    if engine.dialect.name != "postgresql":
        raise ValueError(
            "役割があるのは PostgreSQL だけです。NENPO_WAREHOUSE に管理者のURLを指定してください。"
        )
    with engine.begin() as connection:
        new = create_roles(connection)
    made = "、".join(new) or "なし"
    return f"役割 {LOADER}（読み込み）と {BI}（mart を読むだけ）を用意しました。新しいもの: {made}"
