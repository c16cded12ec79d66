"""The compose file and the image agree with the code: commands, ports, environment, secrets, health paths, hardening."""

from __future__ import annotations

import importlib.util
import re
import stat
from pathlib import Path
from typing import Any

import pytest
import yaml

from admin.local import container, keys
from services.kit.settings import Settings

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
OURS = {name: service for name, service in COMPOSE["services"].items() if name != "postgres"}
SERVICES = ("directory_api", "tasks_api", "cases_api", "training_api")
# Read by the one-shot programs, not by a service.
FOREIGN_VARIABLES = {"ZHIFA_SECRETS"}


@pytest.mark.parametrize("name", sorted(OURS))
def test_each_container_is_hardened_and_runs_a_module_that_exists(name: str) -> None:
    service = OURS[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert not service["user"].startswith("0")
    interpreter, flag, module = service["command"]
    assert (interpreter, flag) == ("python", "-m")
    found = importlib.util.find_spec(module)
    assert found is not None
    assert found.submodule_search_locations is None or importlib.util.find_spec(f"{module}.__main__")


@pytest.mark.parametrize("name", sorted(OURS))
def test_each_variable_is_a_setting_of_the_code(name: str) -> None:
    known = {f"ZHIFA_{field.upper()}" for field in Settings.model_fields}
    assert set(OURS[name]["environment"]) - FOREIGN_VARIABLES <= known


@pytest.mark.parametrize("name", sorted(OURS))
def test_each_secret_file_named_is_mounted(name: str) -> None:
    mounted = {secret if isinstance(secret, str) else secret["source"] for secret in OURS[name]["secrets"]}
    assert mounted <= set(COMPOSE["secrets"])
    named = {value.rsplit("/", 1)[1] for key, value in OURS[name]["environment"].items() if key.endswith("_FILE")}
    assert named <= mounted


def test_the_gateway_finds_each_service_where_it_listens() -> None:
    environment = OURS["gateway"]["environment"]
    for name in SERVICES:
        port = OURS[name]["environment"]["ZHIFA_PORT"]
        address = environment[f"ZHIFA_{name.removesuffix('_api').upper()}_URL"]
        assert address == f"http://{name}:{port}"
        assert name in OURS[name]["environment"]["ZHIFA_ALLOWED_HOSTS"].split(",")
        default = Settings.model_fields[f"{name.removesuffix('_api')}_url"].default
        assert default.endswith(f":{port}")
    assert OURS["gateway"]["ports"] == ["${ZHIFA_PUBLISH:-127.0.0.1:8000}:8000"]


def test_each_service_has_a_database_role_of_its_own() -> None:
    users = {name: OURS[name]["environment"]["ZHIFA_DATABASE_URL"].split("//")[1].split("@")[0] for name in SERVICES}
    assert set(users.values()) == set(keys.ROLES)
    for name, user in users.items():
        assert user == f"zhifa_{name.removesuffix('_api')}"
    assert "ZHIFA_DATABASE_URL" not in OURS["gateway"]["environment"]


def test_services_wait_for_the_migration_and_only_the_gateway_is_reached_from_outside() -> None:
    for name in SERVICES:
        assert OURS[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
        assert "ports" not in OURS[name]
        # The directory sends webhooks; it publishes no port.
        assert OURS[name]["networks"] == (["inside", "outside"] if name == "directory_api" else ["inside"])
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert int(COMPOSE["services"]["postgres"]["image"].split(":")[1]) >= 16


def test_the_image_runs_without_root_and_asks_for_readiness() -> None:
    assert "USER 10001:10001" in DOCKERFILE
    assert "/readyz" in DOCKERFILE
    assert 'CMD ["python", "-m", "gateway"]' in DOCKERFILE
    copied = {line.split()[1] for line in DOCKERFILE.splitlines() if line.startswith("COPY") and "--from" not in line}
    assert {"services", "gateway", "admin", "migrations"} <= copied


def test_the_secrets_command_makes_what_the_compose_file_mounts(tmp_path: Path) -> None:
    made = container.make_secrets(tmp_path / "secrets")
    assert {path.name for path in made} >= {Path(secret["file"]).name for secret in COMPOSE["secrets"].values()}
    private = [path for path in made if path.name not in {"jwks.json", "ledger-jwks.json", "audit-jwks.json"}]
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in private)
    before = {path: path.read_bytes() for path in made}
    assert {path: path.read_bytes() for path in container.make_secrets(tmp_path / "secrets")} == before


def test_the_lock_of_the_image_holds_versions_of_the_whole_lock_and_names_no_host() -> None:
    def versions(path: Path) -> set[str]:
        return {
            line.split()[0] for line in path.read_text(encoding="utf-8").splitlines() if "==" in line and not line.startswith(" ")
        }

    whole, image = versions(ROOT / "requirements.lock"), versions(ROOT / "deploy" / "requirements.lock")
    assert image < whole
    for path in (ROOT / "requirements.lock", ROOT / "deploy" / "requirements.lock"):
        assert "://" not in path.read_text(encoding="utf-8")


def test_the_example_names_each_variable_with_its_default() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    used = dict(re.findall(r"\$\{(ZHIFA_[A-Z_]+):-([^}]*)\}", text))
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    shown = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert shown == used
