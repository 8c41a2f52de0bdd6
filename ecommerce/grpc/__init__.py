"""What every gRPC door of the shop has: callers with tokens, deadlines, rich refusals, health, reflection."""

from ecommerce.grpc.calls import Authenticate, Method
from ecommerce.grpc.server import Door, Listen, serving

__all__ = ["Authenticate", "Door", "Listen", "Method", "serving"]
