"""Declarative base of the service: its schema and naming convention."""

from __future__ import annotations

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from services.kit import db


class Base(DeclarativeBase):
    """Tables of schema `tasks`."""

    metadata = MetaData(schema="tasks", naming_convention=db.NAMING)
