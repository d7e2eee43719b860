"""A mail's subject arrives as it was written, however long it is and whatever it holds."""

from email import message_from_bytes
from email.policy import default

from hypothesis import given
from hypothesis import strategies as st

from digest.clean import one_line
from digest.mail import _subject

WORDS = st.text(st.sampled_from("Vieteo n–Làquố(),:…1"), max_size=140).map(one_line)


@given(WORDS)
def test_a_subject_survives_the_way(text):
    line = _subject(text)
    assert max(map(len, line.splitlines())) <= 78
    assert message_from_bytes(line + b"\r\n", policy=default)["Subject"] == text
