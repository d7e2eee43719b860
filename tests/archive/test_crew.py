"""Workers: the order of answers, and pages that crash, hang or fill the memory."""

import pytest
from rig_warcs import Dying, Hanging, Hungry, Saying, Slow, job

from spiders.errors import MonitorError
from store.batch.child import Child, Lost
from store.batch.crew import Job, LocalCrew
from store.batch.work import Examined

pytestmark = pytest.mark.xdist_group("crew")


@pytest.fixture(scope="module")
def crew(light):
    with LocalCrew(light, 2, seconds=1.0) as crew:
        yield crew


def word(answer):
    """What a worker said, or why it said nothing."""
    return answer.examination.decisions[0].reason.split()[0] if isinstance(answer, Examined) else answer and str(answer)


def words(crew, tasks):
    return [word(answer) for _, answer in crew.each(map(job, tasks))]


def test_answers_come_in_the_order_of_the_tasks(crew):
    tasks = [Slow("first", 0.3), *(Saying(str(number)) for number in range(30))]
    assert words(crew, tasks) == ["first", *map(str, range(30))]


def test_what_needs_no_work_keeps_its_place(crew):
    assert words(crew, [Saying("a"), None, None, Saying("b"), None]) == ["a", None, None, "b", None]


def test_no_work_at_all(crew):
    assert list(crew.each([])) == []


def test_tasks_are_taken_as_they_are_needed(crew):
    taken = []

    def endless():
        for number in range(10**6):
            taken.append(number)
            yield Job(Saying(str(number)))

    answers = crew.each(endless())
    assert word(next(answers)[1]) == "0"
    assert len(taken) <= 20
    answers.close()


def test_a_page_that_hangs_is_given_up(light):
    with LocalCrew(light, 2, seconds=1.0) as crew:
        found = words(crew, [Saying("before"), Hanging(), Saying("after")])
    assert found == ["before", "reading it took longer than 1 seconds, so it was given up", "after"]


def test_a_page_that_crashes_its_worker_is_tried_again(light, tmp_path, capfd):
    with LocalCrew(light, 1) as crew:
        found = words(crew, [Dying(str(tmp_path / "mark")), Dying(), Saying("after")])
    assert found == ["alive", "the process that read it ended (signal SIGABRT)", "after"]


def test_a_page_cannot_fill_the_memory(light, capfd):
    with LocalCrew(light, 1) as crew:
        found = words(crew, [Hungry(), Saying("after")])
    assert found == ["the process that read it ended (exit code 1)", "after"]
    assert "MemoryError" in capfd.readouterr().err


def test_workers_that_cannot_start_are_told_once(light, monkeypatch, capfd):
    monkeypatch.setenv("PYTHONPATH", "")  # so that they do not find the tasks
    with LocalCrew(light, 1) as crew, pytest.raises(MonitorError, match="the workers end before they have done anything"):
        words(crew, [Saying(str(number)) for number in range(20)])


def test_children_end_with_their_parent(light):
    child = Child(b"", 1.0)
    child.connection.close()
    assert child.process.wait(timeout=60) == 0


def test_a_closed_child_is_lost(light):
    child = Child(b"", 1.0)
    child.process.kill()
    child.process.wait()
    with pytest.raises(Lost, match="signal SIGKILL"):
        child.send(Saying("x"))
        child.receive()
    child.close()
    child.close()
