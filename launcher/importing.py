"""``--import FILE``: brings products in through the public API, and shows how far it is."""

import time
from pathlib import Path
from typing import Any

from launcher import demo
from launcher.api import Caller
from launcher.processes import LaunchError
from launcher.screen import say

FORMATS = {".csv": "shopify-csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}
SHOWN_ERRORS = 10
FINISHED = ("SUCCEEDED", "FAILED", "CANCELLED")


def import_products(url: str, file: Path) -> None:
    """Send the file as the sample shop's merchandiser and follow the job to its end.

    Refused rows are shown and do not stop the rest; a failed job raises LaunchError.
    """
    caller = Caller(url)
    caller.sign_in(demo.MERCHANDISER, demo.PASSWORD)
    say(f"Importing {file}")
    with file.open("rb") as content:
        answer = caller.upload(
            "/imports/products",
            files={"file": (file.name, content)},
            data={"format": FORMATS[file.suffix.lower()]},
        )
    job = _follow(caller, answer.json()["id"])
    _show_errors(caller, job)
    if job["state"] != "SUCCEEDED":
        raise LaunchError(
            f"The import ended as {job['state']}: {job['errorCode']} {job['errorDetail']}"
        )


def _follow(caller: Caller, job_id: str) -> Any:
    shown = ""
    while True:
        job = caller.get(f"/jobs/{job_id}")
        progress = _progress(job)
        if progress != shown:
            say(f"  {progress}")
            shown = progress
        if job["state"] in FINISHED:
            return job
        time.sleep(1)


def _progress(job: Any) -> str:
    of = f" of {job['total']}" if job["total"] is not None else ""
    speed = f", {job['rowsPerSecond']:.0f} a second" if job["rowsPerSecond"] else ""
    return f"{job['state']}: {job['done']}{of} rows, {job['refused']} refused{speed}"


def _show_errors(caller: Caller, job: Any) -> None:
    if not job["refused"]:
        return
    page = caller.get(f"/jobs/{job['id']}/errors", pageSize=SHOWN_ERRORS)
    for error in page["results"]:
        say(f"  row {error['row']} {error['pointer']}: {error['detail']} ({error['code']})")
    say(f"  all of them: {caller.http.base_url}jobs/{job['id']}/errors.csv")
