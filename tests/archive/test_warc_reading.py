"""Any WARC file, whole or damaged: every record or a fault in its place, in bounded time and memory, and never an exception."""

import gzip
import random
import re

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from rig_warcs import packed, record, request, response

from store.batch.members import FAR
from store.batch.warcs import LARGEST_BLOCK, LARGEST_HEAD, records

PAGES = [response(f"https://bao-a.vn/tin-{number}", b"<p>%d " % number * 60) for number in range(4)]
LENGTH = len(PAGES[0].partition(b"\r\n\r\n")[2]) - 4


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("warcs") / "file.warc.gz"


def read(path, data):
    path.write_bytes(data)
    return list(records(path))


def told(found):
    """The last letter of each address, or the fault of what has none."""
    return [one.url[-1:] + ("!" if one.fault else "") for one in found]


FORMS = {"members": packed(*PAGES), "plain": b"".join(PAGES), "one member": gzip.compress(b"".join(PAGES), mtime=0)}


@pytest.mark.parametrize("form", FORMS)
def test_a_whole_file_in_each_of_its_forms(path, form):
    found = read(path, FORMS[form])
    assert told(found) == ["0", "1", "2", "3"]
    assert [one.number for one in found] == [1, 2, 3, 4]
    assert {one.kind for one in found} == {"response"}
    assert found[2].block == PAGES[2].partition(b"\r\n\r\n")[2][:-4]


def test_offsets_are_where_a_tool_finds_the_record(path):
    data = packed(*PAGES)
    for one in read(path, data):
        path.write_bytes(data[one.offset :])
        assert next(records(path)).url == one.url


def test_all_kinds_of_records(path):
    found = read(path, packed(record("warcinfo", None, b"software: x"), request("https://a.vn/"), PAGES[0]))
    assert [one.kind for one in found] == ["warcinfo", "request", "response"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("change", "fault"), [
    (-7, "it goes on behind"),
    (5, "its length is wrong|it is cut off"),
    (LENGTH + 100, "another record begins after|it is cut off"),
    (20_000, "another record begins after|it is cut off"),
    (10**14, "they are not there or too many"),
])  # fmt: skip
def test_a_wrong_length_costs_one_record(path, form, change, fault):
    stated = b"Content-Length: %d\r\n\r\nHTTP"
    wrong = PAGES[1].replace(stated % LENGTH, stated % (LENGTH + change))
    assert wrong != PAGES[1]
    pages = [PAGES[0], wrong, *PAGES[2:]]
    data = {"members": packed(*pages), "plain": b"".join(pages), "one member": gzip.compress(b"".join(pages), mtime=0)}[form]
    found = read(path, data)
    assert re.search(fault, found[1].fault)
    assert told(found) == ["0", "1!", "2", "3"]


def test_a_file_that_breaks_off(path):
    data = packed(*PAGES)
    found = read(path, data[:-40])
    assert told(found) == ["0", "1", "2", "3!"]
    assert re.fullmatch(r"it is cut off: \d+ of its \d+ bytes are there \(the file ends in the middle of it\)", found[3].fault)
    assert told(read(path, b"".join(PAGES)[:-300])) == ["0", "1", "2", "3!"]


@pytest.mark.parametrize(
    "junk", [b"\0" * 40, b"junk", b"\x1f\x8b\x08\0\0\0\0\0\0\xff" * 50, gzip.compress(b"not a record", mtime=0)]
)
def test_junk_between_records(path, junk):
    members = [gzip.compress(page, mtime=0) for page in PAGES]
    found = read(path, members[0] + junk + b"".join(members[1:]))
    assert [one for one in told(found) if one and not one.endswith("!")] == ["0", "1", "2", "3"]


def test_a_damaged_member_is_one_fault(path):
    members = [bytearray(gzip.compress(page, mtime=0)) for page in PAGES]
    members[1][60:64] = b"\xff\xff\xff\xff"
    found = read(path, b"".join(members))
    assert len(found) == 4
    assert "damaged" in found[1].fault
    assert told(found)[2:] == ["2", "3"]


HEAD = b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://bao-a.vn/tin-9\r\n"


