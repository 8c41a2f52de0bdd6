"""What ./scripts/run understands and refuses."""

from pathlib import Path

import pytest

from launcher.options import parse


def test_nothing_said_means_one_shop_in_dot_data() -> None:
    given = parse([])

    assert given.data_dir == Path(".data").absolute()
    assert (given.host, given.port, given.empty, given.check) == ("127.0.0.1", None, False, False)
    assert given.workers >= 1


def test_a_check_includes_the_demo_order() -> None:
    assert parse(["--check"]).demo_order


@pytest.mark.parametrize(
    "arguments",
    [
        ["--port", "0"],
        ["--port", "x"],
        ["--workers", "0"],
        ["--import", "/nowhere/at/all.csv"],
        ["--import", __file__],
        ["--empty", "--demo-order"],
    ],
)
def test_what_cannot_be_meant_is_refused(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refusal:
        parse(arguments)

    assert refusal.value.code == 2
    assert arguments[0] in capsys.readouterr().err
