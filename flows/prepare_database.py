"""prepare_database: once for a PostgreSQL database, by whoever may create roles: who loads and who reads.

No flow: a deployment runs with the rights of the loader, which may not do this.
"""

from flows.settings import Settings
from tasks.roles import prepare

if __name__ == "__main__":
    print(prepare(Settings().engine()))
