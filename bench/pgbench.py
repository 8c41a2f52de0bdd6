"""What PostgreSQL alone does with the same statements: pgbench."""

import os
import re
import subprocess
import tempfile

from launcher.places import postgres_programs


def pgbench(script: str, *, clients: int, seconds: float) -> tuple[float, float]:
    """(mean latency in ms, transactions per second) of the script on the bare database."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        done = subprocess.run(
            [
                *(
                    postgres_programs() / "pgbench",
                    "-n",
                    "-M",
                    "simple",
                    "-f",
                    file.name,
                    "-T",
                    str(max(1, int(seconds))),
                ),
                *("-c", str(clients), "-j", str(min(clients, 2)), "-d", os.environ["DATABASE_URL"]),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode != 0:
        raise RuntimeError(f"pgbench: {done.stderr[-500:]}")
    latency = re.search(r"latency average = ([\d.]+)", done.stdout)
    rate = re.search(r"tps = ([\d.]+)", done.stdout)
    if latency is None or rate is None:
        raise RuntimeError(f"pgbench told no figures: {done.stdout}")
    return float(latency[1]), float(rate[1])
