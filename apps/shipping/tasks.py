"""What beat has shipping do again and again."""

from apps.shipping import services
from ecommerce import clock
from ecommerce.periodic import periodic


@periodic(seconds=10)
def resume_bookings(**_: object) -> None:
    """Ask the carriers again whose answer never came."""
    services.resume_bookings(now=clock.now())
