"""Tampering with seals is found; cutting off or rewriting the chain is found by an anchor."""

import pytest
from django.core.management import CommandError, call_command

from ecommerce.audit.models import Seal
from ecommerce.audit.sealing import head, seal_entries
from ecommerce.audit.tests.tampering import findings, superuser, three_seals, write
from ecommerce.clock import now

pytestmark = pytest.mark.django_db


def test_a_deleted_seal_is_found() -> None:
    _, entry, _ = three_seals()

    with superuser() as execute:
        execute("DELETE FROM audit_seal WHERE number = 2")

    assert findings() == ["seal missing: seal 2", f"entry added: entry {entry}"]


def test_a_seal_that_another_key_signed_is_found() -> None:
    three_seals()

    with superuser() as execute:
        execute("UPDATE audit_seal SET signature = sha256('guess') WHERE number = 2")

    assert findings() == ["seal changed: seal 2"]


def test_a_deleted_seal_whose_numbers_were_closed_up_is_found() -> None:
    _, entry, _ = three_seals()

    with superuser() as execute:
        execute("DELETE FROM audit_entry WHERE id = %s", [entry])
        execute("DELETE FROM audit_seal WHERE number = 2")
        execute("UPDATE audit_seal SET number = 2 WHERE number = 3")

    assert set(findings()) == {"seal changed: seal 2"}


def test_only_an_anchor_finds_that_the_end_was_cut_off() -> None:
    *_, entry = three_seals()
    anchor = head()
    assert anchor is not None

    with superuser() as execute:
        execute("DELETE FROM audit_entry WHERE id = %s", [entry])
        execute("DELETE FROM audit_seal WHERE number = 3")

    assert findings() == []
    assert findings(anchor) == ["chain cut off: seal 3"]


def test_only_an_anchor_finds_a_chain_rewritten_with_our_own_key() -> None:
    three_seals()
    anchor = head()
    assert anchor is not None

    with superuser() as execute:
        execute("UPDATE audit_entry SET entity_id = 'x' WHERE entity_id = 'b'")
        execute("DELETE FROM audit_seal")
        execute("INSERT INTO audit_pending SELECT id FROM audit_entry")
    for _ in range(3):
        seal_entries(now=now(), batch=1)

    assert findings() == []
    assert findings(anchor) == ["chain rewritten: seal 3"]


def test_a_new_key_signs_and_the_old_one_still_verifies(settings: object) -> None:
    settings.AUDIT_KEYS = {"old": "x" * 40}  # type: ignore[attr-defined]
    write("a")
    seal_entries(now=now())
    settings.AUDIT_KEYS = {"new": "y" * 40, "old": "x" * 40}  # type: ignore[attr-defined]
    write("b")
    seal_entries(now=now())

    assert list(Seal.objects.order_by("number").values_list("key_id", flat=True)) == ["old", "new"]
    assert findings() == []

    settings.AUDIT_KEYS = {"new": "y" * 40}  # type: ignore[attr-defined]
    assert findings() == ["seal changed: seal 1"]


def test_the_command_fails_and_names_the_row(capsys: pytest.CaptureFixture[str]) -> None:
    (entry,) = write("a")
    call_command("seal_audit")
    call_command("verify_audit")
    assert "Nothing was tampered with" in capsys.readouterr().out

    with superuser() as execute:
        execute("UPDATE audit_entry SET action = 'x'")

    with pytest.raises(CommandError, match="1 findings"):
        call_command("verify_audit")
    assert str(entry) in capsys.readouterr().out
