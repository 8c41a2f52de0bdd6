"""The one place that translates between Python's snake_case and the wire's camelCase."""

import re
from functools import lru_cache

_SNAKE = re.compile(r"_([a-z0-9])")


@lru_cache(maxsize=4096)
def camel(name: str) -> str:
    """``unit_price`` → ``unitPrice``; a name without underscores stays as it is."""
    return _SNAKE.sub(lambda match: match[1].upper(), name)


def camel_pointer(pointer: str) -> str:
    """A JSON Pointer (or ``?name``) with every segment as the wire spells it."""
    return "/".join(camel(segment) for segment in pointer.split("/"))
