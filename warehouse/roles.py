"""The two roles of a PostgreSQL warehouse: who loads, and who only reads the marts.

nenpo_loader owns every table and view. nenpo_bi may SELECT the marts and nothing else; the marts run with
their owner's rights, so it needs none on the tables behind them. The role itself brings the memory to sum a
year, since what it connects with is not ours. Roles belong to the whole server.
"""

from sqlalchemy import Connection, text

from warehouse.engine import WORK_MEMORY
from warehouse.marts import MARTS

LOADER = "nenpo_loader"
BI = "nenpo_bi"


def create_roles(connection: Connection) -> list[str]:
    """Make the roles that are lacking and give them their rights in this database; the names of new ones.

    For a connection that may create roles. They can log in and have no password: whoever runs the server
    gives them one.
    """
    new = [name for name in (LOADER, BI) if not has_role(connection, name)]
    for name in new:
        connection.exec_driver_sql(f"CREATE ROLE {name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE")
    quote = connection.dialect.identifier_preparer.quote
    database = quote(str(connection.scalar(text("SELECT current_database()"))))
    for statement in (
        f"REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        f"GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {LOADER}",
        f"GRANT CONNECT ON DATABASE {database} TO {BI}",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        f"GRANT USAGE, CREATE ON SCHEMA public TO {LOADER}",
        f"GRANT USAGE ON SCHEMA public TO {BI}",
        f"ALTER ROLE {BI} SET work_mem = '{WORK_MEMORY}'",
    ):
        connection.exec_driver_sql(statement)
    return new


def grants(connection: Connection) -> list[str]:
    """What lets the readers read the marts when they were just made; nothing where there is no such role."""
    if connection.dialect.name != "postgresql" or not has_role(connection, BI):
        return []
    names = ", ".join(mart.name for mart in MARTS)
    return [f"GRANT SELECT ON {names} TO {BI}"]


def has_role(connection: Connection, name: str) -> bool:
    return bool(connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": name}))
