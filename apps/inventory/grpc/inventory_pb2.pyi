import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class HoldType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    HOLD_TYPE_UNSPECIFIED: _ClassVar[HoldType]
    HOLD_TYPE_SOFT: _ClassVar[HoldType]
    HOLD_TYPE_HARD: _ClassVar[HoldType]

class ReservationStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RESERVATION_STATUS_UNSPECIFIED: _ClassVar[ReservationStatus]
    RESERVATION_STATUS_RESERVED: _ClassVar[ReservationStatus]
    RESERVATION_STATUS_CONFIRMED: _ClassVar[ReservationStatus]
    RESERVATION_STATUS_CANCELLED: _ClassVar[ReservationStatus]
    RESERVATION_STATUS_RELEASED: _ClassVar[ReservationStatus]
    RESERVATION_STATUS_EXPIRED: _ClassVar[ReservationStatus]
    RESERVATION_STATUS_SHIPPED: _ClassVar[ReservationStatus]
HOLD_TYPE_UNSPECIFIED: HoldType
HOLD_TYPE_SOFT: HoldType
HOLD_TYPE_HARD: HoldType
RESERVATION_STATUS_UNSPECIFIED: ReservationStatus
RESERVATION_STATUS_RESERVED: ReservationStatus
RESERVATION_STATUS_CONFIRMED: ReservationStatus
RESERVATION_STATUS_CANCELLED: ReservationStatus
RESERVATION_STATUS_RELEASED: ReservationStatus
RESERVATION_STATUS_EXPIRED: ReservationStatus
RESERVATION_STATUS_SHIPPED: ReservationStatus

class Item(_message.Message):
    __slots__ = ("sku", "quantity", "location_preference", "only")
    SKU_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    LOCATION_PREFERENCE_FIELD_NUMBER: _ClassVar[int]
    ONLY_FIELD_NUMBER: _ClassVar[int]
    sku: str
    quantity: int
    location_preference: _containers.RepeatedScalarFieldContainer[str]
    only: bool
    def __init__(self, sku: _Optional[str] = ..., quantity: _Optional[int] = ..., location_preference: _Optional[_Iterable[str]] = ..., only: _Optional[bool] = ...) -> None: ...

class ReserveRequest(_message.Message):
    __slots__ = ("order_id", "items", "ttl", "hold", "allow_partial", "reference")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    TTL_FIELD_NUMBER: _ClassVar[int]
    HOLD_FIELD_NUMBER: _ClassVar[int]
    ALLOW_PARTIAL_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    items: _containers.RepeatedCompositeFieldContainer[Item]
    ttl: _duration_pb2.Duration
    hold: HoldType
    allow_partial: bool
    reference: str
    def __init__(self, order_id: _Optional[str] = ..., items: _Optional[_Iterable[_Union[Item, _Mapping]]] = ..., ttl: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., hold: _Optional[_Union[HoldType, str]] = ..., allow_partial: _Optional[bool] = ..., reference: _Optional[str] = ...) -> None: ...

class HeldItem(_message.Message):
    __slots__ = ("sku_id", "location", "quantity", "shipped")
    SKU_ID_FIELD_NUMBER: _ClassVar[int]
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    SHIPPED_FIELD_NUMBER: _ClassVar[int]
    sku_id: str
    location: str
    quantity: int
    shipped: int
    def __init__(self, sku_id: _Optional[str] = ..., location: _Optional[str] = ..., quantity: _Optional[int] = ..., shipped: _Optional[int] = ...) -> None: ...