@pytest.mark.parametrize(("hostile", "fault"), [
    (HEAD + b"X: y\r\n" * 100_000, "its headers have no end"),
    (HEAD + b"X: " + b"y" * 10 * LARGEST_HEAD, "its headers have no end"),
    (HEAD + b"\r\n", "states no usable length"),
    (HEAD + b"Content-Length: -5\r\n\r\n", "states no usable length"),
    (HEAD + b"Content-Length: 1e9\r\n\r\n", "states no usable length"),
    (HEAD + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n", "states no usable length"),
    (HEAD + b"Content-Length: %d\r\n\r\n" % (LARGEST_BLOCK + 1) + bytes(LARGEST_BLOCK + 1) + b"\r\n\r\n", "more than the"),
    (HEAD + b"Content-Length: %d\r\n\r\n" % 10**12 + bytes(10**6), "not there or too many"),
    (b"\r\n" * 10**6, "no WARC record begins here"),
    (bytes(FAR + 2**20), "no WARC record begins here"),
    (b"WARC/9999999\r\n\r\n", "no WARC record begins here"),
    (b"<!DOCTYPE html>", "no WARC record begins here"),
])  # fmt: skip
def test_what_is_absurd_is_a_fault_and_the_next_record_is_read(path, hostile, fault):
    found = read(path, gzip.compress(hostile, 1, mtime=0) + packed(PAGES[0]))
    assert fault in found[0].fault
    assert told(found)[-1] == "0"
    assert len(found) == 2
    assert all(len(one.block) <= LARGEST_BLOCK for one in found)


@pytest.mark.parametrize(
    "data", [b"", b"\x1f", b"\x1f\x8b", b"\x1f\x8b\x08", b"W", b"WARC/1.0", gzip.compress(b"", mtime=0), bytes(100)]
)
def test_hardly_a_file(path, data):
    assert [one for one in read(path, data) if not one.fault] == []


def test_records_that_swallow_each_other_are_not_read_for_ever(path, monkeypatch):
    monkeypatch.setattr("store.batch.members.MOST_PUSHED_BACK", 20)
    liar = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 16000000\r\n\r\nx\r\n\r\n"
    for data in (liar * 1000, gzip.compress(liar * 1000, mtime=0)):
        found = read(path, data)
        assert len(found) == 21
        assert found[-1].fault == "too many of its records have a wrong length"


def test_a_file_of_beginnings_is_not_searched_for_ever(path, monkeypatch):
    monkeypatch.setattr("store.batch.members.MOST_CANDIDATES", 1000)
    found = read(path, b"\x1f\x8b\x08" * 5000 + packed(PAGES[0]))
    assert [bool(one.fault) for one in found] == [True]


CHANGES = st.lists(
    st.tuples(st.sampled_from(["flip", "cut", "double", "drop", "insert"]), st.floats(0, 1), st.integers(0, 255)), max_size=4
)


def mutated(data, changes):
    """The data after a few accidents, each at a place given as a share of its length."""
    for what, where, value in changes:
        at = int(where * max(0, len(data) - 1))
        if what == "flip":
            data = data[:at] + bytes([data[at] ^ (value or 1)]) + data[at + 1 :] if data else data
        elif what == "cut":
            data = data[:at]
        elif what == "double":
            data = data[:at] + data[at : at + value] + data[at:]
        elif what == "drop":
            data = data[:at] + data[at + value :]
        else:
            data = data[:at] + random.Random(value).randbytes(value) + data[at:]
    return data


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(form=st.sampled_from(sorted(FORMS)), changes=CHANGES)
@example(form="members", changes=[("cut", 0.5, 0)])
def test_no_accident_makes_reading_fail_or_go_on_for_ever(path, form, changes):
    data = mutated(FORMS[form], changes)
    found = read(path, data)
    assert [one.number for one in found] == list(range(1, len(found) + 1))
    assert len(found) <= len(data) // 10 + 1
    assert sum(len(one.block) for one in found) <= 1100 * len(data) + 1


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=st.floats(0, 0.99), value=st.integers(1, 255))
def test_one_flipped_byte_spoils_at_most_its_neighbours(path, where, value):
    found = read(path, mutated(FORMS["members"], [("flip", where, value)]))
    whole = [one for one in found if not one.fault]
    assert len(whole) >= 3 or int(where * len(FORMS["members"])) < 12
