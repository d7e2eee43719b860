"""Raw pages as WARC: written, read back, mended, and thrown away when their time is over."""

import gzip
from dataclasses import replace
from datetime import timedelta
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from spiders.errors import UnusableStore
from store.archive import Archive, mend_tail, payload_digest
from store.database import Store
from store.records import Decided, Reading
from store.retention import Cleaned, SizeOfFate, SizeReport, clean_up, size_report, unreadable

DAY = "2026-03-01.warc.gz"
BODY = "<html><p>Biên phòng hai nước</p></html>".encode()


@pytest.fixture
def archive(store, tmp_path):
    with Archive(tmp_path, store) as opened:
        yield opened


def keep(store, archive, make, page, decision="keep"):
    """Archive a page and store it with a verdict; returns its record."""
    record = archive.keep(page)
    reading = Reading(make.article(page.found, text=page.found.url + make.text), make.verdict(decision))
    store.save_page(page, [Decided("judged", "ok", decision)], reading, record)
    return record


def records(path):
    """All records as (type, address, status line, body)."""
    with path.open("rb") as file:
        return [
            (
                one.rec_type,
                one.rec_headers.get_header("WARC-Target-URI"),
                one.http_headers and one.http_headers.statusline,
                one.content_stream().read(),
            )
            for one in ArchiveIterator(file)
        ]


def test_a_page_as_any_warc_tool_sees_it(store, archive, make, tmp_path):
    headers = (
        ("Content-Type", "text/html"),
        ("Content-Encoding", "gzip"),
        ("Transfer-Encoding", "chunked"),
        ("Set-Cookie", "a=1"),
    )
    request = (("User-Agent", "vietlao"), ("Proxy-Authorization", "Basic c2VjcmV0"))
    page = make.page(body=BODY, headers=headers, request_headers=request, url="https://bao-a.vn/tin-1?trang=2")
    record = keep(store, archive, make, page)
    path = tmp_path / "archive" / DAY
    assert records(path)[1:] == [
        ("response", page.url, "200 OK", BODY),
        ("request", page.url, "/tin-1?trang=2 HTTP/1.1", b""),
    ]
    with path.open("rb") as file:
        info, response, asked = [(one.rec_type, one.rec_headers, one.http_headers) for one in ArchiveIterator(file)]
    assert info[0] == "warcinfo"
    assert response[1].get_header("WARC-Record-ID") == record.record == asked[1].get_header("WARC-Concurrent-To")
    assert response[1].get_header("WARC-Date") == "2026-03-01T05:00:00.000000Z"
    assert response[1].get_header("WARC-Payload-Digest") == payload_digest(BODY)
    assert response[2].headers == [
        ("Content-Type", "text/html"),
        ("X-Crawler-Content-Encoding", "gzip"),
        ("X-Crawler-Transfer-Encoding", "chunked"),
        ("Set-Cookie", "a=1"),
        ("Content-Length", str(len(BODY))),
    ]
    assert asked[2].headers == [("Host", "bao-a.vn"), ("User-Agent", "vietlao")]


def test_warcio_finds_nothing_wrong(store, archive, make, tmp_path, capsys):
    for name in "ab":
        keep(store, archive, make, make.page(make.found(name), BODY))
    arguments = type("Arguments", (), {"inputs": [str(tmp_path / "archive" / DAY)], "verbose": True})
    checker = Checker(arguments)
    checker.process_all()
    assert checker.exit_value == 0
    assert "digest failed" not in capsys.readouterr().out


def test_a_page_is_read_back_as_it_was(store, archive, make):
    page = make.page(body=BODY, headers=(("Content-Type", "text/html"), ("Content-Encoding", "br")), request_headers=())
    keep(store, archive, make, page)
    ((place, record),) = store.pages()
    assert archive.read(record, place) == make.page(place, BODY, headers=page.headers, request_headers=())


def test_a_body_seen_before_is_written_once(store, archive, make, tmp_path):
    first = keep(store, archive, make, make.page(body=BODY))
    again = keep(store, archive, make, make.page(make.found("2"), BODY))
    assert (first.original, again.original) == (None, 1)
    assert [kind for kind, *_ in records(tmp_path / "archive" / DAY)] == [
        "warcinfo",
        "response",
        "request",
        "revisit",
        "request",
    ]
    assert [archive.read(record, place).body for place, record in store.pages()] == [BODY, BODY]


