"""Tiny processes that stand in for services, and a system made of them."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from admin.local import home as homes
from admin.local import pids, postgres, programs, supervisor, trouble

SERVES = """
import http.server, sys
class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b'{"version": "9.9"}')
    def log_message(self, *words): pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Ready).serve_forever()
"""


def serving(name: str) -> programs.Program:
    """A process that is ready at once."""
    port = postgres.free_port()
    return programs.Program(name, (sys.executable, "-c", SERVES, str(port)), {}, port)


def failing(name: str) -> programs.Program:
    """A process that ends at once with a reason in its log."""
    return _running(name, "raise SystemExit('no cursor key')")


def silent(name: str) -> programs.Program:
    """A process that runs and never answers."""
    return _running(name, "import time; time.sleep(60)")


def _running(name: str, code: str) -> programs.Program:
    return programs.Program(name, (sys.executable, "-c", code), {}, postgres.free_port())


class System:
    """Stands on nothing; ZHIFA_DUMMY names the process that fails, if any."""

    def prepare(self) -> Sequence[programs.Group]:
        if os.environ.get("ZHIFA_DUMMY") == "trouble":
            raise trouble.Trouble("the disk is full")
        return ((serving("directory_api"), serving("tasks_api")), (serving("gateway"),))

    def heal(self) -> Sequence[programs.Group] | None:
        return None

    def close(self) -> None:
        supervisor.say("system closed")


def living(home: homes.Home, name: str) -> pids.Identity:
    """The process of this name, as the state file tells of it; it must be alive."""
    entry = next(entry for entry in home.read_state()["processes"] if entry["name"] == name)
    who = pids.Identity(entry["pid"], entry["started"])
    assert pids.is_alive(who)
    return who


if __name__ == "__main__":
    arguments = sys.argv[1:]
    front = pids.Identity(int(arguments[3]), int(arguments[4])) if "--front" in arguments else None
    sys.exit(supervisor.supervise(homes.opened(), int(arguments[1]), System(), supervisor.say, front))
