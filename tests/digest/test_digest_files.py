import os
from dataclasses import replace

import pytest

from digest import files
from digest.files import UnwritableFolder, write_digest, write_whole
from digest.render import render_html, render_text
from digest.view import subject
from store.records import StoredDigest


@pytest.fixture
def stored(digest):
    return StoredDigest(
        1, "daily", digest.since, digest.until, digest.generated, subject(digest), render_html(digest), render_text(digest),
        "ab" * 32, digest.articles,
    )  # fmt: skip


def test_a_digest_is_written_beside_an_index_that_lists_it(tmp_path, stored):
    paths = write_digest(tmp_path, stored)
    assert paths.html == tmp_path / "digests" / "2026-11-21-0700-daily.html"
    assert paths.html.read_text(encoding="utf-8") == stored.html
    assert paths.text.read_text(encoding="utf-8") == stored.text
    index = paths.index.read_text(encoding="utf-8")
    assert 'href="2026-11-21-0700-daily.html"' in index
    assert "Vietnam–Laos defence, Saturday 21 November 2026 (07:00, daily)" in index


def test_writing_again_leaves_the_same_files_untouched(tmp_path, stored):
    paths = write_digest(tmp_path, stored)
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in paths.html.parent.iterdir()}
    write_digest(tmp_path, stored)
    assert {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in paths.html.parent.iterdir()} == before


def test_two_digests_of_a_day_and_of_two_profiles_do_not_overwrite_each_other(tmp_path, stored, sample):
    noon = replace(stored, until=sample.hours(29), since=sample.UNTIL)
    paths = [write_digest(tmp_path, one).html for one in (stored, noon, replace(stored, profile="weekly"))]
    assert len(set(paths)) == 3
    assert [name for name, _ in files.entries(tmp_path / "digests")] == [
        "2026-11-21-1200-daily.html",
        "2026-11-21-0700-weekly.html",
        "2026-11-21-0700-daily.html",
    ]


def test_two_digests_of_one_minute_do_not_overwrite_each_other(tmp_path, stored):
    other = replace(stored, id=12, html=stored.html.replace("Stories", "Other stories"), text=f"other {stored.text}")
    paths = [write_digest(tmp_path, one) for one in (stored, other, stored, other)]
    assert [one.html.name for one in paths[:2]] == ["2026-11-21-0700-daily.html", "2026-11-21-0700-daily-12.html"]
    assert paths[2:] == paths[:2] == [files.files_of(tmp_path, one) for one in (stored, other)]
    for one, path in zip((stored, other), paths, strict=False):
        assert (path.html.read_text(encoding="utf-8"), path.text.read_text(encoding="utf-8")) == (one.html, one.text)
        assert files.is_written(tmp_path, one)
    assert [name for name, _ in files.entries(tmp_path / "digests")] == [path.html.name for path in paths[1::-1]]


def test_a_digest_whose_name_another_took_is_not_taken_for_written(tmp_path, stored):
    write_digest(tmp_path, stored)
    assert not files.is_written(tmp_path, replace(stored, id=12, html="other", text="other"))


def test_a_write_that_fails_leaves_the_old_file_whole_and_no_rubbish(tmp_path, monkeypatch):
    path = tmp_path / "digest.html"
    write_whole(path, "old")

    def broken(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="No space"):
        write_whole(path, "new")
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["digest.html"]


def test_a_folder_that_cannot_be_written_is_told_to_a_person(tmp_path, stored):
    (tmp_path / "digests").write_text("a file in the folder's place")
    with pytest.raises(UnwritableFolder, match="digests: the digest cannot be written there"):
        write_digest(tmp_path, stored)


def test_a_strange_file_in_the_folder_is_listed_by_its_name(tmp_path, stored):
    write_digest(tmp_path, stored)
    (tmp_path / "digests" / "by<hand>.html").write_text("no title", encoding="utf-8")
    index = write_digest(tmp_path, stored).index.read_text(encoding="utf-8")
    assert "by&lt;hand&gt;.html" in index
