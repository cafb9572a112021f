"""What readers of files have to say of a fault."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from router.model.errors import InputError


@contextmanager
def one_fault(where: str, expected: str) -> Iterator[None]:
    """What is done within raises InputError of a place that ends so, in one line that says that this was expected."""
    with pytest.raises(InputError) as caught:
        yield
    assert caught.value.where.endswith(where), caught.value
    assert expected in caught.value.expected
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 1000
