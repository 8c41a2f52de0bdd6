"""What is right or wrong before the first request: settings, headers, and the libraries that are used."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from abusing.inside import inside
from proving.experiment import Report, experiment
from proving.lab import Lab
from proving.shop import ROOT

AUDITOR = "pip-audit==2.10.1"
KNOWN_BAD = "django==2.2.0\n"
"""A version with well-known holes: an auditor that does not know of them knows nothing."""
AUDIT_SECONDS = 300
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
POLICY = {
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
UNSAFE = {"/admin/": {"'unsafe-inline'", "'unsafe-eval'"}, "/api/docs": {"'unsafe-inline'"}}
"""What pages with the widgets of others may need; everything else is strict."""
TELLTALE = ("Server", "X-Powered-By", "X-AspNet-Version")


def _deployed(lab: Lab, report: Report, times: int, **environment: str) -> None:
    done = subprocess.run(
        [str(ROOT / "scripts" / "check-deploy")],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )
    report.note(warnings=(done.stdout + done.stderr).count("security.W"))
    report.expect(
        "warnings of check --deploy",
        (done.stdout + done.stderr)[-2000:] if done.returncode else "",
        "",
    )


def _deployed_in_the_clear(lab: Lab, report: Report, times: int) -> None:
    _deployed(lab, report, times, SECURE_SSL_REDIRECT="false")


@experiment(
    104,
    "no warning",
    control=_deployed_in_the_clear,
    guard="the redirect to TLS",
    short=1,
    long=1,
)
def deployed(lab: Lab, report: Report, times: int) -> None:
    """Django's deployment checks on the production settings."""
    _deployed(lab, report, times)


def headers(report: Report, times: int) -> None:
    """Of every page that a browser may get: the back office's, the documentation's, the API's, errors."""
    from abusing.doors import routes
    from abusing.people import staff

    paths = [*_back_office(), "/api/docs", "/api/schema", "/api/problems", "/", "/no-such-page"]
    paths += [route.url(dict.fromkeys(route.parameters, "none")) for route in routes()]
    boss = staff()
    visitors = [_browser(), boss.client]
    wrong: list[str] = []
    for path in sorted(set(paths)):
        for visitor in visitors:
            answer: Any = visitor.get(path)
            wrong += [f"{path}: {why}" for why in _lacking(path, dict(answer.items()))]
    report.note(pages=len(set(paths)))
    report.expect("headers that are missing or too loose", wrong, [])


def _back_office() -> list[str]:
    from django.contrib import admin
    from django.urls import reverse

    names = [model._meta.label_lower.replace(".", "_") for model in admin.site._registry]
    return ["/admin/login/", "/admin/", *(reverse(f"admin:{name}_changelist") for name in names)]


def _browser() -> Any:
    """An admin's, signed in at the back office."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    from ecommerce.clock import now

    boss = get_user_model().objects.create(
        email="boss@shop.example", roles=["admin"], created_at=now(), updated_at=now()
    )
    client = Client(raise_request_exception=False)
    client.force_login(boss)
    return client


def _lacking(path: str, answer: dict[str, str]) -> list[str]:
    wrong = [
        f"{name} is {answer.get(name)!r}"
        for name, wanted in EVERYWHERE.items()
        if answer.get(name) != wanted
    ]
    policy = dict(
        part.strip().partition(" ")[::2]
        for part in answer.get("Content-Security-Policy", "").split(";")
    )
    policy.setdefault("object-src", policy.get("default-src", ""))
    if policy.get("default-src") not in {"'self'", "'none'"}:
        wrong.append(f"default-src is {policy.get('default-src')!r}")
    wrong += [
        f"{name} is {policy.get(name)!r}"
        for name, said in POLICY.items()
        if policy.get(name) != said
    ]
    allowed = next((unsafe for prefix, unsafe in UNSAFE.items() if path.startswith(prefix)), set())
    said = set(" ".join(policy.values()).split())
    wrong += [f"the policy allows {one}" for one in said if one == "*" or one.startswith("'unsafe")
              if one not in allowed]  # fmt: skip
    return wrong + [f"{name} is told" for name in TELLTALE if name in answer]


def _bare(lab: Lab, report: Report, times: int) -> None:
    inside(lab, report, headers, times, "headers")


@experiment(
    105,
    "security headers and a content policy on each; looser only where widgets need it",
    control=_bare,
    guard="the middleware that sets them",
    short=1,
    long=1,
)
def headed(lab: Lab, report: Report, times: int) -> None:
    """The headers of every page of the back office, the documentation and the API."""
    inside(lab, report, headers, times)


def _audited(lock: Path, *how: str) -> tuple[list[str], list[str]]:
    """The holes that are known of what a lock file names, and what nobody could be asked about."""
    uv = Path(sys.executable).with_name("uv")
    done = subprocess.run(
        [str(uv), "tool", "run", "--from", AUDITOR, "pip-audit", "-r", str(lock), "--disable-pip",
         "--format", "json", "--progress-spinner", "off", *how],
        capture_output=True,
        text=True,
        timeout=AUDIT_SECONDS,
    )  # fmt: skip
    if not re.match(r"\s*\{", done.stdout):
        return [], [f"{AUDITOR} did not run: {done.stderr.strip()[-200:]}"]
    found = json.loads(done.stdout)["dependencies"]
    holes = [
        f"{one['name']} {one['version']}: {hole['id']}"
        for one in found
        for hole in one.get("vulns", ())
    ]
    return holes, [one["name"] for one in found if "skip_reason" in one]


def _of_known_bad(lab: Lab) -> tuple[list[str], list[str]]:
    lock = lab.folder / "known-bad.txt"
    lock.write_text(KNOWN_BAD)
    return _audited(lock, "--no-deps")


def _outdated(lab: Lab, report: Report, times: int) -> None:
    report.expect("known holes", _of_known_bad(lab)[0], [])


@experiment(
    103,
    "no known hole in what the shop runs on, or is built with",
    control=_outdated,
    guard="versions that are mended",
    short=1,
    long=1,
)
def audited(lab: Lab, report: Report, times: int) -> None:
    """Every locked library, looked up among the known vulnerabilities."""
    holes, unknown = _of_known_bad(lab)
    if not holes:
        report.skip(f"NOT AUDITED: no database of vulnerabilities answers here ({unknown})")
        return
    found: list[str] = []
    for name in ("base", "dev"):
        holes, unknown = _audited(ROOT / "requirements" / f"{name}.txt", "--require-hashes")
        found += holes
        report.note(**{f"not_known_of_{name}": len(unknown)})
    report.expect("known holes", sorted(set(found)), [])
