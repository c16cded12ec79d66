"""Every error has a stable code of its own and both texts; every fault code has its texts."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import services
from services.kit import errors, problem_texts

ROOT = Path(__file__).parents[2]
CODE_SIGNS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_.")


def import_everything() -> None:
    for module in pkgutil.walk_packages(services.__path__, "services."):
        if not module.name.endswith(("__main__", ".setup")):
            importlib.import_module(module.name)


def tree(root: type[errors.DomainError]) -> Iterator[type[errors.DomainError]]:
    yield root
    for child in root.__subclasses__():
        yield from tree(child)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_each_error_says_its_own_in_both_languages() -> None:
    import_everything()
    codes: dict[str, str] = {}
    for error in {error for error in tree(errors.DomainError) if error.__module__.startswith("services.")}:
        name = f"{error.__module__}.{error.__qualname__}"
        own = vars(error)
        assert {"code", "zh", "en"} <= own.keys(), f"{name} inherits its code or texts"
        assert CODE_SIGNS.issuperset(error.code), name
        assert codes.setdefault(error.code, name) == name, f"{error.code} is used twice"
        assert fields(error.zh) == fields(error.en), f"{name}: the texts name different parameters"
        assert any("\u4e00" <= sign <= "\u9fff" for sign in error.zh), name
        assert error.en.isascii(), name


def test_each_fault_code_in_use_has_its_texts() -> None:
    missing = {
        f"{path.relative_to(ROOT)}:{node.lineno} {node.args[1].value!r}"
        for path in (ROOT / "services").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in {"errors.Fault", "Fault"}
        and len(node.args) > 1
        and isinstance(node.args[1], ast.Constant)
        and node.args[1].value not in problem_texts.FAULTS
    }
    assert missing == set()
    assert all(fields(zh) == fields(en) for zh, en in problem_texts.FAULTS.values())
