"""The feed of changes (变更流): what happened, in commit order, without gaps."""
