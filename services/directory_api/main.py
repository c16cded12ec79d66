"""The directory service: units, accounts, sign-in, audit trail, files, working days."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from services.directory_api.accounts import router as accounts
from services.directory_api.attachments import actions as attachment_actions
from services.directory_api.attachments import router as attachments
from services.directory_api.audit_events import router as audit_events
from services.directory_api.changes import router as changes
from services.directory_api.clients import router as clients
from services.directory_api.operations import router as operations
from services.directory_api.sessions import queries as session_queries
from services.directory_api.sessions import router as sessions
from services.directory_api.unit_groups import router as unit_groups
from services.directory_api.units import router as units
from services.directory_api.webhook_deliveries import jobs as webhook_jobs
from services.directory_api.webhook_deliveries import router as webhook_deliveries
from services.directory_api.webhook_endpoints import jobs as endpoint_jobs
from services.directory_api.webhook_endpoints import router as webhook_endpoints
from services.directory_api.working_days import router as working_days
from services.kit import app, auth, personal, rotation, runtime, signatures
from services.kit import clock as clocks
from services.kit.settings import Settings

FEATURES = (units, unit_groups, accounts, clients, sessions, working_days, attachments, audit_events, changes, operations)
WEBHOOKS = (webhook_endpoints.router, webhook_deliveries.by_endpoint, webhook_deliveries.router)
ROUTERS = (accounts.own, sessions.auth, sessions.well_known, *(feature.router for feature in FEATURES), *WEBHOOKS)


def extras(settings: Settings) -> dict[str, Any]:
    """What only the directory holds: the store of files, the signer of tokens, the keys as published, the webhooks' secrets."""
    if settings.data_dir is None or settings.signing_key_file is None or settings.jwks_file is None:
        raise RuntimeError("ZHIFA_DATA_DIR, ZHIFA_SIGNING_KEY_FILE and ZHIFA_JWKS_FILE are needed")
    signer = auth.Signer.from_files(settings.signing_key_file, settings.jwks_file, settings.public_url)
    return {
        "store": settings.data_dir,
        "signer": signer,
        "jwks": settings.jwks_file.read_bytes(),
        "webhook_vault": webhook_vault(settings),
        **audit_seal(settings),
    }


def audit_seal(settings: Settings) -> dict[str, Any]:
    """What signs heads of the audit trail, and the published keys; the key signs nothing else."""
    if settings.audit_key_file is None or settings.audit_jwks_file is None:
        raise RuntimeError("ZHIFA_AUDIT_KEY_FILE and ZHIFA_AUDIT_JWKS_FILE are needed")
    seal = signatures.Seal.from_files(settings.audit_key_file, settings.audit_jwks_file, audit_events.HEAD_TYPE)
    return {"audit_seal": seal, "audit_jwks": settings.audit_jwks_file.read_bytes()}


def webhook_vault(settings: Settings) -> personal.Vault:
    """What seals the secrets of webhooks; keys of its own, so that the directory gets none to personal data."""

    def read() -> personal.Keys:
        return personal.read_keys(settings.secret(settings.webhook_keys_file, "webhook_keys_file"))

    return personal.Vault(read(), read)


async def forget_old_failures(process: runtime.Runtime) -> None:
    """Drops failed sign-ins that count no longer."""
    async with process.database.reading() as connection:
        await session_queries.forget_old_failures(connection, process.clock())


async def sweep_attachments(process: runtime.Runtime) -> None:
    """Drops file contents that no attachment names: another 256th of the store every minute."""
    now = process.clock()
    async with process.database.reading() as connection:
        await attachment_actions.sweep(connection, process.extras["store"], f"{int(now.timestamp()) // 60 % 256:02x}", now)


def create_app(settings: Settings | None = None, clock: clocks.Clock = clocks.now) -> FastAPI:
    """The application; one line per feature."""
    return app.build_service(
        "directory_api",
        "目录服务",
        ROUTERS,
        settings=settings,
        clock=clock,
        extras=extras,
        steps=[
            (forget_old_failures, 60.0),
            (sweep_attachments, 60.0),
            (webhook_jobs.forget, webhook_jobs.FORGET_SECONDS),
            (rotation.step([endpoint_jobs.SEALED], vault_name="webhook_vault", files=False), rotation.EVERY_SECONDS),
        ],
        workers=[webhook_jobs.working],
    )
