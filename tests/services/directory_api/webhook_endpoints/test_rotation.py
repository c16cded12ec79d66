"""The keys of webhooks' secrets change while endpoints are there: each secret still signs, and the old key can go."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import psycopg
from sqlalchemy import LargeBinary

from admin.local import keys
from services.directory_api.all_tables import METADATA
from services.directory_api.webhook_endpoints.actions import PURPOSE
from services.directory_api.webhook_endpoints.jobs import SEALED
from services.kit import rotation
from services.kit.personal import Suite, Vault
from services.kit.principal import Role
from services.kit.settings import Settings
from tests.client import Caller, Services
from tests.places import Place

PATH = "/v1/webhook-endpoints"
SECRETS = "SELECT secret, previous_secret FROM directory.webhook_endpoints WHERE id = %s"


async def test_secrets_are_sealed_anew_and_still_sign(
    services: Services, settings: Settings, place: Place, owner: psycopg.Connection
) -> None:
    runtime = services.app("directory_api").state.runtime
    vault: Vault = runtime.extras["webhook_vault"]
    bureau = Caller(services.client("directory_api"), Role.BUREAU, unit=place.bureau)
    made = (await bureau.post(PATH, json={"url": "https://receiver.example.cn/", "event_types": ["review.*"]})).json()
    turned = await bureau.post(f"{PATH}/{made['id']}/rotate-secret", json={}, version=made["version"])
    assert turned.status_code == 200, turned.text
    assert settings.webhook_keys_file is not None
    content: dict[str, Any] = json.loads(settings.webhook_keys_file.read_bytes())
    seal, _ = keys.new_personal_keys(Suite.SM4)
    content["keys"]["k2"], content["active"] = seal, "k2"
    settings.webhook_keys_file.write_text(json.dumps(content))
    step = rotation.step([SEALED], vault_name="webhook_vault", files=False)
    await step(runtime)
    row = owner.execute(SECRETS, [made["id"]]).fetchone()
    assert row is not None
    assert [value[:3] for value in row] == [b"k2:", b"k2:"]
    assert [vault.open(value, PURPOSE) for value in row] == [turned.json()["secret"], made["secret"]]
    told = "SELECT after->>'seal' FROM kit.audit_events WHERE action = 'webhook_endpoint_secret.sealed_anew'"
    assert owner.execute(told).fetchall() == [("k2",)]
    settled = dataclasses.replace(runtime, settings=settings.model_copy(update={"personal_settle_seconds": 0}))
    await step(settled)
    use = "SELECT place, key FROM kit.personal_key_use WHERE service = 'directory_api' ORDER BY 1"
    places = [f"directory.webhook_endpoints.{name}" for name in ("previous_secret", "secret")]
    assert owner.execute(use).fetchall() == [(place, "k2") for place in places]


def test_every_sealed_column_of_the_directory_is_sealed_anew() -> None:
    known = {f"{SEALED.name}.{name}" for name in SEALED.written}
    columns = {
        f"{table}.{column.name}"
        for table in METADATA.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary) and column.table.name.startswith("webhook")
    }
    assert columns == known