def test_a_body_whose_file_was_taken_away_is_written_again(store, archive, make, tmp_path, clock):
    keep(store, archive, make, make.page(body=BODY))
    (tmp_path / "archive" / DAY).unlink()
    clock.pass_(days=1)
    again = keep(store, archive, make, make.page(make.found("2"), BODY))
    assert again.original is None
    assert archive.read(store.page(2), make.found("2")).body == BODY


def test_pages_can_be_gone_through_in_portions(store, archive, make, clock):
    for name in "abcde":
        keep(store, archive, make, make.page(make.found(name), name.encode(), fetched=clock.pass_(hours=1)))
    keep(store, archive, make, make.page(make.found("f", of="bao-b"), b"f"))
    assert [record.url[-1] for _, record in store.pages("bao-a", portion=2)] == list("abcde")
    assert [record.url[-1] for _, record in store.pages(since=make.start + timedelta(hours=4), portion=2)] == ["d", "e"]


def test_a_day_has_its_file(store, archive, make, clock, tmp_path):
    for name in "ab":
        keep(store, archive, make, make.page(make.found(name), name.encode()))
        clock.pass_(days=1)
    assert sorted(path.name for path in (tmp_path / "archive").iterdir()) == ["2026-03-01.warc.gz", "2026-03-02.warc.gz"]


def test_a_second_process_goes_on_with_the_file_of_the_day(store, make, tmp_path):
    for name in "ab":
        with Archive(tmp_path, store) as archive:
            keep(store, archive, make, make.page(make.found(name), name.encode()))
    assert [kind for kind, *_ in records(tmp_path / "archive" / DAY)] == ["warcinfo", *["response", "request"] * 2]


@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary(max_size=300),
    status=st.sampled_from([200, 404, 299, 999]),
    values=st.lists(st.text(st.characters(max_codepoint=0x17F), max_size=20), max_size=3),
    path=st.text(st.characters(codec="ascii", exclude_characters="\r\n\0 "), max_size=10),
)
def test_whatever_a_server_sends_comes_back(store, archive, make, body, status, values, path):
    headers = tuple((f"X-{number}", value) for number, value in enumerate(values))
    page = make.page(body=body, status=status, headers=headers, url=f"https://bao-a.vn/{path}")
    record = keep(store, archive, make, page)
    stored = store.page(store.archived_pages()[-1].id)
    back = archive.read(stored, page.found)
    assert (back.body, back.status, back.url, stored.record) == (body, status, page.url, record.record)


@pytest.mark.parametrize("name", ["Link", "Liên-kết"])
@pytest.mark.parametrize("value", ['<https://bao-a.vn/tô>; rel="next"', "tin; tên=Lào", "Quốc phòng", "\udc80;a=b", ";\x80=0"])
def test_headers_in_vietnamese_cost_no_page(store, archive, make, name, value):
    page = make.page(body=BODY, headers=((name, value),), url="https://bao-a.vn/tuần tra")
    keep(store, archive, make, replace(page, request_headers=((name, value),)))
    ((place, stored),) = store.pages()
    back = archive.read(stored, place)
    assert (back.body, back.url) == (BODY, page.url)
    assert unquote(back.headers[0][0]) == name
    assert unquote(back.headers[0][1]) == value.replace("\udc80", "?")


