"""Have the sandbox gateway misbehave."""

from apps.payments.errors import GatewayAway
from apps.payments.gateways import sandbox


def simulate_gateway(*, scenario: str, times: int) -> None:
    """Order a fault for the sandbox's next requests. Raises GatewayAway."""
    if sandbox.simulate(scenario=scenario, times=times).status != 200:
        raise GatewayAway("the sandbox does not answer", retry_after_seconds=10)