class Reservation(_message.Message):
    __slots__ = ("reservation_id", "order_id", "status", "expires_at", "created_at", "items", "short", "backordered", "kits", "reference")
    RESERVATION_ID_FIELD_NUMBER: _ClassVar[int]
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_AT_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    SHORT_FIELD_NUMBER: _ClassVar[int]
    BACKORDERED_FIELD_NUMBER: _ClassVar[int]
    KITS_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    reservation_id: str
    order_id: str
    status: ReservationStatus
    expires_at: _timestamp_pb2.Timestamp
    created_at: _timestamp_pb2.Timestamp
    items: _containers.RepeatedCompositeFieldContainer[HeldItem]
    short: _containers.RepeatedCompositeFieldContainer[Shortage]
    backordered: _containers.RepeatedCompositeFieldContainer[BackorderedItem]
    kits: _containers.RepeatedCompositeFieldContainer[HeldKit]
    reference: str
    def __init__(self, reservation_id: _Optional[str] = ..., order_id: _Optional[str] = ..., status: _Optional[_Union[ReservationStatus, str]] = ..., expires_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., created_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., items: _Optional[_Iterable[_Union[HeldItem, _Mapping]]] = ..., short: _Optional[_Iterable[_Union[Shortage, _Mapping]]] = ..., backordered: _Optional[_Iterable[_Union[BackorderedItem, _Mapping]]] = ..., kits: _Optional[_Iterable[_Union[HeldKit, _Mapping]]] = ..., reference: _Optional[str] = ...) -> None: ...