class TestDamage:
    def test_a_half_written_record_is_cut_off(self, store, make, tmp_path):
        path = tmp_path / "archive" / DAY
        with Archive(tmp_path, store) as archive:
            keep(store, archive, make, make.page(body=BODY))
        whole = path.read_bytes()
        for torn in (b"\x1f", gzip.compress(b"WARC/1.1\r\n" * 50)[:-3], b"no gzip at all", b"\x1f\x8b\x08\x00\x00"):
            path.write_bytes(whole + torn)
            mend_tail(path, store.archive_end(DAY))
            assert path.read_bytes() == whole
        path.write_bytes(whole + b"torn")
        with Archive(tmp_path, store) as archive:
            keep(store, archive, make, make.page(make.found("2"), b"2"))
        assert len(records(path)) == 5

    def test_whole_records_that_the_store_does_not_know_stay(self, store, make, tmp_path):
        path = tmp_path / "archive" / DAY
        with Archive(tmp_path, store) as archive:
            archive.keep(make.page(body=BODY))  # and then the process dies, before the store is told
        whole = path.read_bytes()
        path.write_bytes(whole + whole[:7])
        mend_tail(path, store.archive_end(DAY))
        assert path.read_bytes() == whole

    def test_a_large_record_is_checked_in_little_memory(self, tmp_path):
        path = tmp_path / "bomb"
        path.write_bytes(gzip.compress(bytes(40_000_000)) + b"torn")
        mend_tail(path, 0)
        assert len(gzip.decompress(path.read_bytes())) == 40_000_000

    def test_a_missing_file(self, store, archive, make, tmp_path):
        keep(store, archive, make, make.page())
        (tmp_path / "archive" / DAY).unlink()
        ((place, record),) = store.pages()
        with pytest.raises(LookupError, match="is missing"):
            archive.read(record, place)

    def test_another_record_in_its_place(self, store, archive, make, tmp_path):
        keep(store, archive, make, make.page())
        store.db.execute("UPDATE page SET offset = 0, length = offset")
        ((place, record),) = store.pages()
        with pytest.raises(ValueError, match="another record"):
            archive.read(record, place)

    def test_what_the_system_does_not_let_be_read_is_told(self, store, archive, make, tmp_path):
        keep(store, archive, make, make.page())
        (tmp_path / "archive" / DAY).rename(tmp_path / "aside")
        (tmp_path / "archive" / DAY).mkdir()
        ((url, reason),) = unreadable(store, archive)
        assert (url, reason) == (make.page().url, f"archive/{DAY} cannot be read (Is a directory)")

    @pytest.mark.parametrize("at", [20, 60, -30, -6])
    def test_a_damaged_record(self, store, archive, make, tmp_path, at):
        keep(store, archive, make, make.page(body=BODY * 20))
        ((place, record),) = store.pages()
        path = tmp_path / "archive" / DAY
        data = bytearray(path.read_bytes())
        data[record.offset + at % record.length] ^= 0xFF
        path.write_bytes(data)
        with pytest.raises(ValueError, match=r"^archive/2026-03-01.warc.gz is damaged at byte"):
            archive.read(record, place)

    def test_a_folder_that_cannot_be_written(self, store, make, tmp_path):
        (tmp_path / "archive").write_text("a file where the folder should be")
        with Archive(tmp_path, store) as archive, pytest.raises(UnusableStore, match="cannot be archived"):
            archive.keep(make.page())

    def test_a_full_disk_leaves_no_half_record(self, store, archive, make, tmp_path, monkeypatch):
        keep(store, archive, make, make.page())
        path = tmp_path / "archive" / DAY
        before = path.read_bytes()

        def full(file, data):
            import os

            os.write(file, data[:10])
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("store.archive._write", full)
        with pytest.raises(UnusableStore, match="No space left on device"):
            archive.keep(make.page(make.found("2"), b"2"))
        assert path.read_bytes() == before


