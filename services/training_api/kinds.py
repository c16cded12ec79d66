"""Kinds of classes and categories of hours, known to plans and settings as well as to classes and the ledger. Pure."""

from __future__ import annotations

from enum import StrEnum


class ClassKind(StrEnum):
    """初任, 任职, 专门业务, 在职, 乡镇街道联合, 轮训, 政治培训 (plan tasks 2-4)."""

    INDUCTION = "induction"
    APPOINTMENT = "appointment"
    PROFESSIONAL = "professional"
    IN_SERVICE = "in_service"
    JOINT_TOWNSHIP = "joint_township"
    ROTATION = "rotation"
    POLITICAL = "political"


class Category(StrEnum):
    """公共法律知识, 业务知识, 行政执法技能 (plan task 2), and 政治."""

    PUBLIC_LAW = "public_law"
    BUSINESS = "business"
    SKILLS = "skills"
    POLITICAL = "political"
