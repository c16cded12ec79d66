"""Identity numbers: the check sign, the day, the province; every single wrong digit is found. All numbers are made up."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kit import identity

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def made_up(body: str) -> str:
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        (made_up("35011119000101001"), True),
        (made_up("35011119000229001"), False),
        (made_up("35011119001301001"), False),
        (made_up("99011119000101001"), False),
        (made_up("81000019000101001"), True),
        (made_up("35011119000101001")[:-1], False),
        ("３５０１１１１９０００１０１００１１", False),
        ("", False),
    ],
)
def test_a_number_is_judged_by_its_parts(number: str, valid: bool) -> None:
    assert identity.is_resident_id(number) is valid


def test_spaces_hyphens_and_a_small_x_are_no_part_of_a_number() -> None:
    assert identity.compact(" 350111-1900 0101001x") == "35011119000101001X"


@given(st.integers(0, 999), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(serial: int, place: int, shift: int) -> None:
    number = made_up(f"35011119000101{serial:03}")
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    assert identity.is_resident_id(number)
    assert not identity.is_resident_id(wrong)


@pytest.mark.parametrize(
    ("code", "valid"), [("D2143569X", True), ("D21435690", False), ("MA00000X7", True), ("MA00000X0", False)]
)
def test_an_organisation_s_code_carries_its_own_check_sign(code: str, valid: bool) -> None:
    """D2143569-X is the example of GB 11714 itself."""
    assert identity.is_organisation_code(code) is valid


def credit_code(organisation: str) -> str:
    signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    body = "91350111" + organisation
    total = sum(signs.index(sign) * pow(3, place, 31) for place, sign in enumerate(body))
    return body + signs[(31 - total % 31) % 31]


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        (credit_code("MA00000X7"), True),
        (credit_code("MA00000X0"), False),
        (credit_code("MA00000X7").lower(), False),
        (credit_code("MA00000X7")[:-1], False),
        (credit_code("MA00000X7")[:-1] + "-", False),
        (" " + credit_code("MA00000X7")[1:], False),
    ],
)
def test_a_credit_code_needs_both_check_signs(number: str, valid: bool) -> None:
    assert identity.is_credit_code(number) is valid


TODAY = date(2026, 3, 1)
NUMBER = made_up("35011119000101001")
CAPITAL = next(made for n in range(999) if (made := made_up(f"35011119850101{n:03}")).endswith("X"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"当事人（示例）身份证号{NUMBER}，已核实", "当事人（示例）身份证号350111********" + NUMBER[-4:] + "，已核实"),
        (f"{NUMBER[:6]} {NUMBER[6:14]}-{NUMBER[14:]}", "350111********" + NUMBER[-4:]),
        (f"号码{CAPITAL.lower()}。", "号码350111********" + CAPITAL[-4:] + "。"),
        (f"1{NUMBER}；{NUMBER}", "1350111********" + NUMBER[-4:] + "；350111********" + NUMBER[-4:]),
        (NUMBER.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"}), "350111********" + NUMBER[-4:]),
    ],
)
def test_a_number_within_a_text_is_found_and_hidden(text: str, shown: str) -> None:
    assert identity.stands_in(text, TODAY)
    assert identity.hidden(text, TODAY) == shown
    assert not identity.stands_in(shown, TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        NUMBER[:-1],
        "联系电话 00000000000 转 0000000",
        "示例〔2025〕0001 号，2025-01-01 至 2025-12-31",
        # A record's number of district, day and sequence.
        made_up("35011120250106001"),
        made_up("35011120130301001"),
        made_up("35011118990101001"),
    ],
)
def test_other_numbers_stay_as_they_are(text: str) -> None:
    assert not identity.stands_in(text, TODAY)
    assert identity.hidden(text, TODAY) == text
