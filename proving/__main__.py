"""``scripts/faults``: run experiments on shops of their own; a line each, and the exit code."""

import argparse
import contextlib
import sys
import tempfile
import time
from pathlib import Path

from proving.experiment import FAULTS, Experiment, Report, Run, Suite, experiments
from proving.lab import Lab, template_of
from proving.record import figures_told, keep, promises


def main(suite: Suite = FAULTS) -> int:
    """0 where every experiment passed and every control failed."""
    options = _arguments(suite)
    if options.promises:
        print(promises(suite))
        return 0
    chosen = [
        one for one in experiments(suite) if not options.numbers or one.number in options.numbers
    ]
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="shop-faults-")))
        folder.chmod(0o711)
        print("  … a migrated database to copy from", flush=True)
        template = stack.enter_context(template_of(folder / "template"))
        results = [run_one(one, suite, folder, template, options) for one in chosen]
    for number, why in suite.waiting.items():
        if not options.numbers or number in options.numbers:
            print(f"wait  {number:>2}  {why}")
    passed = sum(results)
    print(f"\n{passed} of {len(results)} passed")
    return 0 if passed == len(results) else 1


def run_one(
    one: Experiment, suite: Suite, folder: Path, template: Path, options: argparse.Namespace
) -> bool:
    """Run an experiment and its control, and print how it went; whether it passed."""
    times = one.long if options.long else one.short
    started = time.monotonic()
    report = performed(one.run, folder / f"{one.number}", template, times)
    verdict = not (report.failures or report.broke_down)
    if verdict and report.figures and options.record:
        keep(one, report, suite)
    control = "control not run"
    if report.figures and not options.no_controls:
        control, fails = _controlled(one, folder / f"{one.number}-control", template)
        verdict = verdict and fails
    _print(one, report, verdict, control, time.monotonic() - started)
    return verdict


def _controlled(one: Experiment, folder: Path, template: Path) -> tuple[str, bool]:
    """Run the control; what to say of it, and whether it fails as it must."""
    unguarded = performed(one.control, folder, template, one.short)
    if unguarded.failures and not unguarded.broke_down:
        return f"without {one.guard} it fails, as it must", True
    why = unguarded.broke_down or "no finding"
    return f"WITHOUT {one.guard} IT DOES NOT FAIL: {why}", False


def performed(run: Run, folder: Path, template: Path, times: int) -> Report:
    """One run in a lab of its own. What breaks down is told, and never taken for a finding."""
    report = Report()
    lab = Lab(folder, template)
    try:
        run(lab, report, times)
    except Exception as error:
        report.broke_down = f"{type(error).__name__}: {error}"
    finally:
        lab.close()
    return report


def _print(one: Experiment, report: Report, passed: bool, control: str, seconds: float) -> None:
    print(
        f"{'PASS' if passed else 'FAIL'}  {one.number:>2}  {one.name}: {figures_told(report.figures)}; {control}"
        f" ({seconds:.0f} s)",
        flush=True,
    )
    for failure in [*report.failures, *filter(None, [report.broke_down])]:
        print(f"          {failure}", flush=True)
    for skipped in report.skipped:
        print(f"SKIP  {one.number:>2}  {skipped}", flush=True)


def _arguments(suite: Suite) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=suite.script, description=__doc__)
    parser.add_argument("numbers", nargs="*", type=int, help="which experiments (default: all)")
    parser.add_argument("--long", action="store_true", help="as often as the promise says")
    parser.add_argument("--promises", action="store_true", help="print what is promised, and stop")
    parser.add_argument("--no-controls", action="store_true", help="leave the controls out")
    parser.add_argument(
        "--record",
        action="store_true",
        help="with --long: keep the figures in the guarantees' page",
    )
    options = parser.parse_args()
    if options.record and not options.long:
        parser.error("--record keeps the figures of --long")
    return options


if __name__ == "__main__":
    sys.exit(main())
