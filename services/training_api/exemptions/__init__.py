"""Exemptions from training hours (学时减免): proposed by the unit, decided by the bureau, read by compliance."""
