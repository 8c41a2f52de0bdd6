"""One trace from the request to the statement, the task and the consumer; run apart, since it instruments."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from ecommerce.operations import tracing

REPOSITORY = Path(__file__).resolve().parents[3]
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SCRIPT = f"""
import json, os
import django
django.setup()
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from ecommerce.operations import tracing
spans = InMemorySpanExporter()
tracing.instrument(SimpleSpanProcessor(spans))
from django.test import Client
from ecommerce import context
from config.celery import app
app.conf.update(task_always_eager=True)
answer = Client().get("/nothing/here", headers={{"traceparent": "00-{TRACE}-00f067aa0ba902b7-01"}})
with tracing.consuming(event_type="a.b.v1", event_id="e-1", traceparent=answer["traceparent"]):
    seen = context.current().trace_id
print(json.dumps({{
    "answered": answer["traceparent"], "seen": seen,
    "spans": [[s.name, format(s.context.trace_id, "032x"), format(s.context.span_id, "016x"),
               format(s.parent.span_id, "016x") if s.parent else None] for s in spans.get_finished_spans()],
}}))
"""


@pytest.mark.django_db
def test_a_callers_trace_goes_on_to_the_consumer_of_its_events() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=REPOSITORY,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    spans = {name: rest for name, *rest in told["spans"]}
    request = next(rest for name, rest in spans.items() if name.startswith("GET"))
    consume = spans["consume a.b.v1"]

    assert request[0] == consume[0] == told["seen"] == TRACE
    assert request[2] == "00f067aa0ba902b7"
    assert told["answered"].split("-")[2] == request[1] == consume[2]


def test_without_a_collector_nothing_is_instrumented() -> None:
    assert tracing.present() == {}
    assert not hasattr(connection, "_otel_original_cursor_factory")
