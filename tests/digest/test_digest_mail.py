"""Mail over real servers on loopback, with deliveries in a real store."""

import os
import signal
import socket
import subprocess
import sys
from dataclasses import replace
from email.utils import parsedate_to_datetime

import pytest

from digest.mail import MAY_REPEAT, MOST_ATTEMPTS, compose, deliver, deliver_all, mail_settings
from digest.render import render_html, render_text
from digest.view import subject
from spiders.errors import ConfigurationError
from store.database import Store

ANA, BEN, CHI = "ana@example.org", "ben@example.org", "chi@example.org"
PATIENCE = 30


@pytest.fixture
def store(tmp_path, sample):
    with Store.open(tmp_path / "home", clock=lambda: sample.NOW) as store:
        yield store


@pytest.fixture
def stored(store, digest):
    return freeze(store, digest)


def freeze(store, digest, **changes):
    since, until = changes.get("since", digest.since), changes.get("until", digest.until)
    profile = changes.get("profile", digest.profile)
    return store.freeze_digest(profile, since, until, subject(digest), render_html(digest), render_text(digest), ())


def settings_for(port, *recipients, security="none", **changes):
    values = {
        "host": "127.0.0.1", "port": port, "security": security, "user": None, "password": None,
        "sender": "Vietlao digest <digest@example.org>", "recipients": recipients or (ANA, BEN, CHI), "timeout": PATIENCE,
        "ca_file": None,
    }  # fmt: skip
    return mail_settings("vietlao.toml", **(values | changes))


def states(deliveries):
    return {delivery.recipient: delivery.state for delivery in deliveries}


def closed_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class TestMessage:
    def test_everyone_gets_a_message_of_his_own_with_both_parts(self, store, stored, mail):
        box = mail.Mailbox()
        with mail.serving(box) as port:
            deliveries = deliver(store, stored, settings_for(port))
        assert states(deliveries) == {ANA: "sent", BEN: "sent", CHI: "sent"}
        assert box.recipients() == [ANA, BEN, CHI]
        assert box.sessions == 1
        _, message = box.taken[0]
        assert message.get_content_type() == "multipart/alternative"
        assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
        assert message.get_body(("plain",)).get_content().replace("\r\n", "\n").rstrip() == stored.text.rstrip()
        assert message.get_body(("html",)).get_content().replace("\r\n", "\n").rstrip() == stored.html.rstrip()
        assert message["To"] == ANA
        assert message["From"] == "Vietlao digest <digest@example.org>"
        assert message["Subject"] == stored.subject
        assert parsedate_to_datetime(message["Date"]) == stored.created
        assert message["Message-ID"] == deliveries[0].message_id
        assert message["Auto-Submitted"] == "auto-generated"
        assert not any("example" in str(message.get(header)) for header in ("Cc", "Bcc", "Reply-To"))

    def test_its_bytes_are_the_same_on_every_try_and_seven_bit(self, store, stored):
        store.plan_deliveries(stored.id, {ANA: "<one@example.org>"})
        (delivery,) = store.deliveries(stored.id)
        one, two = (compose(stored, delivery, "digest@example.org", repeat=False) for _ in range(2))
        assert one == two
        assert one.isascii()
        assert max(map(len, one.split(b"\r\n"))) <= 998

    def test_message_ids_differ_by_digest_and_recipient_only(self, store, stored, digest, sample, mail):
        other = freeze(store, digest, profile="weekly")
        box = mail.Mailbox()
        with mail.serving(box) as port:
            first, second = (deliver(store, one, settings_for(port)) for one in (stored, other))
        again = {delivery.message_id for delivery in deliver(store, stored, settings_for(closed_port()))}
        assert again == {delivery.message_id for delivery in first}
        assert len(again | {delivery.message_id for delivery in second}) == 6

    @pytest.mark.parametrize(
        "title", ["Talks\r\nBcc: eve@example.org", "Talks\nX: y\n\n<b>body</b>", "Talks\x00\x0b\u2028Bcc: e@example.org"]
    )
    def test_a_hostile_headline_stays_in_the_subject(self, store, digest, mail, title):
        hostile = replace(digest.stories[0], article=replace(digest.stories[0].article, title=title))
        frozen = freeze(store, replace(digest, stories=(hostile,)))
        # Even a subject that nobody cleaned cannot begin a header of its own.
        frozen = replace(frozen, subject=f"{frozen.subject} {title}")
        box = mail.Mailbox()
        with mail.serving(box) as port:
            deliver(store, frozen, settings_for(port, ANA))
        ((_, message),) = box.taken
        assert message["Bcc"] is None
        assert message["X"] is None
        assert "Talks" in message["Subject"]
        assert message.get_content_type() == "multipart/alternative"