class BackorderedItem(_message.Message):
    __slots__ = ("sku_id", "quantity", "filled", "open", "promised_at")
    SKU_ID_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    FILLED_FIELD_NUMBER: _ClassVar[int]
    OPEN_FIELD_NUMBER: _ClassVar[int]
    PROMISED_AT_FIELD_NUMBER: _ClassVar[int]
    sku_id: str
    quantity: int
    filled: int
    open: int
    promised_at: _timestamp_pb2.Timestamp
    def __init__(self, sku_id: _Optional[str] = ..., quantity: _Optional[int] = ..., filled: _Optional[int] = ..., open: _Optional[int] = ..., promised_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class HeldKit(_message.Message):
    __slots__ = ("sku_id", "quantity", "shipped")
    SKU_ID_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    SHIPPED_FIELD_NUMBER: _ClassVar[int]
    sku_id: str
    quantity: int
    shipped: int
    def __init__(self, sku_id: _Optional[str] = ..., quantity: _Optional[int] = ..., shipped: _Optional[int] = ...) -> None: ...

class ReserveResponse(_message.Message):
    __slots__ = ("reservation",)
    RESERVATION_FIELD_NUMBER: _ClassVar[int]
    reservation: Reservation
    def __init__(self, reservation: _Optional[_Union[Reservation, _Mapping]] = ...) -> None: ...

class ReleaseRequest(_message.Message):
    __slots__ = ("order_id", "reservation_id", "reason")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    RESERVATION_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    reservation_id: str
    reason: str
    def __init__(self, order_id: _Optional[str] = ..., reservation_id: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class ReleaseResponse(_message.Message):
    __slots__ = ("reservation",)
    RESERVATION_FIELD_NUMBER: _ClassVar[int]
    reservation: Reservation
    def __init__(self, reservation: _Optional[_Union[Reservation, _Mapping]] = ...) -> None: ...

class StockQuery(_message.Message):
    __slots__ = ("skus", "location", "include_levels")
    SKUS_FIELD_NUMBER: _ClassVar[int]
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_LEVELS_FIELD_NUMBER: _ClassVar[int]
    skus: _containers.RepeatedScalarFieldContainer[str]
    location: str
    include_levels: bool
    def __init__(self, skus: _Optional[_Iterable[str]] = ..., location: _Optional[str] = ..., include_levels: _Optional[bool] = ...) -> None: ...

class Level(_message.Message):
    __slots__ = ("location", "on_hand", "reserved", "allocated", "available", "version", "damaged", "incoming", "held")
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    ON_HAND_FIELD_NUMBER: _ClassVar[int]
    RESERVED_FIELD_NUMBER: _ClassVar[int]
    ALLOCATED_FIELD_NUMBER: _ClassVar[int]
    AVAILABLE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    DAMAGED_FIELD_NUMBER: _ClassVar[int]
    INCOMING_FIELD_NUMBER: _ClassVar[int]
    HELD_FIELD_NUMBER: _ClassVar[int]
    location: str
    on_hand: int
    reserved: int
    allocated: int
    available: int
    version: int
    damaged: int
    incoming: int
    held: bool
    def __init__(self, location: _Optional[str] = ..., on_hand: _Optional[int] = ..., reserved: _Optional[int] = ..., allocated: _Optional[int] = ..., available: _Optional[int] = ..., version: _Optional[int] = ..., damaged: _Optional[int] = ..., incoming: _Optional[int] = ..., held: _Optional[bool] = ...) -> None: ...

class SkuStatus(_message.Message):
    __slots__ = ("sku", "sku_id", "on_hand", "reserved", "allocated", "available", "levels", "damaged", "incoming")
    SKU_FIELD_NUMBER: _ClassVar[int]
    SKU_ID_FIELD_NUMBER: _ClassVar[int]
    ON_HAND_FIELD_NUMBER: _ClassVar[int]
    RESERVED_FIELD_NUMBER: _ClassVar[int]
    ALLOCATED_FIELD_NUMBER: _ClassVar[int]
    AVAILABLE_FIELD_NUMBER: _ClassVar[int]
    LEVELS_FIELD_NUMBER: _ClassVar[int]
    DAMAGED_FIELD_NUMBER: _ClassVar[int]
    INCOMING_FIELD_NUMBER: _ClassVar[int]
    sku: str
    sku_id: str
    on_hand: int
    reserved: int
    allocated: int
    available: int
    levels: _containers.RepeatedCompositeFieldContainer[Level]
    damaged: int
    incoming: int
    def __init__(self, sku: _Optional[str] = ..., sku_id: _Optional[str] = ..., on_hand: _Optional[int] = ..., reserved: _Optional[int] = ..., allocated: _Optional[int] = ..., available: _Optional[int] = ..., levels: _Optional[_Iterable[_Union[Level, _Mapping]]] = ..., damaged: _Optional[int] = ..., incoming: _Optional[int] = ...) -> None: ...

class StockStatus(_message.Message):
    __slots__ = ("skus", "as_of")
    SKUS_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    skus: _containers.RepeatedCompositeFieldContainer[SkuStatus]
    as_of: _timestamp_pb2.Timestamp
    def __init__(self, skus: _Optional[_Iterable[_Union[SkuStatus, _Mapping]]] = ..., as_of: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Shortages(_message.Message):
    __slots__ = ("items",)
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[Shortage]
    def __init__(self, items: _Optional[_Iterable[_Union[Shortage, _Mapping]]] = ...) -> None: ...

class Shortage(_message.Message):
    __slots__ = ("sku_id", "requested", "available")
    SKU_ID_FIELD_NUMBER: _ClassVar[int]
    REQUESTED_FIELD_NUMBER: _ClassVar[int]
    AVAILABLE_FIELD_NUMBER: _ClassVar[int]
    sku_id: str
    requested: int
    available: int
    def __init__(self, sku_id: _Optional[str] = ..., requested: _Optional[int] = ..., available: _Optional[int] = ...) -> None: ...

class Differences(_message.Message):
    __slots__ = ("items",)
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[Difference]
    def __init__(self, items: _Optional[_Iterable[_Union[Difference, _Mapping]]] = ...) -> None: ...

class Difference(_message.Message):
    __slots__ = ("sku_id", "first", "now")
    SKU_ID_FIELD_NUMBER: _ClassVar[int]
    FIRST_FIELD_NUMBER: _ClassVar[int]
    NOW_FIELD_NUMBER: _ClassVar[int]
    sku_id: str
    first: int
    now: int
    def __init__(self, sku_id: _Optional[str] = ..., first: _Optional[int] = ..., now: _Optional[int] = ...) -> None: ...
