"""Settings of a process, read once from the environment and from secret files. A missing secret stops the start."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.kit import addresses, targets


class Settings(BaseSettings):
    """What every process of zhifa may be told. Names are `ZHIFA_` + the field's name in capitals."""

    model_config = SettingsConfigDict(env_prefix="ZHIFA_", frozen=True, extra="ignore")

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    public_url: str = "http://127.0.0.1:8000"
    allowed_hosts: str = "127.0.0.1,localhost"
    cors_origins: str = ""
    log_level: str = "INFO"

    database_url: str | None = None
    database_role: str | None = None
    database_password_file: Path | None = None
    pool_size: int = Field(default=10, ge=1, le=100)
    request_seconds: float = Field(default=2.5, gt=0, le=60)
    max_body_bytes: int = Field(default=2_000_000, ge=1_000)
    max_upload_bytes: int = Field(default=20_000_000, ge=1_000)

    # How long the file of an import, which may hold personal data, is kept for its report.
    import_days: int = Field(default=90, ge=1, le=3650)

    jwks_file: Path | None = None
    signing_key_file: Path | None = None
    personal_keys_file: Path | None = None
    # Which suite new personal data must be sealed with; without it whichever the active key of the file is of.
    personal_suite: Literal["aes-256-gcm-sha256", "sm4-gcm-sm3"] | None = None
    # Seconds after a change of the keys in which some process may still use the old ones.
    personal_settle_seconds: float = Field(default=30, ge=0, le=3600)
    # The key that signs the heads of the ledger, and the published set of such keys (training).
    ledger_key_file: Path | None = None
    ledger_jwks_file: Path | None = None
    # The key that signs the heads of the audit trail, and the published set of such keys (directory).
    audit_key_file: Path | None = None
    audit_jwks_file: Path | None = None
    cursor_key_file: Path | None = None
    data_dir: Path | None = None

    password_min_length: int = Field(default=15, ge=8, le=64)
    session_hours: float = Field(default=12, gt=0, le=24 * 30)
    session_idle_minutes: float = Field(default=120, gt=0, le=24 * 60)

    directory_url: str = "http://127.0.0.1:8001"
    tasks_url: str = "http://127.0.0.1:8002"
    cases_url: str = "http://127.0.0.1:8003"
    training_url: str = "http://127.0.0.1:8004"

    # Webhooks (directory): the keys that seal their secrets, and where messages may go. Without hosts, to any public one;
    # a host is a name, or `.example.cn` for all below it. Addresses that are not public only within the networks named here.
    webhook_keys_file: Path | None = None
    webhook_hosts: str = ""
    webhook_networks: str = ""
    webhook_ports: str = "443,8443"
    webhook_plain_http: bool = False

    # Gateway: connections to each service, deadlines towards it, and how much one client may ask per window.
    upstream_connections: int = Field(default=100, ge=1, le=10_000)
    connect_seconds: float = Field(default=2.0, gt=0, le=60)
    first_byte_seconds: float = Field(default=10.0, gt=0, le=600)
    total_seconds: float = Field(default=300.0, gt=0, le=3600)
    rate_window_seconds: int = Field(default=10, ge=1, le=3600)
    rate_per_account: int = Field(default=1_000, ge=1)
    rate_per_address: int = Field(default=1_000, ge=1)
    # Networks of the reverse proxies in front of the gateway, whose X-Forwarded-For it believes ("10.0.0.5, fd00::/64").
    # Empty: nobody is believed, and every caller behind a proxy counts as one address.
    trusted_proxies: str = ""
    # Open look-ups about people (verification of certificates, the public list) are scarcer.
    rate_lookups_per_address: int = Field(default=60, ge=1)

    @cached_property
    def origins(self) -> tuple[str, ...]:
        """Origins that browsers may call from (CORS allow-list)."""
        return tuple(part.strip() for part in self.cors_origins.split(",") if part.strip())

    @cached_property
    def proxies(self) -> tuple[addresses.Network, ...]:
        """Networks whose word about the caller's address counts; a bent list is a start-up error."""
        try:
            return addresses.networks(self.trusted_proxies)
        except ValueError as error:
            raise RuntimeError(f"ZHIFA_TRUSTED_PROXIES: {error}") from None

    @cached_property
    def webhook_targets(self) -> targets.Policy:
        """Where webhooks may go; a bent list is a start-up error."""
        try:
            return targets.policy(self.webhook_hosts, self.webhook_networks, self.webhook_ports, plain=self.webhook_plain_http)
        except ValueError as error:
            raise RuntimeError(f"ZHIFA_WEBHOOK_HOSTS, _NETWORKS or _PORTS: {error}") from None

    @cached_property
    def hosts(self) -> frozenset[str]:
        """Host names a request may carry."""
        return frozenset(part.strip().lower() for part in self.allowed_hosts.split(",") if part.strip())

    def secret(self, path: Path | None, name: str) -> bytes:
        """Content of a secret file; a missing one is a start-up error that names the setting."""
        if path is None:
            raise RuntimeError(f"ZHIFA_{name.upper()} is not set")
        return path.read_bytes()
