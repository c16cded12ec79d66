"""Who calls: sign-in by password, renewal by the refresh token, the token of the environment."""

from __future__ import annotations

import os

from admin import client as clients
from admin import profiles

CHANGE_REQUIRED = "auth.password_change_required"


class ProfileCredentials:
    """Tokens of a profile, renewed by its refresh token and kept for the next command."""

    def __init__(self, name: str, profile: profiles.Profile) -> None:
        self.name, self.profile = name, profile

    def token(self) -> str | None:
        """The access token as last kept."""
        return self.profile.access_token or None

    def renew(self, client: clients.Client) -> bool:
        """Spends the refresh token, once, however many commands run at the same time."""
        with profiles.locked():
            kept = profiles.read(self.name)
            if kept is None or not kept.refresh_token:
                return False
            if kept.access_token == self.profile.access_token:
                kept = self._renewed(kept)
            self.profile = kept or self.profile
            return kept is not None

    def _renewed(self, kept: profiles.Profile) -> profiles.Profile | None:
        with clients.Client(kept.url, clients.Fixed(None)) as client:
            try:
                answer = refresh(client, kept.refresh_token)
            except clients.Refused:
                return None
        profiles.replace_tokens(self.name, answer["access_token"], answer["refresh_token"])
        return profiles.read(self.name)


class PasswordCredentials:
    """An account whose password this program holds in memory: signs in when first asked and whenever the token is over."""

    def __init__(self, username: str, password: str) -> None:
        self.username, self._password = username, password
        self._token: str | None = None

    def token(self) -> str | None:
        """The access token, once there is one."""
        return self._token

    def renew(self, client: clients.Client) -> bool:
        """Signs in again."""
        with clients.Client(client.address, clients.Fixed(None), patience=client.patience) as anonymous:
            self._token = by_password(anonymous, self.username, self._password)["access_token"]
        return True


def connect() -> clients.Client:
    """A client with the token of the environment (ZHIFA_TOKEN), else with that of the profile in use."""
    address = profiles.address()
    if given := os.environ.get("ZHIFA_TOKEN"):
        return clients.Client(address, clients.Fixed(given))
    name = profiles.chosen_name()
    profile = profiles.read(name)
    # The tokens of one installation are never shown to another.
    if profile is None or profile.url != address:
        return clients.Client(address, clients.Fixed(None))
    return clients.Client(address, ProfileCredentials(name, profile))


def by_password(client: clients.Client, username: str, password: str) -> clients.Json:
    """Tokens for a password. Refused with CHANGE_REQUIRED when it must be changed first."""
    return client.post("/auth/token", form={"grant_type": "password", "username": username, "password": password}).body


def refresh(client: clients.Client, token: str) -> clients.Json:
    """New tokens for a refresh token, which is spent by it."""
    return client.post("/auth/token", form={"grant_type": "refresh_token", "refresh_token": token}).body


def change_password(client: clients.Client, username: str, old: str, new: str) -> None:
    """Replaces a password that must be changed, or that its owner wants changed."""
    client.post("/auth/password", {"username": username, "current_password": old, "new_password": new})
