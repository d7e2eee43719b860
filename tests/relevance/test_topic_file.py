"""Topic and people files: what is wrong is told, all of it; another topic is only another file."""

from pathlib import Path

import pytest

from relevance.judge import judge
from relevance.topic import Topic, load_topic
from relevance.triage import mentions_laos
from relevance.verdict import Document
from spiders.errors import ConfigurationError

TOPIC = """
name = "Vietnam–Cambodia defence"
outlets = [".vn"]
[labels]
partner = "Cambodia"
home = "Vietnam"
defence = "defence"
[places]
headline = 2.0
lead = 2.0
body = 1.0
near = 0.6
caption = 0.3
fade = 0.7
[limits]
keep = 4.0
marginal = 2.0
keep_partner = 0.6
keep_defence = 0.6
marginal_defence = 0.4
full_share = 0.2
short_sentences = 4
body_links = 2
body_share = 0.2
list_countries = 3
menu_places = 6
caption_words = 25
lead_words = 45
more_terms = 0.35
group_cap = 1.5
third_country = 1.0
third_share = 0.2
home_share = 0.2
[structure]
tail = ["tin liên quan"]
abbreviations = ["lt", "gen"]
[words]
rank = ["General", "Gen."]
[[group]]
id = "cambodia-name"
role = "partner"
weight = 1.0
opens = true
names = true
terms = ["Cambodia", "Campuchia"]
[[group]]
id = "vietnam-name"
role = "home"
weight = 0.4
names = true
terms = ["Việt Nam", "Vietnam"]
[[group]]
id = "forces"
role = "defence"
weight = 1.0
terms = ["border guard", "biên phòng", "army", "{rank} Tea"]
[[group]]
id = "acts"
role = "joint"
weight = 0.6
terms = ["joint patrol", "tuần tra chung"]
[[from_people]]
id = "cambodian"
what = "person"
side = "cambodia"
role = "partner"
weight = 0.8
[[veto]]
id = "rice"
cancels = ["partner"]
terms = ["Campuchia Rice"]
"""
PEOPLE = """
[[person]]
name = "Tea Seiha"
side = "cambodia"
military = true
"""


def load(folder: Path, topic: str = TOPIC, people: str = PEOPLE) -> Topic:
    (folder / "topic.toml").write_text(topic, encoding="utf-8")
    (folder / "people.toml").write_text(people, encoding="utf-8")
    return load_topic(folder / "topic.toml", folder / "people.toml")


def problems(folder: Path, topic: str = TOPIC, people: str = PEOPLE) -> str:
    with pytest.raises(ConfigurationError) as caught:
        load(folder, topic, people)
    return str(caught.value)


def test_another_topic_works_without_a_change_of_code(tmp_path: Path) -> None:
    topic = load(tmp_path)
    patrol = "Bộ đội biên phòng An Giang tuần tra chung với lực lượng Campuchia trên biên giới Việt Nam."
    assert judge(Document(patrol), topic).decision == "keep"
    assert judge(Document("Việt Nam và Lào tuần tra chung biên phòng."), topic).why_not_more == "Cambodia is not named"
    assert mentions_laos(patrol.encode(), None, topic)
    assert not mentions_laos("Quân đội nhân dân Lào".encode(), None, topic)


def test_a_name_abroad_in_accented_latin_letters_passes_the_first_look(tmp_path: Path) -> None:
    foreign = '[structure.foreign]\ncs = ["Kambodž", "vietnam", "armád"]\nkm = ["កម្ពុជា", "វៀតណាម", "យោធា"]\n[words]'
    topic = load(tmp_path, TOPIC.replace("[words]", foreign))
    text = "Vietnam a Kambodža: armády zahájily společnou hlídku."
    assert judge(Document(text, lang="cs"), topic).why_not_more == "language not covered (cs)"
    assert mentions_laos(text.encode(), None, topic)
    assert mentions_laos("កម្ពុជា".encode(), None, topic)
    assert not mentions_laos("Kambodža je krásná; វៀតណាម".encode(), None, topic)


def test_every_problem_of_both_files_is_named(tmp_path: Path) -> None:
    topic = TOPIC.replace("keep = 4.0", 'keep = "much"').replace('role = "joint"', 'role = "friend"') + "\ncolour = 1\n"
    text = problems(tmp_path, topic, PEOPLE + "until = 1700\n[[place]]\nname = '('\nside = 's'\nkind = 'k'\n")
    assert f"{tmp_path / 'topic.toml'}: limits.keep: " in text
    assert "group entry 4 role" in text
    assert "colour: unknown key" in text
    assert f"{tmp_path / 'people.toml'}: person entry 1 until: " in text
    assert "place entry 1 name" in text


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('cancels = ["partner"]', 'cancels = ["partners"]', "veto rice cancels 'partners', which is no group or role"),
        ("{rank} Tea", "{ranks} Tea", "forces: '{ranks} Tea' refers to the word list 'ranks', which is not in [words]"),
        ('id = "acts"', 'id = "forces"', "the id 'forces' is used twice"),
        ("opens = true\n", "", "no group has opens = true"),
        ('role = "home"', 'role = "echo"', "no group has the role 'home'"),
        ("marginal = 2.0", "marginal = 5.0", "limits.marginal is above limits.keep"),
        ("joint patrol", "-".join("abcdefghijklmnopqrstuvwxyz" * 2), "has more than 8 of '-', each of which multiplies"),
        ("joint patrol", "Corps # # # # #", "has more than 4 of '#'"),
        ("third_share = 0.2", "third_share = 9", "limits.third_share: "),
        ('id = "forces"', 'id = "forces"\nforce = "much"', "group entry 3 force: "),
        ("[labels]", "covered = 3\n[labels]", "covered: "),
        ('side = "cambodia"\nrole', 'side = "burma"\nrole', "no person in the people file is of side 'burma'"),
    ],
)
def test_what_does_not_fit_together_is_refused(tmp_path: Path, old: str, new: str, reason: str) -> None:
    assert old in TOPIC
    assert reason in problems(tmp_path, TOPIC.replace(old, new))


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="there is no such file"):
        load_topic(tmp_path / "none.toml", tmp_path / "none.toml")
    assert "is not valid TOML" in problems(tmp_path, "name = ")


def test_a_name_given_twice_is_refused(tmp_path: Path) -> None:
    assert "person Tea Seiha: stands in the file twice" in problems(tmp_path, people=PEOPLE + PEOPLE)


def test_rules_change_with_the_files(tmp_path: Path) -> None:
    first = load(tmp_path).rules
    assert load(tmp_path).rules == first
    assert load(tmp_path, TOPIC.replace("keep = 4.0", "keep = 4.1")).rules != first
    assert load(tmp_path, people=PEOPLE.replace("Seiha", "Banh")).rules != first
