"""Typed registers (台账) of the plan: one small file per kind in `kinds`; the mechanism stands in `services.kit.registers`."""