class TestSecurity:
    @pytest.mark.parametrize("security", ["starttls", "tls"])
    def test_encrypted_and_logged_in(self, store, stored, mail, authority, security):
        box = mail.Mailbox()
        with mail.serving(box, security, authority, login=True) as port:
            login = {"user": mail.USER, "password": mail.PASSWORD, "ca_file": str(authority.ca)}
            deliveries = deliver(store, stored, settings_for(port, security=security, **login))
        assert states(deliveries) == {ANA: "sent", BEN: "sent", CHI: "sent"}
        assert box.logins == [mail.USER.encode()]

    @pytest.mark.parametrize("security", ["starttls", "tls"])
    def test_a_certificate_of_an_unknown_authority_is_refused(self, store, stored, mail, authority, security):
        box = mail.Mailbox()
        with mail.serving(box, security, authority) as port:
            (delivery,) = deliver(store, stored, settings_for(port, ANA, security=security))
        assert delivery.state == "failed"
        assert "certificate is not to be trusted" in delivery.reply
        assert not box.taken

    def test_a_certificate_for_another_name_is_refused(self, store, stored, mail, authority):
        box = mail.Mailbox()
        with mail.serving(box, "tls", authority) as port:
            settings = settings_for(port, ANA, security="tls", host="localhost", ca_file=str(authority.ca))
            (delivery,) = deliver(store, stored, settings)
        assert delivery.state == "failed"
        assert "certificate is not to be trusted" in delivery.reply

    def test_nothing_goes_out_in_the_clear_where_encryption_was_asked(self, store, stored, mail):
        box = mail.Mailbox()
        with mail.serving(box) as port:
            (delivery,) = deliver(store, stored, settings_for(port, ANA, security="starttls"))
        assert delivery.state == "failed"
        assert "Nothing is sent in the clear" in delivery.reply
        assert not box.taken

    def test_a_server_that_knows_no_login(self, store, stored, mail):
        with mail.serving(mail.Mailbox()) as port:
            (delivery,) = deliver(store, stored, settings_for(port, ANA, user="ana", password="secret"))
        assert delivery.state == "failed"
        assert "did not let ana in: smtp auth extension not supported by server" in delivery.reply

    def test_wrong_password(self, store, stored, mail, authority):
        box = mail.Mailbox()
        with mail.serving(box, "starttls", authority, login=True) as port:
            login = {"user": mail.USER, "password": "guess", "ca_file": str(authority.ca)}
            (delivery,) = deliver(store, stored, settings_for(port, ANA, security="starttls", **login))
        assert delivery.state == "failed"
        assert f"did not let {mail.USER} in: it answered 535" in delivery.reply
        assert "VIETLAO_MAIL__PASSWORD" in delivery.reply
        assert "guess" not in delivery.reply


