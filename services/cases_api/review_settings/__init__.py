"""Dated settings of case-file review: what practice sets and no law lays down."""
