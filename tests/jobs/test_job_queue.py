"""The queue against a sorted list."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from promptls.jobs.item import Entry, Item
from promptls.jobs.model import Priority
from promptls.jobs.queue import PriorityQueue

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["push", "push", "pop", "promote", "remove"]),
        st.sampled_from(Priority),
        st.integers(0, 1_000),
    ),
    max_size=300,
)


@settings(max_examples=100, deadline=None)
@given(STEPS)
def test_against_a_sorted_list(steps: list[tuple[str, Priority, int]]) -> None:
    queue = PriorityQueue()
    waiting: list[Entry] = []
    for number, (step, priority, chosen) in enumerate(steps):
        if step == "push":
            entry = Entry((number, 0), priority, lambda arguments: arguments)
            entry.items = [Item(number, number, "", "compute", entry, None, 0.0) for _ in "ab"]
            queue.push(entry)
            waiting.append(entry)
        elif step == "pop":
            expected = min(waiting, key=lambda each: (each.priority, each.order), default=None)
            popped = queue.pop()
            assert popped is expected
            if popped is not None:
                waiting.remove(popped)
                popped.take()
        elif waiting:
            entry = waiting[chosen % len(waiting)]
            if step == "promote" and priority < entry.priority:
                queue.promote(entry, priority)
            elif step == "remove":
                queue.remove(entry.items[chosen % len(entry.items)])
                if not entry.items:
                    waiting.remove(entry)
        assert len(queue) == len(waiting)


def test_dead_places_are_swept() -> None:
    queue = PriorityQueue()
    for number in range(10_000):
        entry = Entry((number, 0), Priority.IDLE, lambda arguments: arguments)
        item = Item(number, number, "", "compute", entry, None, 0.0)
        entry.items.append(item)
        queue.push(entry)
        queue.remove(item)
    assert len(queue) == 0
    assert len(queue._heap) < 200
