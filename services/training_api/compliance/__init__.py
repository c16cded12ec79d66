"""Compliance (学时达标): who has the hours of a year, why, and how units stand."""
