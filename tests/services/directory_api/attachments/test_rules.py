"""What is taken for evidence, judged by content alone, and under which name it is kept. Pure."""

from __future__ import annotations

import tracemalloc
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.directory_api.attachments import rules
from tests.services.directory_api.attachments import corpus


@pytest.mark.parametrize("name", corpus.GOOD)
def test_evidence_is_known_by_its_content(name: str) -> None:
    content, media_type = corpus.GOOD[name]
    assert rules.media_type_of(content) == media_type


@pytest.mark.parametrize("name", corpus.BAD)
def test_everything_else_is_refused_without_being_unpacked(name: str) -> None:
    tracemalloc.start()
    with pytest.raises(rules.UnknownKind):
        rules.media_type_of(corpus.BAD[name])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10_000_000


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(rules.NoFile):
        rules.media_type_of(b"")


@pytest.mark.parametrize("sent", corpus.NAMES)
def test_a_name_leads_nowhere_and_ends_as_its_content_does(sent: str) -> None:
    assert rules.clean_name(sent, "application/pdf") == corpus.NAMES[sent]


@given(st.text(max_size=300), st.sampled_from(sorted(rules.ENDINGS)))
def test_any_name_becomes_one_line_that_a_folder_can_hold(sent: str, media_type: str) -> None:
    name = rules.clean_name(sent, media_type)
    assert 1 <= len(name) <= rules.MAX_NAME
    assert not set(name) & set("/\\\0\n\r\u202e")
    assert not name.startswith(".")
    assert name.lower().endswith(rules.ENDINGS[media_type])
    assert rules.clean_name(name, media_type) == name


@given(st.binary(max_size=200))
def test_no_bytes_break_the_judge(content: bytes) -> None:
    with suppress(rules.UnknownKind, rules.NoFile):
        rules.media_type_of(content)
