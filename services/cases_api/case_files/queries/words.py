"""Words of a search as the statement asks for them: by signs in the index, then by the text itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Integer, Text, and_, bindparam, case, cast, func, or_
from sqlalchemy.dialects.postgresql import ARRAY, array

from services.cases_api import access
from services.cases_api.case_files.queries import masking
from services.cases_api.case_files.rules import searching
from services.cases_api.case_files.schemas.lists import CaseFileFilter
from services.cases_api.case_files.tables import CaseFile
from services.kit import reads, visibility
from services.kit.principal import Principal, Role

SIGNS = ARRAY(Integer)


def named_signs(name: str) -> ColumnElement[Any]:
    """Signs handed to the statement under a name."""
    return bindparam(name, None, type_=SIGNS)


def found(place: int, who: Principal) -> ColumnElement[bool]:
    """A word stands in the item, the number or an organisation's name, or, for those who may see it, in a person's name."""
    word = bindparam(f"f_word_{place}", None, type_=Text())
    firm = case((CaseFile.party_kind == "legal", CaseFile.party_name_shown))
    texts = (CaseFile.item, CaseFile.case_no, firm)
    read = or_(*(func.strpos(func.cases.search_text(text), word) > 0 for text in texts))
    public = and_(CaseFile.words.contains(named_signs(f"signs_{place}")), CaseFile.words.contains(named_signs("facets")), read)
    if Role.REVIEWER in who.roles:
        public = and_(public, ~masking.is_masked(who))
    named = visibility.under(who, access.PARTIES_DISCLOSE, **masking.PLACE)
    return or_(public, and_(or_(*_named(place)), named)) if may_search_names(who) else public


def indexed(place: int, who: Principal, within: Callable[[int], Sequence[ColumnElement[bool]]]) -> ColumnElement[bool]:
    """What the index is asked about a word: more than is found, never less.

    What else must hold (`within`) stands in each alternative, so that none of them is read beyond it; and in each in other
    words, or the planner would put what they share before them all and read every file within.
    """
    public = CaseFile.words.contains(named_signs(f"signs_{place}"))
    alternatives = [public, *_named(place)] if may_search_names(who) else [public]
    return or_(*(and_(*within(turn), each) for turn, each in enumerate(alternatives)))


def in_other_words(signs: ColumnElement[Any], turn: int) -> ColumnElement[Any]:
    """The same signs, written another way for each turn."""
    for _ in range(turn):
        signs = signs.op("||", return_type=SIGNS)(cast(array([]), SIGNS))
    return signs


def _named(place: int) -> list[ColumnElement[bool]]:
    """The signs of a person's name, as they are made now and as they were made before keys changed."""
    return [CaseFile.party_signs.contains(named_signs(f"{age}_{place}")) for age in ("ours", "older")]


def may_search_names(who: Principal) -> bool:
    """Whether a search of this caller looks into persons' names, in files where they may be shown in clear."""
    return who.admitted(access.PARTIES_DISCLOSE.grants) is not None


def filter_at(place: int) -> reads.Filter:
    """The filter of a word; its value is the word in its one form."""
    return reads.Filter(Text(), lambda _, who: found(place, who), by_caller=True)


def given(wanted: CaseFileFilter, digests: Sequence[searching.Digest]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The filters with the words told apart, and the signs the statement asks for. Raises BadInput (words)."""
    told = [] if wanted.q is None else searching.words_of(wanted.q)
    asked = wanted.model_dump()
    facets = {name: searching.facet(name, asked[name]) for name in searching.FACETS if asked[name] is not None}
    states = [searching.facet("state", state) for state in (wanted.state__in or "").split(",")]
    places: dict[str, Any] = {f"facet_{name}": [facet] for name, facet in facets.items()}
    places |= {"facets": list(facets.values()), "states": states}
    for place, word in enumerate(told):
        ours = searching.name_signs(word, digests[0])
        older = searching.NOWHERE if len(digests) == 1 else searching.name_signs(word, digests[-1])
        places |= {f"signs_{place}": searching.public_signs(word), f"ours_{place}": ours, f"older_{place}": older}
    return asked | {f"word_{place}": word for place, word in enumerate(told)}, places
