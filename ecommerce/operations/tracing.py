"""OpenTelemetry: one trace from the web through Celery to the consumers of events.

Spans are made and sent only where OTEL_EXPORTER_OTLP_ENDPOINT names a collector. Trace ids go their way
without one too, in ``ecommerce.context``.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from ecommerce import context

_tracer = trace.get_tracer("shop")
_propagator = TraceContextTextMapPropagator()
_on = False


def instrument(processor: SpanProcessor | None = None) -> None:
    """Make spans of requests, tasks and statements. Once a process; a forked one calls it itself."""
    global _on
    provider = TracerProvider(
        resource=Resource.create({"service.name": os.environ.get("SHOP_PROCESS", "shop")})
    )
    provider.add_span_processor(processor or _exporting())
    trace.set_tracer_provider(provider)
    if not _on:
        _instrument_libraries()
    _on = True


def _exporting() -> SpanProcessor:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return BatchSpanProcessor(OTLPSpanExporter())


def _instrument_libraries() -> None:
    from opentelemetry.instrumentation.celery import CeleryInstrumentor
    from opentelemetry.instrumentation.django import DjangoInstrumentor
    from opentelemetry.instrumentation.psycopg import PsycopgInstrumentor

    DjangoInstrumentor().instrument(excluded_urls="health/.*,metrics,static/.*")
    CeleryInstrumentor().instrument()  # type: ignore[no-untyped-call]  # the package has no types
    PsycopgInstrumentor().instrument()


def is_traced() -> bool:
    """Are spans made at all?"""
    return _on


def present() -> dict[str, str]:
    """What the span of this moment adds to the context; nothing where no span is recorded."""
    if not _on:
        return {}
    span = trace.get_current_span().get_span_context()
    if not span.is_valid:
        return {}
    trace_id = trace.format_trace_id(span.trace_id)
    flags = f"{span.trace_flags:02x}"
    return {
        "trace_id": trace_id,
        "traceparent": f"00-{trace_id}-{trace.format_span_id(span.span_id)}-{flags}",
    }


@contextmanager
def serving(name: str, traceparent: str | None) -> Iterator[None]:
    """A span for a gRPC call (``/package.Service/Method``), below the caller's."""
    if not _on:
        yield
        return
    with _tracer.start_as_current_span(
        name.lstrip("/"),
        context=_propagator.extract({"traceparent": traceparent} if traceparent else {}),
        kind=SpanKind.SERVER,
        attributes={"rpc.system": "grpc", "rpc.method": name},
    ):
        yield


@contextmanager
def consuming(*, event_type: str, event_id: Any, traceparent: str | None) -> Iterator[None]:
    """A span for the handling of an event, below the request that published it."""
    if not _on:
        yield
        return
    with (
        _tracer.start_as_current_span(
            f"consume {event_type}",
            context=_propagator.extract({"traceparent": traceparent} if traceparent else {}),
            kind=SpanKind.CONSUMER,
            attributes={
                "messaging.system": "event_log",
                "messaging.operation.type": "process",
                "messaging.destination.name": event_type,
                "messaging.message.id": str(event_id),
            },
        ),
        context.bind(**present()),
    ):
        yield
