"""Digests as frozen, and their deliveries."""

import hashlib
import os
import sqlite3
import subprocess
import sys
from datetime import timedelta

import pytest

from store.database import Store
from store.records import Delivery, StoredDigest

DAY = timedelta(days=1)


@pytest.fixture
def digest(store, run, make) -> StoredDigest:
    make.save(store)
    return store.freeze_digest("daily", make.start, make.start + DAY, "Tin", "<p>Tin</p>", "Tin", [1])


def test_a_digest_as_stored(store, digest, make, clock):
    assert digest == StoredDigest(
        id=1,
        profile="daily",
        since=make.start,
        until=make.start + DAY,
        created=make.start,
        subject="Tin",
        html="<p>Tin</p>",
        text="Tin",
        sha256=hashlib.sha256(b"Tin\0<p>Tin</p>\0Tin").hexdigest(),
        articles=(1,),
    )
    assert store.digest(1) == store.digest_for("daily", make.start, make.start + DAY) == digest
    assert store.last_digest_end("daily") == make.start + DAY
    assert store.last_digest_end("weekly") is None


def test_freezing_twice_keeps_the_first(store, digest, make, clock):
    clock.pass_(hours=1)
    again = store.freeze_digest("daily", make.start, make.start + DAY, "Other", "<p>Other</p>", "Other", [])
    assert again == digest
    assert store.freeze_digest("weekly", make.start, make.start + DAY, "Other", "", "", []).id == 2


def test_its_articles_tell_of_it(store, digest, make):
    life = store.life(make.found().url)
    assert (life.steps[-1].reason, life.digests) == ("in digest 1 (daily)", (1,))


def test_an_unknown_article_freezes_nothing(store, run, make):
    with pytest.raises(sqlite3.IntegrityError):
        store.freeze_digest("daily", make.start, make.start + DAY, "", "", "", [7])
    assert store.digest(1) is None


class TestUndigested:
    def test_nothing_twice_and_nothing_skipped(self, store, digest, make, clock):
        late = make.found("late")
        make.save(store, late, text="late " + make.text)  # decided inside the window that is already frozen
        clock.pass_(days=2)
        make.save(store, make.found("new"), text="new " + make.text)
        now = clock.pass_(hours=1)
        assert [article.url for article in store.undigested("daily", now)] == ["https://bao-a.vn/tin-new", late.url]

    def test_each_profile_has_its_own(self, store, digest, make):
        assert [article.id for article in store.undigested("weekly", make.start + DAY)] == [1]
        assert store.undigested("daily", make.start + DAY) == []

    def test_bounds(self, store, run, make, clock):
        make.save(store)
        assert store.undigested("daily", make.start) == []
        assert store.undigested("daily", make.start + DAY, since=make.start + timedelta(seconds=1)) == []
        assert store.undigested("daily", make.start + DAY, ("marginal",)) == []


class TestDeliveries:
    @pytest.fixture(autouse=True)
    def planned(self, store, digest):
        store.plan_deliveries(1, {"an@example.org": "<1.a@x>", "binh@example.org": "<1.b@x>"})

    def test_as_planned(self, store, make):
        assert store.deliveries(1) == [
            Delivery(1, "an@example.org", "pending", 0, "<1.a@x>", None, make.start),
            Delivery(1, "binh@example.org", "pending", 0, "<1.b@x>", None, make.start),
        ]

    def test_planning_again_changes_nothing_known(self, store, make):
        store.set_delivery(1, "an@example.org", "sending")
        store.set_delivery(1, "an@example.org", "sent", "250 OK")
        store.plan_deliveries(1, {"an@example.org": "<other@x>", "chi@example.org": "<1.c@x>"})
        assert [(one.recipient, one.state, one.message_id) for one in store.deliveries(1)] == [
            ("an@example.org", "sent", "<1.a@x>"),
            ("binh@example.org", "pending", "<1.b@x>"),
            ("chi@example.org", "pending", "<1.c@x>"),
        ]

    def test_moving_on(self, store, make, clock):
        clock.pass_(minutes=1)
        for state, reply in (("sending", None), ("failed", "451 later"), ("sending", None), ("sent", "250 OK")):
            store.set_delivery(1, "an@example.org", state, reply)
        assert store.deliveries(1)[0] == Delivery(
            1, "an@example.org", "sent", 2, "<1.a@x>", "250 OK", make.start + timedelta(minutes=1)
        )

    def test_one_that_was_not_planned(self, store):
        with pytest.raises(LookupError, match="no delivery to nobody"):
            store.set_delivery(1, "nobody@example.org", "sending")

    def test_undelivered(self, store, digest):
        assert store.undelivered_digests() == [digest]
        for recipient in ("an@example.org", "binh@example.org"):
            store.set_delivery(1, recipient, "sent")
        assert store.undelivered_digests("daily") == []

    def test_an_exception_while_sending_leaves_it_unknown(self, store, tmp_path, clock):
        with pytest.raises(OSError, match="lost"), Store.open(tmp_path, clock) as sender:
            sender.set_delivery(1, "an@example.org", "sending")
            raise OSError("connection lost")
        with Store.open(tmp_path, clock) as later:
            assert [one.state for one in later.deliveries(1)] == ["unknown", "pending"]

    def test_a_delivery_that_is_under_way_is_left_alone(self, store, tmp_path, clock):
        store.set_delivery(1, "an@example.org", "sending")
        with Store.open(tmp_path, clock) as reader:
            assert reader.deliveries(1)[0].state == "sending"

    def test_a_killed_sender_leaves_it_unknown(self, store, tmp_path, clock):
        code = (
            "import os, signal, sys; from store.database import Store\n"
            "Store.open(sys.argv[1]).set_delivery(1, 'an@example.org', 'sending'); os.kill(os.getpid(), signal.SIGKILL)"
        )
        subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
        assert store.deliveries(1)[0].state == "sending"
        with Store.open(tmp_path, clock) as later:
            assert later.deliveries(1)[0].state == "unknown"
            assert later.deliveries(1)[0].reply.startswith("the process ended while it was sending")

    def test_the_next_run_finds_out_even_if_the_number_was_given_again(self, store, tmp_path):
        store.set_delivery(1, "an@example.org", "sending")
        store.db.execute("UPDATE delivery SET pid = ? WHERE state = 'sending'", [os.getppid()])
        store.begin_run("digest")
        assert store.deliveries(1)[0].state == "unknown"


def test_deliveries_wait_for_the_disk(store, digest):
    """The transaction that says ``sending`` is synced; the others leave that to the checkpoint."""
    seen = []

    def spy(statement):
        if statement.startswith("INSERT INTO delivery"):
            seen.append(store.db.execute("PRAGMA synchronous").fetchone()[0])

    store.db.conn.set_trace_callback(spy)
    try:
        store.plan_deliveries(1, {"an@example.org": "<1@x>"})
    finally:
        store.db.conn.set_trace_callback(None)
    assert seen == [2]
    assert store.db.execute("PRAGMA synchronous").fetchone()[0] == 1
