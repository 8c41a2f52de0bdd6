"""``--demo-order``: buys something through the public API, and checks every trace that it leaves."""

from launcher.screen import say


def place_demo_order(url: str) -> None:
    say("demo")
