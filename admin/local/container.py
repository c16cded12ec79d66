"""For containers: secrets as single files, and the one-shot step that migrates and lets the service roles sign in."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path

import psycopg
from psycopg import sql

from admin.local import database, files, keys
from services.kit import token_keys

OWNER_FILE = "postgres-password"
CONTAINER_USER = 10001


def make_secrets(folder: Path) -> list[Path]:
    """Makes each secret of an installation that is not there yet, one file each, mode 0600; answers the files."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    token_keys.make_key_files(folder / "signing-key.pem", folder / "jwks.json")
    token_keys.make_key_files(folder / "ledger-key.pem", folder / "ledger-jwks.json")
    token_keys.make_key_files(folder / "audit-key.pem", folder / "audit-jwks.json")
    files.make_once(folder / "cursor.key", lambda: secrets.token_bytes(32))
    files.make_once(folder / "personal-keys.json", keys.personal_keys)
    files.make_once(folder / "webhook-keys.json", keys.personal_keys)
    for name in (OWNER_FILE, *(password_file(role) for role in keys.ROLES)):
        files.make_once(folder / name, lambda: secrets.token_urlsafe(24).encode())
    made = sorted(folder.iterdir())
    if os.geteuid() == 0:
        # A file secret keeps its owner inside the container, where nothing runs as root.
        for path in made:
            os.chown(path, CONTAINER_USER, CONTAINER_USER)
    return made


def password_file(role: str) -> str:
    """Name of the secret file with a role's password."""
    return f"{role.replace('_', '-')}-password"


def migrate() -> None:
    """Migrates the database named by ZHIFA_DATABASE_URL as its owner, then gives the roles their passwords.

    Reads the owner's and the roles' passwords from the folder ZHIFA_SECRETS. Safe to run again.
    """
    folder = Path(os.environ["ZHIFA_SECRETS"])
    owner = psycopg.conninfo.conninfo_to_dict(os.environ["ZHIFA_DATABASE_URL"])
    password = (folder / OWNER_FILE).read_text(encoding="ascii").strip()
    url = f"postgresql://{owner['user']}:{password}@{owner['host']}:{owner.get('port', 5432)}/{owner['dbname']}"
    database.migrate(url, Path("/dev/stderr"))
    with psycopg.connect(url, autocommit=True) as connection:
        for role in keys.ROLES:
            text = (folder / password_file(role)).read_text(encoding="ascii").strip()
            connection.execute(sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(role), sql.Literal(text)))


if __name__ == "__main__":
    migrate()
    sys.stderr.write("zhifa: the database is at the newest migration\n")
