"""Test that a frame computes once what it needs several times."""

from __future__ import annotations

from renderer.stage.latest import remember_latest


def test_a_result_is_computed_again_for_another_tuple_alone() -> None:
    asked: list[tuple[int, ...]] = []

    @remember_latest
    def add_up(numbers: tuple[int, ...]) -> int:
        asked.append(numbers)
        return sum(numbers)

    first, second = (tuple(range(1, 3)) for _ in range(2))
    assert [add_up(first), add_up(first), add_up(second), add_up(first)] == [3] * 4
    assert [id(one) for one in asked] == [id(first), id(second), id(first)]
