"""Identity numbers of residents (GB 11643-1999) and of organisations (GB 32100-2015 with GB 11714-1997 inside). Pure.

python-stdnum's own `validate` also demands that the division existed in the year of birth. Real numbers break that rule:
a number names the division where it was given out, which for people born before the 1980s was made later. So its parts
are used one by one, and of the division only the province is checked.
"""

from __future__ import annotations

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