class TestFailures:
    def test_no_server(self, store, stored, mail):
        port = closed_port()
        deliveries = deliver(store, stored, settings_for(port))
        assert states(deliveries) == {ANA: "failed", BEN: "failed", CHI: "failed"}
        assert deliveries[0].reply == (
            f"The mail server 127.0.0.1:{port} could not be reached: connection refused. Check mail.host, mail.port and "
            "mail.security. Nothing was sent; the next run tries again."
        )
        box = mail.Mailbox()
        with mail.serving(box) as port:
            assert set(states(deliver(store, stored, settings_for(port))).values()) == {"sent"}
        assert MAY_REPEAT not in box.taken[0][1].get_body(("plain",)).get_content().replace("\r\n", "\n")

    def test_a_server_that_never_greets(self, store, stored):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            port = silent.getsockname()[1]
            (delivery,) = deliver(store, stored, settings_for(port, ANA, timeout=0.2))
        assert delivery.state == "failed"
        assert "could not be reached: the connection was lost or timed out" in delivery.reply

    def test_sender_refused(self, store, stored, mail):
        with mail.serving(mail.Mailbox(refuse_senders=True)) as port:
            deliveries = deliver(store, stored, settings_for(port))
        assert set(states(deliveries).values()) == {"failed"}
        assert (
            deliveries[0].reply == "The server refused the sender digest@example.org: 550 5.7.1 this sender may not send here."
        )

    @pytest.mark.parametrize("fault", ["refuse", "refuse_data"])
    def test_one_of_three_refused_and_only_he_is_tried_again(self, store, stored, mail, fault):
        box = mail.Mailbox(**{fault: {BEN}})
        with mail.serving(box) as port:
            first = deliver(store, stored, settings_for(port))
            getattr(box, fault).clear()
            second = deliver(store, stored, settings_for(port))
            third = deliver(store, stored, settings_for(port))
        assert states(first) == {ANA: "sent", BEN: "failed", CHI: "sent"}
        assert "55" in first[1].reply
        assert states(second) == {ANA: "sent", BEN: "sent", CHI: "sent"}
        assert third == second
        assert box.recipients() == [ANA, CHI, BEN]

    @pytest.mark.parametrize("kept", [True, False])
    def test_a_connection_lost_after_the_message_leaves_it_unknown(self, store, stored, mail, kept):
        box = mail.Mailbox(cut_off={BEN}, keeps_cut_off=kept)
        with mail.serving(box) as port:
            first = deliver(store, stored, settings_for(port))
            box.cut_off.clear()
            second = deliver(store, stored, settings_for(port))
        assert states(first) == {ANA: "sent", BEN: "unknown", CHI: "sent"}
        assert states(second) == {ANA: "sent", BEN: "sent", CHI: "sent"}
        assert box.recipients() == ([ANA, BEN, CHI, BEN] if kept else [ANA, CHI, BEN])
        last = box.taken[-1][1]
        assert last["Message-ID"] == first[1].message_id
        assert last.get_body(("plain",)).get_content().replace("\r\n", "\n").startswith(MAY_REPEAT)
        assert MAY_REPEAT.splitlines()[0] in last.get_body(("html",)).get_content()
        assert all(MAY_REPEAT.splitlines()[0] not in box.raw[number].decode() for number in range(len(box.raw) - 1))

    def test_unknown_is_left_alone_where_that_is_wanted(self, store, stored, mail):
        box = mail.Mailbox(cut_off={ANA})
        with mail.serving(box) as port:
            settings = settings_for(port, ANA, repeat_unknown=False)
            deliver(store, stored, settings)
            box.cut_off.clear()
            assert states(deliver(store, stored, settings)) == {ANA: "unknown"}
        assert box.recipients() == [ANA]

    def test_unknown_stays_unknown_when_the_next_try_fails(self, store, stored, mail):
        box = mail.Mailbox(cut_off={ANA})
        with mail.serving(box) as port:
            deliver(store, stored, settings_for(port, ANA))
        assert states(deliver(store, stored, settings_for(closed_port(), ANA))) == {ANA: "unknown"}
        with mail.serving(mail.Mailbox(refuse={ANA})) as port:
            assert states(deliver(store, stored, settings_for(port, ANA))) == {ANA: "unknown"}

    def test_whoever_is_refused_for_ever_is_given_up(self, store, stored, mail):
        box = mail.Mailbox(refuse={ANA})
        with mail.serving(box) as port:
            for _ in range(MOST_ATTEMPTS + 2):
                (delivery,) = deliver(store, stored, settings_for(port, ANA))
        assert (delivery.state, delivery.attempts) == ("failed", MOST_ATTEMPTS)

    def test_a_recipient_who_was_taken_off_the_list_gets_nothing_more(self, store, stored, mail):
        deliver(store, stored, settings_for(closed_port()))
        box = mail.Mailbox()
        with mail.serving(box) as port:
            assert states(deliver(store, stored, settings_for(port, ANA))) == {ANA: "sent", BEN: "failed", CHI: "failed"}
        assert box.recipients() == [ANA]


class TestEarlierDigests:
    def test_what_failed_goes_out_with_the_next_digest_and_first(self, store, stored, digest, sample, mail):
        deliver(store, stored, settings_for(closed_port()))
        later = freeze(store, digest, since=digest.until, until=sample.hours(48))
        box = mail.Mailbox()
        with mail.serving(box) as port:
            done = deliver_all(store, later, settings_for(port, ANA))
            assert deliver_all(store, later, settings_for(port, ANA)) == done
        assert list(done) == [stored.id, later.id]
        assert box.recipients() == [ANA, ANA]
        assert box.taken[0][1]["Message-ID"].startswith(f"<digest-{stored.id}-")

    def test_what_was_frozen_but_never_planned_goes_out_too(self, store, stored, digest, sample, mail):
        """A run may die between freezing and planning."""
        windows = [(digest.until, sample.hours(48)), (sample.hours(48), sample.hours(72)), (sample.hours(72), sample.hours(96))]
        box = mail.Mailbox()
        with mail.serving(box) as port:
            deliver_all(store, stored, settings_for(port, ANA))
            later = [freeze(store, digest, since=since, until=until) for since, until in windows]
            freeze(store, digest, profile="weekly")
            done = deliver_all(store, later[-1], settings_for(port, ANA))
        assert list(done) == [one.id for one in later]
        assert box.recipients() == [ANA] * 4

    def test_switching_mail_on_sends_no_old_digests(self, store, stored, digest, sample, mail):
        later = freeze(store, digest, since=digest.until, until=sample.hours(48))
        box = mail.Mailbox()
        with mail.serving(box) as port:
            assert list(deliver_all(store, later, settings_for(port, ANA))) == [later.id]


