"""Synthetic case files by the hundred thousand, for benchmarks: rows for COPY, the signs of the search among them.

Everything in them is made up. Files lie evenly over ten years in the order of their days, as a district would file them.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import accumulate
from typing import Any, Final, NamedTuple
from uuid import UUID

import psycopg

from services.cases_api.case_files.rules import searching

UNITS: Final = 30
FIRST_DAY: Final = date(2016, 1, 1)
DAYS: Final = 3_650
KINDS: Final = ("penalty", "licence", "inspection", "compulsion", "other", "expropriation")
KIND_WEIGHTS: Final = tuple(accumulate((62, 18, 10, 7, 2, 1)))
PROCEDURES: Final = ("ordinary", "summary", "fast")
COMMON_ITEMS: Final = (
    "占道经营", "擅自占用城市道路摆摊设点", "运输车辆泄漏遗撒", "未取得建设工程规划许可证进行建设", "擅自倾倒建筑垃圾",
    "张贴小广告", "违规设置户外广告", "噪声扰民", "餐饮油烟超标排放", "无证经营食品", "未按规定分类投放生活垃圾",
    "擅自砍伐城市树木", "违法停放机动车", "露天焚烧秸秆落叶", "施工工地未设置围挡", "损坏市政公用设施",
)  # fmt: skip
ITEMS: Final = (*COMMON_ITEMS, *(f"特种事项{chr(21000 + n * 7)}{chr(22000 + n * 11)}" for n in range(180)))
# The first item stands in a tenth of all files, each following one in fewer; the last ones in one of a thousand.
ITEM_WEIGHTS: Final = tuple(accumulate(1 / (place + 6) for place in range(len(ITEMS))))
TRADES: Final = ("商贸", "餐饮", "建筑", "物流", "科技")
COLUMNS: Final = (
    "id", "district_id", "unit_id", "case_number_id", "case_no", "kind", "procedure", "state", "item", "legal_bases", "officers",
    "party_kind", "party_name_shown", "party_digest", "party_signs", "words", "filed_on", "act_ended_on", "decided_on",
    "closed_on", "archived_on", "decision", "amount_fen", "created_by", "created_at", "updated_at", "version",
)  # fmt: skip
STEP_COLUMNS: Final = ("id", "case_file_id", "step", "happened_on", "note", "fields", "created_at")

INDEXES: Final = (
    "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'cases' AND tablename = 'case_files' AND indexname ~ '^ix'"
)

MANY: Final = 200_000
_NEW: Final = {
    "id": "(left(id::text, 24) || lpad(to_hex(('x' || right(id::text, 12))::bit(48)::bigint"
    " + again * (1::bigint << 30)), 12, '0'))::uuid",
    "case_number_id": "gen_random_uuid()",
    "case_no": "case_no || '-' || again",
}
AGAIN: Final = f"""
    INSERT INTO cases.case_files ({", ".join(COLUMNS)})
    SELECT {", ".join(_NEW.get(name, name) for name in COLUMNS)}
    FROM cases.case_files, generate_series(1, %(times)s - 1) AS again
"""


class Unit(NamedTuple):
    """A unit with the people who serve in it."""

    id: UUID
    officers: Sequence[UUID]


class Names:
    """What parties are called: firms in clear, persons by signs made with the key of the service."""

    def __init__(self, chance: random.Random, digest: searching.Digest) -> None:
        self.chance, self.digest = chance, digest

    @cache  # noqa: B019  # as long as the run
    def signs(self, name: str) -> list[int]:
        """Signs of a person's name."""
        return searching.name_signs(name, self.digest)

    def person(self) -> list[int]:
        """Signs of a name; there are two thousand."""
        return self.signs(f"林{chr(20000 + self.chance.randrange(2_000))}演")

    def firm(self) -> str:
        """A firm's name; there are a hundred thousand."""
        first, second = (chr(19968 + self.chance.randrange(140)) for _ in range(2))
        return f"示例{first}{second}{self.chance.choice(TRADES)}有限公司（虚构）"


sign = cache(searching.sign)


@cache
def signs_of(text: str) -> frozenset[int]:
    """Signs of a text that many files share."""
    return frozenset(searching.signs_of(searching.normal(text)))


