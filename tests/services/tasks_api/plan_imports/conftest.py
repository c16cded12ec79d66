"""An invented district (望潮区 of 云屿市): its units, and a way to read a text with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest

from services.tasks_api.plan_imports import rules

Read: TypeAlias = Callable[[str], rules.ParsedPlan]

REGION = "云屿市望潮区"
ROWS: tuple[rules.UnitRow, ...] = (
    ("sifa", "云屿市望潮区司法局", "区司法局", (), False),
    ("renshe", "云屿市望潮区人力资源和社会保障局", "区人社局", (), False),
    ("caizheng", "云屿市望潮区财政局", "区财政局", (), False),
    ("shijian", "云屿市望潮区市场监督管理局", "区市监局", (), False),
    ("bianban", "中共云屿市望潮区委机构编制委员会办公室", "区委编办", (), False),
    ("fayuan", "云屿市望潮区人民法院", "区法院", (), False),
    ("gongan", "云屿市公安局望潮分局", "望潮公安分局", (), False),
    ("dashu", "大树镇人民政府", "大树镇", (), False),
    ("towns", "各乡镇人民政府、街道办事处", "", ("各乡镇（街道）", "各镇街"), True),
    ("departments", "区级执法单位", "", ("各执法单位",), True),
)


@pytest.fixture(scope="session")
def known() -> rules.KnownUnits:
    return rules.KnownUnits.of(ROWS, REGION)


@pytest.fixture(scope="session")
def read(known: rules.KnownUnits) -> Read:
    return lambda text: rules.parse(rules.Document.of_text(text), known)
