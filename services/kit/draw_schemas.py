"""What every kind of draw is sent on its way to a seed, and the types it has in common with the others."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.kit import fields

Share = Annotated[
    int, Field(strict=True, ge=0, le=10_000, description="万分之几，向上取整。", json_schema_extra={"format": "int32"})
]
# One line of text without blanks at its ends or two in a row, so that it is printed and typed again the same.
SeedText = Annotated[
    str,
    Field(min_length=1, max_length=100, pattern=r"^[^\s\x00-\x1f]+( [^\s\x00-\x1f]+)*$", examples=["01382438112797316654"]),
]
TicketNumber = Annotated[str, Field(max_length=100, pattern=r"^0\.[0-9]+$")]


class SeedIn(fields.In):
    """A seed from outside. It is a text, also where it consists of digits."""

    model_config = fields.example({"seed": "01382438112797316654", "source": "公开掷骰二十次，示例单位见证"})

    seed: SeedText
    source: Annotated[fields.Line, Field(description="种子从何而来。", examples=["公开掷骰二十次，示例单位见证"])]


class CommitmentIn(fields.In):
    """What a witness commits to: the SHA-256, in hex, of a nonce that stays secret until all have committed themselves."""

    model_config = fields.example({"nonce_sha256": "c91192e9fc7cb48e00017617844e4f81aa09576e171b62a2a729831866164b04"})

    nonce_sha256: fields.Hash


class RevealIn(fields.In):
    """The nonce committed to, as a text of one line."""

    model_config = fields.example({"nonce": "示例见证人密语 7f3a9c21"})

    nonce: Annotated[str, Field(min_length=8, max_length=200, pattern=r"^[^\x00-\x1f]+$")]
