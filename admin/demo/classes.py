"""The chapter of classes: a year of them, with attendance and hours, and one to come with a waiting list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from admin.demo.people import BUREAU, MARK
from admin.demo.years import YEAR

if TYPE_CHECKING:
    from admin import client as rest
    from admin.demo.story import Story

# The last town of the officers sends nobody to the longest class, nor to the rotation.
ABSENT_TOWN = 7
SEATS, APPLICANTS = 20, 25
# Of a day of eight hours more than a seventh.
TOO_MUCH_MINUTES = 240

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Held:
    """A class of the year: on which day it began, for how many days, and who of the people was meant to come."""

    title: str
    kind: str
    category: str
    month: int
    days: int
    hours: int
    first: int = 0
    last: int = 200
    all_towns: bool = True

    @property
    def name(self) -> str:
        """Its title, marked as invented; by it a second run finds the class."""
        return f"{YEAR} 年{self.title}{MARK}"


CLASSES = (
    Held("新录用人员初任培训", "induction", "public_law", 1, 2, 16, 160),
    Held("中层干部任职培训", "appointment", "business", 2, 1, 8, 0, 24),
    Held("行政处罚专业培训", "professional", "business", 3, 3, 24, all_towns=False),
    Held("第一次乡镇联合培训", "joint_township", "skills", 4, 1, 8),
    Held("在职人员综合培训", "in_service", "skills", 6, 3, 24),
    Held("习近平法治思想专题", "political", "political", 7, 1, 4),
    Held("第二次乡镇联合培训", "joint_township", "skills", 9, 1, 8),
    Held("全员轮训", "rotation", "public_law", 10, 1, 8, all_towns=False),
)


def play(story: Story) -> None:
    """Holds what was not held yet, and opens a class to come."""
    with story.acting("bureau") as bureau:
        known = {each["title"]: each for each in bureau.items("/v1/classes")}
        settings = bureau.get("/v1/training-settings/in-force", on=f"{YEAR}-01-01").body
        coordinator = settings.get("coordinator_id") or story.accounts.units[BUREAU]["id"]
        posted = sum(_hold(story, bureau, held, known.get(held.name), coordinator) for held in CLASSES)
        waiting = _open(story, bureau, known)
    story.facts["classes"] = {"held": len(CLASSES), "waiting": waiting}
    kinds = len({held.kind for held in CLASSES})
    story.say(f"{YEAR} 年办班 {len(CLASSES)} 期（{kinds} 类，其中联合培训 2 期）：新登记学时 {posted} 条")


def _hold(story: Story, bureau: rest.Client, held: Held, known: Json | None, coordinator: str) -> int:
    """The class with everybody meant to come; answers how many got their hours now. Joint classes are the coordinator's."""
    if known is not None and known["state"] == "held":
        return 0
    body = _body(story, held) | ({"organiser_id": coordinator} if held.kind == "joint_township" else {})
    made = known or bureau.post("/v1/classes", body).body
    path = f"/v1/classes/{made['id']}"
    meant = [each["id"] for each in story.people[held.first : held.last] if each["kind"] == "officer"]
    away = [] if held.all_towns else _absent(story, meant)
    here = [officer for officer in meant if officer not in set(away)]
    bureau.post(f"{path}/enrolments", {"officer_ids": meant})
    # Somebody, another one each time, leaves half-way: such a class earns nothing.
    left = here.pop(-1 - held.month)
    partly = {"officer_id": left, "missed_minutes": TOO_MUCH_MINUTES * held.days}
    bureau.post(f"{path}/attendance", {"officer_ids": here, "partly": [partly], "absent_officer_ids": away})
    posted = bureau.post(f"{path}/post-hours").body
    story.expect(held.name, [each["code"] for each in posted["refused"]], ["class.missed_too_much"])
    return int(posted["posted"])


def _absent(story: Story, meant: list[str]) -> list[str]:
    from admin.demo.personnel import TOWNS

    unit = story.accounts.units[TOWNS[ABSENT_TOWN]]["id"]
    return [each["id"] for each in story.people if each["unit_id"] == unit and each["id"] in set(meant)]


def _body(story: Story, held: Held) -> Json:
    return {
        "title": held.name,
        "kind": held.kind,
        "organiser_id": story.accounts.units[BUREAU]["id"],
        "starts_at": f"{YEAR}-{held.month:02}-11T01:00:00Z",
        "ends_at": f"{YEAR}-{held.month:02}-{10 + held.days}T09:00:00Z",
        "hours": held.hours,
        "category": held.category,
        "location": f"区政府三楼会议室{MARK}",
    }


def _open(story: Story, bureau: rest.Client, known: dict[str, Json]) -> int:
    """A class some weeks ahead with fewer seats than applicants; who withdraws makes room. Answers how many still wait."""
    today = date.fromisoformat(bureau.get("/v1/compliance/district", year=YEAR).body["as_of"][:10])
    # Never over the end of a year, because a class lies within one.
    day = today + timedelta(days=45 if today.month < 11 else 75)
    title = f"{day.year} 年 {day.month} 月执法文书专题班{MARK}"
    coming = [each for each in known.values() if each["title"] == title and each["state"] == "planned"]
    if coming:
        return int(coming[0]["waiting"])
    times = {"starts_at": f"{day}T01:00:00Z", "ends_at": f"{day}T09:00:00Z", "capacity": SEATS}
    body = _body(story, CLASSES[2]) | times | {"title": title, "hours": 8}
    path = f"/v1/classes/{bureau.post('/v1/classes', body).body['id']}"
    applicants = [each["id"] for each in story.people[:APPLICANTS]]
    full = bureau.post(f"{path}/enrolments", {"officer_ids": applicants}).body
    left = bureau.post(f"{path}/withdrawals", {"officer_ids": applicants[:1], "reason": "另有任务"}).body
    story.expect("seats", (full["enrolled"], full["waiting"], left["enrolled"], left["waiting"]), (SEATS, 5, SEATS, 4))
    story.say(f"《{title}》{SEATS} 个名额，{APPLICANTS} 人报名，{full['waiting']} 人候补；一人退出后候补者按次序递补")
    return int(left["waiting"])
