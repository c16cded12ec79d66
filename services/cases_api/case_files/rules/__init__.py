"""Rules of case files, pure: `states` (what may happen when), `contents` (days, steps, officers), `parties` (identities)."""
