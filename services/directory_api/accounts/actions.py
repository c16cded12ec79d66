"""What administrators do with accounts."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from services.directory_api import access
from services.directory_api.accounts import external, queries, rules
from services.directory_api.accounts.schemas import AccountChange, AccountIn
from services.directory_api.accounts.tables import Account
from services.kit import audit, ids, outbox
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal, Role

OBJECT = "account"
# No access token outlives this, so a revocation need not either.
TOKEN_LIFE = timedelta(minutes=16)


async def create(
    session: Session, who: Principal | None, wanted: AccountIn, least: int, now: datetime, actor_name: str = ""
) -> tuple[Account, str | None]:
    """Adds an account; the second answer is the random password when none was given.

    Raises RolesExclude, UnitNeeded, WeakPassword, BadInput (unit), Duplicate (username).
    """
    raise_if(rules.why_not_roles(wanted.roles, wanted.unit_id))
    unit_name = await queries.unit_name(session, wanted.unit_id)
    if wanted.password is not None:
        await _judge("password", wanted.password, least, wanted.username, wanted.display_name, unit_name)
    initial = None if wanted.password is not None else external.fresh_password()
    account = Account(
        id=ids.new_id(), username=wanted.username, display_name=wanted.display_name, roles=list(wanted.roles),
        unit_id=wanted.unit_id, state=rules.AccountState.ACTIVE, must_change_password=initial is not None, created_at=now,
        password_hash=await external.hashed(wanted.password or initial or ""),
    )  # fmt: skip
    session.add(account)
    await session.flush()
    facts = wanted.model_dump(mode="json", exclude={"password", "display_name"})
    audit.record(session, who, "account.created", OBJECT, account.id, None, account.unit_id, after=facts, actor_name=actor_name)
    _publish(session, account, "created")
    return account, initial


async def change(
    session: Session, who: Principal, account_id: UUID, version: int, wanted: AccountChange, now: datetime
) -> Account:
    """Changes name, roles or unit; new rights hold from the next sign-in or refresh on, old tokens end at once.

    Raises NotFound, Stale, OwnAccount, RolesExclude, UnitNeeded, BadInput (unit).
    """
    account = await queries.one_for_update(session, who, account_id, version)
    asked = wanted.model_dump(exclude_unset=True)
    known = {name: list(value) if name == "roles" else value for name, value in asked.items() if value or name == "unit_id"}
    _, sent = audit.changes({name: getattr(account, name) for name in known}, known)
    if sent.keys() & {"roles", "unit_id"}:
        raise_if(rules.why_not_touch(who, account_id))
        roles = [Role(role) for role in sent.get("roles") or account.roles]
        raise_if(rules.why_not_roles(roles, sent.get("unit_id", account.unit_id)))
        await queries.unit_name(session, sent.get("unit_id"))
        await bar(session, account, now)
    for name, value in sent.items():
        setattr(account, name, value)
    await session.flush()
    _tell(session, who, account, "changed", wanted.model_dump(mode="json", include=set(sent) - {"display_name"}))
    return account


async def set_state(
    session: Session, who: Principal, account_id: UUID, version: int, state: rules.AccountState, now: datetime
) -> Account:
    """Disables or enables an account; disabling ends its tokens and sessions. Raises OwnAccount, WrongState."""
    account = await queries.one_for_update(session, who, account_id, version)
    raise_if(rules.why_not_touch(who, account_id))
    raise_if(rules.why_not_set(account.state, state))
    account.state = state
    await bar(session, account, now)
    await session.flush()
    _tell(session, who, account, "disabled" if state is rules.AccountState.DISABLED else "enabled", {"state": state})
    return account


async def reset_password(session: Session, who: Principal, account_id: UUID, version: int, now: datetime) -> tuple[Account, str]:
    """Gives a random password, to be changed at the next sign-in; old tokens and sessions end. Raises OwnAccount."""
    account = await queries.one_for_update(session, who, account_id, version)
    raise_if(rules.why_not_touch(who, account_id))
    password = external.fresh_password()
    account.password_hash = await external.hashed(password)
    account.must_change_password = True
    await bar(session, account, now)
    await session.flush()
    _tell(session, who, account, "password_reset", {})
    return account, password


async def set_password(session: Session, account: Account, password: str, least: int, now: datetime) -> None:
    """The account's own new password; all its tokens end. Raises WeakPassword."""
    unit_name = await queries.unit_name(session, account.unit_id)
    await _judge("new_password", password, least, account.username, account.display_name, unit_name)
    account.password_hash = await external.hashed(password)
    account.must_change_password = False
    await bar(session, account, now)


async def bar(session: Session, account: Account, now: datetime) -> None:
    """Makes every token issued so far void on all processes within seconds."""
    account.barred_before = rules.bar(now)
    values = {"id": ids.new_id(), "subject": account.id, "not_before": account.barred_before}
    await queries.revoke(session, values | {"expires_at": now + TOKEN_LIFE})


async def _judge(field: str, password: str, least: int, *names: str) -> None:
    score = await external.score(password, rules.context_words(*names))
    raise_if(rules.why_not_password(password, least, score, field))


def _tell(session: Session, who: Principal, account: Account, verb: str, after: dict[str, object]) -> None:
    audit.record(session, who, f"account.{verb}", OBJECT, account.id, None, account.unit_id, after=after)
    _publish(session, account, verb)


def _publish(session: Session, account: Account, verb: str) -> None:
    outbox.publish(
        session, f"account.{verb}", OBJECT, account.id, account.version, access.ACCOUNTS_READ, None, account.unit_id,
        account_ids=[account.id],
    )  # fmt: skip