CHILD = """
import sys
from digest.mail import deliver, mail_settings
from store.database import Store
home, port, *recipients = sys.argv[1:]
settings = mail_settings("t", host="127.0.0.1", port=int(port), security="none", user=None, password=None,
    sender="digest@example.org", recipients=recipients, timeout=60, ca_file=None)
with Store.open(home) as store:
    deliver(store, store.digest(1), settings)
"""


class TestKilled:
    """``kill -9`` while the server lets the child wait at a stage; then a second run."""

    def kill_at(self, mail, box, home):
        with mail.serving(box) as port:
            child = subprocess.Popen([sys.executable, "-c", CHILD, str(home), str(port), ANA, BEN, CHI])
            try:
                assert box.reached.wait(PATIENCE)
            finally:
                os.kill(child.pid, signal.SIGKILL)
                child.wait()

    @pytest.mark.parametrize("stage", ["RCPT", "DATA"])
    def test_while_sending_the_second(self, store, stored, mail, stage):
        self.kill_at(mail, mail.Mailbox(hang_at=stage, hang_for={BEN}), store.path.parent)
        assert states(store.deliveries(stored.id)) == {ANA: "sent", BEN: "sending", CHI: "pending"}
        box = mail.Mailbox()
        with mail.serving(box) as port:
            after = deliver(store, stored, settings_for(port))
        assert states(after) == {ANA: "sent", BEN: "sent", CHI: "sent"}
        assert box.recipients() == [BEN, CHI]
        warned = [message.get_body(("plain",)).get_content().startswith("This mail may repeat") for _, message in box.taken]
        assert warned == [True, False]

    def test_while_the_server_has_not_greeted(self, store, stored, mail):
        with socket.create_server(("127.0.0.1", 0)) as listening:
            command = [sys.executable, "-c", CHILD, str(store.path.parent), str(listening.getsockname()[1]), ANA]
            child = subprocess.Popen(command)
            listening.settimeout(PATIENCE)
            connection, _ = listening.accept()
            os.kill(child.pid, signal.SIGKILL)
            child.wait()
            connection.close()
        assert states(store.deliveries(stored.id)) == {ANA: "pending"}
        box = mail.Mailbox()
        with mail.serving(box) as port:
            assert states(deliver(store, stored, settings_for(port, ANA))) == {ANA: "sent"}
        assert "may repeat" not in box.taken[0][1].get_body(("plain",)).get_content()


class TestSettings:
    def test_all_problems_at_once_with_file_and_key(self):
        with pytest.raises(ConfigurationError) as raised:
            settings_for(25, "no address", host=None, sender=None, user="ana", ca_file="/no/such/file")
        keys = [problem.key for problem in raised.value.problems]
        assert keys == ["mail.host", "mail.sender", "mail.password", "mail.ca_file", "mail.recipients"]
        assert all(problem.file == "vietlao.toml" for problem in raised.value.problems)

    @pytest.mark.parametrize("host", ["mail.example.org", "192.0.2.1", "localhost.example.org", "10.0.0.1"])
    def test_no_encryption_is_for_loopback_only(self, host):
        with pytest.raises(ConfigurationError, match="on this machine only"):
            settings_for(25, host=host)

    @pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
    def test_loopback_may_do_without(self, host):
        assert settings_for(None, host=host).port == 25

    @pytest.mark.parametrize(("security", "port"), [("starttls", 587), ("tls", 465)])
    def test_ports_are_the_usual_ones(self, security, port):
        assert settings_for(None, security=security).port == port

    @pytest.mark.parametrize(
        "address",
        [
            "",
            "ana",
            "@example.org",
            "ana@",
            "ana@example.org\r\nBcc: eve@example.org",
            "ana@exa mple.org",
            "ana@bücher.example",
            "a@b, c@d",
        ],
    )
    def test_what_is_no_address_is_refused(self, address):
        with pytest.raises(ConfigurationError):
            settings_for(25, address)
        with pytest.raises(ConfigurationError):
            settings_for(25, sender=address)

    def test_a_recipient_stands_once_and_bare(self):
        assert settings_for(25, f"Ana <{ANA}>", ANA, BEN).recipients == (ANA, BEN)

    def test_the_password_is_not_shown(self):
        assert "secret" not in repr(settings_for(25, user="ana", password="secret"))
