"""Activation (下达): a draft plan comes into force, its groups are fixed and its assignments issued."""
