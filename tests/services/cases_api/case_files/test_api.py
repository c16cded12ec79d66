"""smoke"""
from __future__ import annotations
from tests.factories.cases import World

async def test_smoke(cases_world: World) -> None:
    made = await cases_world.file()
    print(made)
    r = await cases_world.bureau.get("/v1/case-files")
    print(r.text)
    assert r.status_code == 200
    r = await cases_world.manager.get(f"/v1/case-files/{made['id']}/moves")
    print(r.text)
    r = await cases_world.manager.post("/v1/case-files/batch", json={"items": [cases_world.body(closed_on="2025-04-01", external_id="a", external_system="s")]})
    print(r.text)
    assert 0
