"""Typed registers (台账): what needs no workflow is declared in one small file per kind; everything else stands here once.

A kind names its path, its facts (a Pydantic model), its checks, the plan task it serves and the right of its readers and
writers. Storage, routes, batch, sheets in and out, audit, feed and documentation follow from that.
"""
