"""Identity numbers of residents (GB 11643-1999) and of organisations (GB 32100-2015 with GB 11714-1997 inside). Pure.

python-stdnum's own `validate` also demands that the division existed in the year of birth. Real numbers break that rule:
a number names the division where it was given out, which for people born before the 1980s was made later. So its parts
are used one by one, and of the division only the province is checked.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Final

from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

LENGTH: Final = 18
# Signs 9 to 17 of a unified social credit code are the organisation's code; its last sign checks the eight before it.
ORGANISATION: Final = slice(8, 17)
ORGANISATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
# GB/T 2260, with the residence permits of Hong Kong, Macao (81, 82) and Taiwan (83).
PROVINCES: Final = frozenset(
    [*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82, 83]
)

# Digits that may be one number, written together or in groups; at least as many as a resident's number has.
RUN: Final = re.compile(r"\d(?:[ -]?\d){16,}(?:[ -]?[XxＸｘ])?")
# Who is younger is not punished (行政处罚法 art. 30). Numbers of records that hold a district and a recent day look like those of
# children, and a tenth of them bears the right check sign.
LEAST_AGE: Final = 14


def compact(number: str) -> str:
    """The number without spaces and hyphens, X in upper case."""
    return number.replace(" ", "").replace("-", "").upper()


def is_resident_id(number: str) -> bool:
    """18 signs, a known province, a real day of birth, and the right check sign; X in upper case."""
    if len(number) != LENGTH or not number.isascii() or not number[:17].isdigit():
        return False
    if int(number[:2]) not in PROVINCES or number[17] != ric.calc_check_digit(number):
        return False
    try:
        ric.get_birth_date(number)
    except ValidationError:
        return False
    return True


def is_credit_code(number: str) -> bool:
    """A unified social credit code: 18 signs, its own check sign right, and that of the organisation's code within."""
    if len(number) != LENGTH or not number.isascii() or number != number.upper() or not number.isalnum():
        return False
    return uscc.is_valid(number) and is_organisation_code(number[ORGANISATION])


def is_organisation_code(code: str) -> bool:
    """An organisation's code (GB 11714): eight signs and the one that checks them, letters counting from 10."""
    total = sum(weight * int(sign, 36) for weight, sign in zip(ORGANISATION_WEIGHTS, code[:8], strict=True))
    return code[8] == "0123456789X0"[11 - total % 11]


def masked(number: str) -> str:
    """An identity number as shown: division code and last four signs."""
    return number[:6] + "*" * max(len(number) - 10, 0) + number[-4:] if len(number) > 10 else "*" * len(number)


def stands_in(text: str, today: date) -> bool:
    """Whether a resident's number stands in a text, in groups or as full-width digits too, of somebody of 14 years or more."""
    return any(_places(run.group(), today) for run in RUN.finditer(text))


def hidden(text: str, today: date) -> str:
    """The text with residents' numbers in it masked; the runs of digits they stand in are written together."""

    def hide(run: re.Match[str]) -> str:
        found = run.group()
        if not (places := _places(found, today)):
            return found
        signs = _signs(found)
        for place in places:
            signs = signs[:place] + masked(signs[place : place + LENGTH]) + signs[place + LENGTH :]
        return signs

    return RUN.sub(hide, text)


def _signs(run: str) -> str:
    return compact(unicodedata.normalize("NFKC", run))


def _places(run: str, today: date) -> list[int]:
    """Where in a run of digits residents' numbers begin; they do not overlap."""
    signs, found, place = _signs(run), list[int](), 0
    while place <= len(signs) - LENGTH:
        if _is_of_person(signs[place : place + LENGTH], today):
            found.append(place)
            place += LENGTH - 1
        place += 1
    return found


def _is_of_person(number: str, today: date) -> bool:
    """A resident's number of somebody born since 1900 who is old enough to have to do with a case."""
    return is_resident_id(number) and 1900 <= int(number[6:10]) <= today.year - LEAST_AGE
