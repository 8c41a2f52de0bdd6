"""A query that was read before is not read again, unless it might mean something else by then."""

from typing import Any

import pytest
from django.test import RequestFactory
from rest_framework import serializers
from rest_framework.request import Request

from ecommerce.clock import now
from ecommerce.errors import Invalid
from ecommerce.http import Serializer, read_query
from ecommerce.http.inputs import LONGEST_KEPT, _is_pure, _remembered


class Plain(Serializer):
    page_size = serializers.IntegerField(max_value=100, default=20)
    name = serializers.CharField(default="", allow_blank=True)
    in_stock = serializers.BooleanField(default=False)


def asked(query: str) -> Request:
    return Request(RequestFactory().get(f"/?{query}"))


def test_the_same_query_is_checked_once() -> None:
    _remembered.cache_clear()
    answers = [
        read_query(asked("pageSize=7&name=m%C3%BCsli&inStock=true"), Plain) for _ in range(3)
    ]

    assert answers == [{"page_size": 7, "name": "müsli", "in_stock": True}] * 3
    assert (_remembered.cache_info().misses, _remembered.cache_info().hits) == (1, 2)


def test_what_a_caller_does_with_the_answer_changes_no_other() -> None:
    read_query(asked("name=mug"), Plain).clear()

    assert read_query(asked("name=mug"), Plain)["name"] == "mug"


def test_a_refusal_is_a_refusal_each_time() -> None:
    for _ in range(2):
        with pytest.raises(Invalid) as refused:
            read_query(asked("pageSize=1000"), Plain)
        assert refused.value.faults[0].pointer == "?pageSize"


def test_long_queries_are_not_kept() -> None:
    _remembered.cache_clear()
    name = "m" * LONGEST_KEPT

    assert read_query(asked(f"name={name}"), Plain)["name"] == name
    assert _remembered.cache_info().currsize == 0


class WithMoment(Serializer):
    day = serializers.CharField(default=lambda: now().isoformat())


class WithList(Serializer):
    names = serializers.ListField(child=serializers.CharField())


class WithCheck(Serializer):
    name = serializers.CharField()

    def validate_name(self, name: str) -> str:
        return name


class WithWholeCheck(Serializer):
    name = serializers.CharField()

    def validate(self, attrs: Any) -> Any:
        return attrs


class WithOwnValidator(Serializer):
    name = serializers.CharField(validators=[lambda name: None])


@pytest.mark.parametrize(
    "kind", [WithMoment, WithList, WithCheck, WithWholeCheck, WithOwnValidator]
)
def test_what_might_be_read_otherwise_next_time_is_not_kept(kind: type[Serializer]) -> None:
    assert _is_pure(Plain)
    assert not _is_pure(kind)