def files(count: int, units: Sequence[Unit], district_id: UUID, digest: searching.Digest) -> Iterator[dict[str, Any]]:
    """So many files, the oldest first, by column."""
    chance = random.Random(count)
    names = Names(chance, digest)
    for number in range(1, count + 1):
        on = FIRST_DAY + timedelta(days=number * DAYS // count)
        unit, item = chance.choice(units), f"{chance.choices(ITEMS, cum_weights=ITEM_WEIGHTS)[0]}（演示）"
        kind, procedure = (
            chance.choices(KINDS, cum_weights=KIND_WEIGHTS)[0],
            chance.choices(PROCEDURES, cum_weights=(6, 9, 10))[0],
        )
        state = chance.choices(("archived", "closed", "void"), cum_weights=(70, 99, 100))[0]
        if on.year == FIRST_DAY.year + 9 and on.month > 9 and state != "void":
            state = chance.choice(("open", "decided"))
        case_no, firm = f"榕晋示〔{on.year}〕{number}号", names.firm() if chance.random() < 0.5 else None
        facets = (
            f"unit:{unit.id}", f"kind:{kind}", f"procedure:{procedure}", f"state:{state}", f"year:{on.year}",
            f"month:{on:%Y-%m}",
        )  # fmt: skip
        told = searching.normal(case_no)
        words = {sign(each) for each in (*facets, *searching.pairs(told), *searching.runs(told))} | signs_of(item)
        done = state in {"closed", "archived"}
        at = datetime.combine(on, time(8), UTC)
        yield {
            "id": UUID(int=(int(at.timestamp() * 1000) << 80) | 7 << 76 | 2 << 62 | number),
            "district_id": district_id, "unit_id": unit.id, "case_number_id": UUID(int=1 << 100 | number), "case_no": case_no,
            "kind": kind, "procedure": procedure, "state": state, "item": item, "legal_bases": ["示例条例第1条"],
            "officers": list(unit.officers[:2]), "party_kind": "natural" if firm is None else "legal",
            "party_name_shown": firm or "林**", "party_digest": "synthetic",
            "party_signs": names.person() if firm is None else [],
            "words": sorted(words if firm is None else words | signs_of(firm)), "filed_on": on,
            "act_ended_on": on - timedelta(days=9),
            "decided_on": None if state in {"open", "void"} else on + timedelta(days=30),
            "closed_on": on + timedelta(days=40) if done else None,
            "archived_on": on + timedelta(days=50) if state == "archived" else None,
            "decision": None if state in {"open", "void"} else "罚款人民币五百元（演示）",
            "amount_fen": None if state in {"open", "void"} else 50_000, "created_by": unit.officers[0], "created_at": at,
            "updated_at": at, "version": 1,
        }  # fmt: skip


def steps(file: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Eleven steps of a case well handled; every seventh was decided without a notice."""
    on = file["filed_on"]
    told = [
        ("filing", 0, {"approved": True, "approved_on": str(on), "source": "inspection"}),
        ("evidence", 1, {"kind": "scene_record", "certificates_shown": True}),
        ("evidence", 3, {"kind": "testimony", "certificates_shown": True}),
        ("investigation_end", 10, {"report": True}),
        ("notice", 12, {"contents": ["proposed_penalty", "facts", "reasons", "basis", "statement_right"],
                        "penalties": ["fine"], "fine_fen": 50_000}),
        ("statement", 15, {"made": False}),
        ("decision", 30, {"outcome": "penalised", "penalties": ["fine"], "fine_fen": 50_000, "major": False,
                          "review_grounds": [], "discretion_explained": True,
                          "elements": ["party", "facts", "basis", "performance", "remedies", "organ"]}),
        ("delivery", 31, {"manner": "direct", "receipt": True, "document": "decision"}),
        ("publicity", 33, {"masked": True}),
        ("payment", 35, {"on_spot": False, "amount_fen": 50_000}),
        ("closing", 40, {}),
    ]  # fmt: skip
    seventh = file["id"].int % 7 == 0
    for place, (step, days, facts) in enumerate(told):
        if not (seventh and step == "notice"):
            yield {
                "id": UUID(int=file["id"].int + ((place + 1) << 50)), "case_file_id": file["id"], "step": step,
                "happened_on": on + timedelta(days=days), "note": None, "fields": json.dumps(facts),
                "created_at": file["created_at"],
            }  # fmt: skip


def fill(
    connection: psycopg.Connection[Any], count: int, units: Sequence[Unit], district_id: UUID, digest: searching.Digest,
    *, with_steps: bool = False,
) -> None:  # fmt: skip
    """Copies the files in behind the triggers' back, builds the indexes once, and lets PostgreSQL see them as they are."""
    connection.execute("SET statement_timeout = 0; SET session_replication_role = replica; SET maintenance_work_mem = '256MB'")
    indexes = connection.execute(INDEXES).fetchall()
    for name, _ in indexes:
        connection.execute(f"DROP INDEX cases.{name}")
    # Of a great many, each is there twenty times: what is looked for is as frequent, and it takes a tenth of the time.
    times = 1 if count < MANY else 20
    _copy(connection, "cases.case_files", COLUMNS, files(count // times, units, district_id, digest))
    connection.execute(AGAIN, {"times": times})
    if with_steps:
        made = (step for file in files(count, units, district_id, digest) for step in steps(file))
        _copy(connection, "cases.case_steps", STEP_COLUMNS, made)
    for _, definition in indexes:
        connection.execute(definition)
    connection.execute("SET session_replication_role = origin; SET maintenance_work_mem = '64MB'")
    connection.execute("VACUUM (ANALYZE) cases.case_files")
    connection.execute("VACUUM (ANALYZE) cases.case_steps")


def _copy(connection: psycopg.Connection[Any], table: str, columns: Sequence[str], rows: Iterator[dict[str, Any]]) -> None:
    into = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(into) as copying:
        for row in rows:
            copying.write("\t".join([_written(row[name]) for name in columns]) + "\n")


def _written(value: Any) -> str:
    """A value as COPY reads it; nothing made here needs an escape."""
    if isinstance(value, list):
        return f"{{{','.join(map(str, value))}}}"
    return "\\N" if value is None else str(value)
