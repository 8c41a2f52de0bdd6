"""What beat has the checkout do again and again."""

from apps.checkout import services
from ecommerce import clock
from ecommerce.periodic import periodic


@periodic(seconds=2)
def resume_sagas(**_: object) -> None:
    """Go on with purchases whose driver died or whose gateway was silent."""
    services.resume_sagas(now=clock.now())


@periodic(seconds=60)
def expire_checkouts(**_: object) -> None:
    """Close checkouts whose prices stand no longer."""
    services.expire_checkouts()