class TestRetention:
    @pytest.fixture
    def kept(self, store, make, tmp_path, clock):
        """A day with a page of each verdict, one whose body the relevant page repeats, and one that was never judged."""
        with Archive(tmp_path, store) as archive:
            keep(store, archive, make, make.page(make.found("drop"), b"d"), "drop")
            keep(store, archive, make, make.page(make.found("first"), BODY), "drop")
            keep(store, archive, make, make.page(make.found("repeat"), BODY), "keep")
            keep(store, archive, make, make.page(make.found("near"), b"n"), "marginal")
            lost = make.page(make.found("broken"), b"b")
            store.save_page(lost, [Decided("judged", "failed", "KeyError", broken=True)], None, archive.keep(lost))
        return tmp_path

    def left(self, store, archive):
        return {record.url[-4:]: archive.read(record, place).body for place, record in store.pages()}

    def test_nothing_goes_before_its_time(self, kept, store, make):
        before = (kept / "archive" / DAY).read_bytes()
        assert clean_up(store, kept, make.start + timedelta(days=59)) == Cleaned(0, 0, 0)
        assert (kept / "archive" / DAY).read_bytes() == before

    @pytest.mark.parametrize(
        ("days", "left"),
        [
            (60, {"irst": BODY, "peat": BODY, "near": b"n"}),
            (365, {"irst": BODY, "peat": BODY}),
            (9999, {"irst": BODY, "peat": BODY}),
        ],
    )
    def test_by_verdict(self, kept, store, make, archive, days, left):
        cleaned = clean_up(store, kept, make.start + timedelta(days=days))
        assert cleaned.pages == 5 - len(left)
        assert cleaned.freed > 0
        assert self.left(store, archive) == left
        (path,) = (kept / "archive").iterdir()
        assert path.name == "2026-03-01.1.warc.gz"
        assert records(path)[0][0] == "warcinfo"

    def test_what_reads_the_archive_meanwhile_finds_what_was_moved(self, kept, store, make, archive):
        """`archive --check` and a preview of `reprocess` hold no lock."""
        path = kept / "archive" / DAY
        data = bytearray(path.read_bytes())
        data[store.archived_pages()[0].offset + 30] ^= 0xFF
        path.write_bytes(data)
        checking = unreadable(store, archive)
        assert next(checking)[0] == "https://bao-a.vn/tin-drop"
        looked_up = list(store.pages())
        clean_up(store, kept, make.start + timedelta(days=60))
        assert list(checking) == []
        bodies = {
            record.url[-4:]: archive.read(record, place).body for place, record in looked_up if store.page(record.id).file
        }
        assert bodies == {"irst": BODY, "peat": BODY, "near": b"n"}

    def test_decisions_stay(self, kept, store, make, archive):
        clean_up(store, kept, make.start + timedelta(days=60))
        life = store.life("https://bao-a.vn/tin-drop")
        assert (life.fate, life.article.text[:10]) == ("dropped", "https://ba")
        with pytest.raises(LookupError, match="no longer kept"):
            archive.read(store.page(1), make.found("drop"))

    def test_a_file_of_which_nothing_stays_goes(self, store, make, tmp_path, archive):
        keep(store, archive, make, make.page(), "drop")
        size = (tmp_path / "archive" / DAY).stat().st_size
        assert clean_up(store, tmp_path, make.start + timedelta(days=60)) == Cleaned(1, size, 1)
        assert list((tmp_path / "archive").iterdir()) == []

    def test_twice_in_a_row(self, kept, store, make, archive):
        clean_up(store, kept, make.start + timedelta(days=60))
        clean_up(store, kept, make.start + timedelta(days=365))
        assert clean_up(store, kept, make.start + timedelta(days=365)) == Cleaned(0, 0, 0)
        assert [path.name for path in (kept / "archive").iterdir()] == ["2026-03-01.2.warc.gz"]

    @pytest.mark.parametrize("dies_at", ["copying", "telling"])
    def test_dying_in_between_loses_nothing(self, kept, store, make, archive, monkeypatch, dies_at):
        later = make.start + timedelta(days=60)
        target = {"copying": "store.compaction.os.fsync", "telling": "store.database.Store.move_pages"}[dies_at]
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(target, lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
            clean_up(store, kept, later)
        assert len(self.left(store, archive)) == 5
        clean_up(store, kept, later)
        assert len(self.left(store, archive)) == 3
        assert len(list((kept / "archive").iterdir())) == 1

    @pytest.mark.parametrize("at", [40, -20])
    def test_what_can_be_read_moves_out_of_a_damaged_file(self, kept, store, make, archive, at):
        path = kept / "archive" / DAY
        stays = next(page for page in store.archived_pages() if page.fate == "marginal")
        whole = path.read_bytes()
        data = bytearray(whole)
        data[stays.offset + at % stays.length] ^= 0xFF
        path.write_bytes(data)
        cleaned = clean_up(store, kept, make.start + timedelta(days=60))
        assert (cleaned.pages, cleaned.freed, path.read_bytes()) == (2, 0, bytes(data))
        assert f"the record at byte {stays.offset:,} cannot be read whole" in cleaned.faults[0]
        assert sorted((page.file, page.fate) for page in store.archived_pages()) == [
            ("2026-03-01.1.warc.gz", "dropped"),
            ("2026-03-01.1.warc.gz", "keep"),
            (DAY, "marginal"),
        ]
        assert [url[-4:] for url, _ in unreadable(store, archive)] == ["near"]
        # told once; and a copy that is put back is read again
        assert clean_up(store, kept, make.start + timedelta(days=61)) == Cleaned(0, 0, 0)
        path.write_bytes(whole)
        assert self.left(store, archive) == {"irst": BODY, "peat": BODY, "near": b"n"}
        clean_up(store, kept, make.start + timedelta(days=365))
        assert [path.name for path in (kept / "archive").iterdir()] == ["2026-03-01.1.warc.gz"]

    @pytest.mark.parametrize("broken", ["cut off", "a bad disk"])
    def test_a_file_of_which_nothing_can_be_read_stops_no_night(self, kept, store, make, archive, monkeypatch, broken):
        path = kept / "archive" / DAY
        if broken == "cut off":
            path.write_bytes(path.read_bytes()[:200])
        else:
            monkeypatch.setattr("store.compaction.members", lambda *_: (_ for _ in ()).throw(OSError(5, "Input/output error")))
        before = path.read_bytes()
        cleaned = clean_up(store, kept, make.start + timedelta(days=60))
        assert (cleaned.pages, len(store.archived_pages()), path.read_bytes()) == (2, 3, before)
        assert ", and 2 more" in cleaned.faults[0]
        assert clean_up(store, kept, make.start + timedelta(days=61)).faults == ()
        assert [file.name for file in (kept / "archive").iterdir()] == [DAY]

    def test_pages_behind_a_damaged_one_that_goes_are_not_lost(self, kept, store, make, archive):
        path = kept / "archive" / DAY
        goes = store.archived_pages()[0]
        data = bytearray(path.read_bytes())
        data[goes.offset + 30 : goes.offset + goes.length - 10] = bytes(goes.length - 40)
        path.write_bytes(data)
        assert clean_up(store, kept, make.start + timedelta(days=60)).faults == ()
        assert self.left(store, archive) == {"irst": BODY, "peat": BODY, "near": b"n"}

    def test_requests_stay_beside_their_answers(self, kept, store, make):
        clean_up(store, kept, make.start + timedelta(days=60))
        (path,) = (kept / "archive").iterdir()
        assert [kind for kind, *_ in records(path)] == [
            "warcinfo",
            "response",
            "request",
            "revisit",
            "request",
            "response",
            "request",
        ]

    def test_a_file_that_was_taken_away_stops_nothing(self, kept, store, make):
        (kept / "archive" / DAY).unlink()
        assert clean_up(store, kept, make.start + timedelta(days=60)) == Cleaned(2, 0, 1)
        assert len(store.archived_pages()) == 3

    def test_a_file_that_the_store_does_not_know_is_kept(self, kept, store, make):
        """As when the store was put back from a copy that is older than the last cleaning."""
        clean_up(store, kept, make.start + timedelta(days=60))
        (path,) = (kept / "archive").iterdir()
        store.db.execute("UPDATE page SET file = ? WHERE file IS NOT NULL", [DAY])
        store.db.conn.commit()
        cleaned = clean_up(store, kept, make.start + timedelta(days=60))
        assert (cleaned.files, cleaned.unknown) == (0, (str(path),))
        assert path.exists()

    def test_what_was_marked_relevant_stays(self, kept, store, make):
        store.mark("https://bao-a.vn/tin-drop", "relevant", "ana")
        store.mark("https://bao-a.vn/tin-broken", "relevant", "ana")
        store.mark("https://bao-a.vn/tin-broken", "irrelevant", "ana")
        clean_up(store, kept, make.start + timedelta(days=9999))
        assert {page.fate for page in store.archived_pages()} == {"keep", "marked", "dropped"}
        assert next(one.url for _, one in store.pages()).endswith("drop")

    def test_a_full_disk_is_told(self, kept, store, make, monkeypatch):
        def full(*_):
            raise OSError(28, "No space left on device")

        before = len(store.archived_pages())
        monkeypatch.setattr("store.compaction.os.fsync", full)
        with pytest.raises(UnusableStore, match=r"cannot be cleaned \(No space left on device\): make room"):
            clean_up(store, kept, make.start + timedelta(days=60))
        assert [path.name for path in (kept / "archive").iterdir()] == [DAY]
        assert len(store.archived_pages()) == before

    def test_files_that_are_not_ours_are_left_alone(self, kept, store, make):
        theirs = [kept / "archive" / name for name in ("mine.warc.gz", "2026-03-01-copy.warc.gz", "2026-03-01.warc.gz.bak")]
        for path in theirs:
            path.write_bytes(b"")
        clean_up(store, kept, make.start + timedelta(days=9999))
        assert all(path.exists() for path in theirs)

    def test_report(self, kept, store, make):
        report = size_report(store, kept, make.start + timedelta(days=60))
        lengths = {page.id: page.length for page in store.archived_pages()}
        may_day = (make.start + timedelta(days=60)).date()
        assert report == SizeReport(
            files=1,
            on_disk=(kept / "archive" / DAY).stat().st_size,
            fates=(
                SizeOfFate("dropped", 2, lengths[1] + lengths[2], may_day),
                SizeOfFate("keep", 1, lengths[3], None),
                SizeOfFate("marginal", 1, lengths[4], (make.start + timedelta(days=365)).date()),
                SizeOfFate("retry", 1, lengths[5], may_day),
            ),
            expired=2,
        )


def test_an_empty_archive(store, tmp_path, make):
    assert size_report(store, tmp_path, make.start) == SizeReport(0, 0, (), 0)
    assert clean_up(store, tmp_path, make.start) == Cleaned(0, 0, 0)


def test_the_archive_is_the_stores_own_folder(tmp_path):
    with Store.open(tmp_path) as store, Archive(tmp_path, store) as archive:
        archive.close()
        assert not (tmp_path / "archive").exists()
