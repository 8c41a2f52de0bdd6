"""The leaks between rooms that import-linter cannot see."""

import inspect
import subprocess
import sys
import typing
from importlib import import_module
from pathlib import Path
from types import FunctionType

import pytest
from django.apps import apps as registry
from django.conf import settings
from django.db.models import ForeignObject, Model, QuerySet

ROOT = Path(__file__).resolve().parents[2]
ROOM_FILES = ("README.md", "services", "types", "models", "tests")


def rooms() -> list[str]:
    return list(settings.APPS)


def room_of(model: type[Model]) -> str:
    return model.__module__.split(".tests")[0].rsplit(".models")[0]


def test_no_foreign_key_leaves_its_room() -> None:
    leaving = [
        f"{model.__module__}.{model.__name__}.{field.name} -> {field.related_model}"
        for model in registry.get_models()
        if model.__module__.startswith(("apps.", "ecommerce."))
        for field in model._meta.get_fields()
        if isinstance(field, ForeignObject) and room_of(field.related_model) != room_of(model)
    ]

    assert leaving == []


def leaks(annotation: object) -> bool:
    """Does a model or a queryset hide anywhere in this annotation?"""
    if inspect.isclass(annotation) and issubclass(annotation, (Model, QuerySet)):
        return True
    origin = typing.get_origin(annotation)
    if inspect.isclass(origin) and issubclass(origin, (Model, QuerySet)):
        return True
    return any(leaks(argument) for argument in typing.get_args(annotation))


def public_services(room: str) -> list[FunctionType]:
    module = import_module(f"apps.{room}.services")
    return [
        function
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if not name.startswith("_") and function.__module__.startswith(f"apps.{room}.services")
    ]


@pytest.mark.parametrize("room", rooms())
def test_no_model_or_queryset_crosses_a_services_door(room: str) -> None:
    leaking = [
        function.__name__
        for function in public_services(room)
        if any(map(leaks, typing.get_type_hints(inspect.unwrap(function)).values()))
    ]

    assert leaking == []


@pytest.mark.parametrize("room", rooms())
def test_every_public_service_says_what_it_promises(room: str) -> None:
    silent = [function.__name__ for function in public_services(room) if not function.__doc__]

    assert silent == []


@pytest.mark.parametrize("room", rooms())
def test_every_room_is_furnished_alike(room: str) -> None:
    folder = ROOT / "apps" / room
    missing = [
        name
        for name in ROOM_FILES
        if not any((folder / f"{name}{ending}").exists() for ending in ("", ".py"))
    ]

    assert missing == []
    assert len((folder / "README.md").read_text().splitlines()) <= 20


def test_no_file_is_named_for_nothing() -> None:
    vague = {"utils", "helpers", "base", "managers", "signals", "common", "misc"}
    found = [
        str(path.relative_to(ROOT))
        for top in ("apps", "ecommerce", "sampleshop", "launcher", "sandbox")
        for path in (ROOT / top).rglob("*.py")
        if path.stem in vague
    ]

    assert found == []


def test_no_source_file_grows_past_the_split() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for top in ("apps", "ecommerce", "config", "sampleshop", "launcher", "sandbox")
        for path in (ROOT / top).rglob("*.py")
        if not {"migrations", "tests"} & set(path.parts)
        and (lines := len(path.read_text().splitlines())) > 300
    }

    assert long == {}


def test_the_import_contracts_hold() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True)

    assert result.returncode == 0, result.stdout[-4000:] + result.stderr[-2000:]


def test_there_is_no_exception_list() -> None:
    assert "ignore_imports" not in (ROOT / ".importlinter").read_text()
