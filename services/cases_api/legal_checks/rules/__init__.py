"""Rules of the legal check, pure. `model` (what is known of a case), `law` (dated statutes), `periods` (counting days),
`filing`, `acting`, `measures`, `notice`, `review`, `deciding`, `discretion`, `performance`, `enforcement` (the rules themselves),
`register` (all of them, run over a case), `deadlines` (what falls due).
"""
