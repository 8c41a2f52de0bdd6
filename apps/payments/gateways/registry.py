"""Which providers there are."""

from apps.payments.errors import UnknownProvider
from apps.payments.gateways.offline import OfflineGateway
from apps.payments.gateways.protocol import Gateway
from apps.payments.gateways.sandbox import SandboxGateway

_GATEWAYS: dict[str, Gateway] = {"offline": OfflineGateway(), "sandbox": SandboxGateway()}


def gateway_of(provider: str) -> Gateway:
    """The adapter of a provider. Raises UnknownProvider."""
    try:
        return _GATEWAYS[provider]
    except KeyError:
        raise UnknownProvider(f"no provider {provider!r}") from None
