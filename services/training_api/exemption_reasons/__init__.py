"""Reasons of exemptions (减免事由) as dated configuration: a district's own before those every system begins with."""
