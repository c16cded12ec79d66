"""Forms of steps: `investigation`, `deciding`, `performance` by part of the procedure, `union` for a step of any kind."""
