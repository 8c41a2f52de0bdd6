"""Where stock lies, how much, and why."""

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from apps.inventory.domain.movements import ARRIVING, LEAVING
from apps.inventory.models.naming import OfSku
from ecommerce.dimensions import SELLER
from ecommerce.ids import new_id


class Location(models.Model):
    """A place that stock is sold from. A lower ``priority`` is served from first."""

    class Kind(models.TextChoices):
        WAREHOUSE = "warehouse"
        STORE = "store"
        PARTNER = "partner"

    class WarehouseSystem(models.TextChoices):
        NONE = "", "people, by hand"
        SANDBOX = "sandbox", "the sandbox's system, over HTTP"
        FILES = "files", "files in a folder"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.WAREHOUSE)
    country = models.CharField(max_length=2, default="DE")
    priority = models.PositiveSmallIntegerField(default=100)
    active = models.BooleanField(default=True)
    warehouse_system = models.CharField(
        max_length=20,
        choices=WarehouseSystem.choices,
        blank=True,
        default="",
        db_default="",
        help_text="Who is asked to pick and to receive there, and is believed what it tells.",
    )
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    parcel_cost_minor = models.PositiveIntegerField(
        default=0, db_default=0, help_text="What a parcel within the country costs, in minor units."
    )
    parcel_cost_abroad_minor = models.PositiveIntegerField(default=0, db_default=0)
    lead_days = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="Days from an order until its parcel leaves."
    )
    daily_capacity = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text="Orders that it takes in a day (UTC); none: as many as come.",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(
                    latitude__isnull=False,
                    latitude__gte=-90,
                    latitude__lte=90,
                    longitude__isnull=False,
                    longitude__gte=-180,
                    longitude__lte=180,
                ),
                name="inventory_location_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class StockLevel(OfSku, models.Model):
    """The stock of a SKU at a location: available = on_hand - reserved - allocated.

    ``on_hand`` counts what can be sold; ``damaged`` lies there beside it and cannot; ``incoming`` is on its way.

    ``on_hand`` and ``damaged`` change only together with a ledger entry; ``version`` is that entry's number and
    ``moved_at`` its time, and a deferred trigger refuses a commit in which the two disagree.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sku_id = models.UUIDField()
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    seller = models.CharField(max_length=40, default=SELLER)
    on_hand = models.IntegerField(default=0)
    reserved = models.IntegerField(default=0)
    allocated = models.IntegerField(default=0)
    damaged = models.IntegerField(default=0, db_default=0)
    incoming = models.IntegerField(default=0, db_default=0)
    held = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Nothing new is promised of it until somebody has looked.",
    )
    version = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(db_default=TransactionNow())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sku_id", "location"], name="inventory_level_once"),
            models.CheckConstraint(
                condition=Q(on_hand__gte=0), name="inventory_level_on_hand_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(reserved__gte=0), name="inventory_level_reserved_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(allocated__gte=0), name="inventory_level_allocated_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(damaged__gte=0), name="inventory_level_damaged_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(incoming__gte=0), name="inventory_level_incoming_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(on_hand__gte=F("reserved") + F("allocated")),
                name="inventory_level_promises_covered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku_name}: {self.on_hand} on hand"


class StockMovement(OfSku, models.Model):
    """The ledger: why on-hand is what it is. Append-only, enforced by a trigger.

    In parts, one a month of ``created_at``, which runs forward within a level. What Django takes for
    the primary key is unique together with that time; so is the number of an entry (``version``), of
    which triggers make sure that there is each once. ``reference`` names what it was about (an order, a
    delivery), ``causation_id`` the event or request that it answers.
    """

    class Kind(models.TextChoices):
        OPENING = "opening"
        RECEIPT = "receipt"
        ADJUSTMENT = "adjustment"
        COUNT = "count"
        TRANSFER_OUT = "transfer_out"
        TRANSFER_IN = "transfer_in"
        PICK = "pick"
        SHIPMENT = "shipment"
        RETURN = "return"
        DAMAGE = "damage"
        SCRAP = "scrap"
        KIT = "kit"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sku_id = models.UUIDField()
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=20, choices=Kind.choices)
    delta = models.IntegerField()
    on_hand_after = models.IntegerField()
    damaged_delta = models.IntegerField(default=0, db_default=0)
    damaged_after = models.IntegerField(default=0, db_default=0)
    version = models.BigIntegerField()
    reason = models.CharField(max_length=200, blank=True, default="")
    reference = models.CharField(max_length=100, blank=True, default="")
    actor = models.CharField(max_length=100, blank=True, default="")
    causation_id = models.CharField(max_length=100, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sku_id", "location", "created_at", "version"],
                name="inventory_movement_in_sequence",
            ),
            models.CheckConstraint(
                condition=Q(on_hand_after__gte=0), name="inventory_movement_balance_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(damaged_after__gte=0), name="inventory_movement_damaged_not_negative"
            ),
            models.CheckConstraint(
                condition=~Q(delta=0, damaged_delta=0), name="inventory_movement_moves"
            ),
            models.CheckConstraint(
                condition=~(
                    Q(kind__in=sorted(ARRIVING)) & (Q(delta__lt=0) | Q(damaged_delta__lt=0))
                )
                & ~(Q(kind__in=sorted(LEAVING)) & (Q(delta__gt=0) | Q(damaged_delta__gt=0)))
                & ~(Q(kind="damage") & (Q(delta__gt=0) | ~Q(damaged_delta=-F("delta")))),
                name="inventory_movement_goes_its_way",
            ),
            models.CheckConstraint(
                condition=Q(version__gte=1), name="inventory_movement_version_from_one"
            ),
        ]
        indexes = [
            models.Index(fields=["sku_id", "-created_at", "-id"], name="inventory_movement_by_sku"),
            models.Index(fields=["-created_at", "-id"], name="inventory_movement_newest"),
            models.Index(
                fields=["reference", "-created_at", "-id"],
                name="inventory_movement_by_ref",
                condition=~Q(reference=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.delta:+d} of {self.sku_name}"

    @property
    def on_hand_before(self) -> int:
        """The balance that it found."""
        return self.on_hand_after - self.delta

    @property
    def cause(self) -> str:
        """The event or request that it answers; of entries that name none, what they were about."""
        return self.causation_id or self.reference


class MovementKey(models.Model):
    """Under which key an entry was asked for: a repeat finds it, in whatever month it lies."""

    key = models.CharField(max_length=200, primary_key=True)
    movement_id = models.UUIDField()
    moved_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key


class IncomingChange(models.Model):
    """Why ``incoming`` is what it is: so many more or fewer units on their way, each told once.

    ``reference`` names the occasion (``transfer:<id>:sent:<line>``), and a second time of it is none.
    """

    id = models.BigAutoField(primary_key=True)
    reference = models.CharField(max_length=200, unique=True)
    sku_id = models.UUIDField()
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    delta = models.IntegerField()
    created_at = models.DateTimeField(db_default=TransactionNow())

    class Meta:
        indexes = [
            models.Index(fields=["sku_id", "location"], name="inventory_incoming_of_level"),
        ]

    def __str__(self) -> str:
        return f"{self.delta:+d} of {self.sku_id} on the way"
