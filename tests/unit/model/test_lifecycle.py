"""Events as JSON."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from model.lifecycle import MAX_NUMBER, MAX_REASON, Event, State, clean, time_text

NAMES = st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}", fullmatch=True)
TIMES = st.integers(0, 2**37).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
EVENTS = st.builds(
    lambda reasons, by, **fields: Event(
        **fields, by=clean(by, 100) or "retrain", reasons=tuple(filter(None, map(clean, reasons)))
    ),
    name=NAMES,
    version=NAMES,
    state=st.sampled_from(State),
    at=TIMES.map(time_text),
    by=st.text(),
    reasons=st.lists(st.text(), max_size=5),
    replaced=st.none() | NAMES,
    number=st.integers(0, MAX_NUMBER),
)


@given(EVENTS)
def test_event_is_read_as_it_was_written(event: Event) -> None:
    assert Event.from_json(event.to_json()) == event


@given(st.text(), st.integers(1, 50))
def test_clean_text_is_one_printable_line_and_stays_so(text: str, length: int) -> None:
    line = clean(text, length)
    assert line.isprintable()
    assert len(line) <= length
    assert clean(line, length) == line


def test_long_reason_is_cut() -> None:
    assert clean("x" * 2 * MAX_REASON) == "x" * MAX_REASON
    assert clean(" It is\n\x1b[31mworse.\t") == "It is [31mworse."


def test_times_compare_as_texts() -> None:
    start = datetime(2026, 1, 31, 14, 5, tzinfo=UTC)
    local = start.astimezone(timezone(timedelta(hours=9)))
    assert time_text(local) == time_text(start) == "2026-01-31T14:05:00.000000+00:00"
    assert time_text(start) < time_text(local + timedelta(microseconds=1))
