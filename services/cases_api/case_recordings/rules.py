"""Rules of the index of recordings. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from services.kit.errors import Fault


class Medium(StrEnum):
    """By writing, picture, sound or film (行政处罚法第47条)."""

    TEXT = "text"
    PHOTO = "photo"
    AUDIO = "audio"
    VIDEO = "video"


class Recording(Protocol):
    """What a rule may know of a recording."""

    @property
    def started_at(self) -> datetime: ...
    @property
    def ended_at(self) -> datetime | None: ...


def faults(recording: Recording, now: datetime) -> Iterator[Fault]:
    """A recording lies in the past and does not end before it begins."""
    if recording.started_at > now:
        yield Fault("/body/started_at", "in_the_future")
    if recording.ended_at is not None and recording.ended_at > now:
        yield Fault("/body/ended_at", "in_the_future")
    if recording.ended_at is not None and recording.ended_at < recording.started_at:
        yield Fault("/body/ended_at", "recording.ends_before_start")
