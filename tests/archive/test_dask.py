"""The same work on Dask: the same results, also when a worker dies."""

import os
import signal

import pytest
from rig_warcs import Dying, Hanging, Saying, job

from spiders.errors import MonitorError
from store.batch.work import Examined

distributed = pytest.importorskip("distributed", reason="the extra is not installed: pip install 'vietlao[dask]'")

from store.batch.on_dask import DaskCrew  # noqa: E402 - it needs the extra

pytestmark = [
    pytest.mark.xdist_group("crew"),
    # Dask's own clean-up after a worker that was killed
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore:.*:ResourceWarning"),
]


def words(crew, tasks):
    return [said(answer) for _, answer in crew.each(map(job, tasks))]


def said(answer):
    return answer.examination.decisions[0].reason.split()[0] if isinstance(answer, Examined) else answer and str(answer)


@pytest.fixture(scope="module")
def local(light):
    with DaskCrew(light, "local", 1, seconds=1.0) as crew:
        yield crew


def test_a_cluster_of_its_own(local):
    tasks = [None, *(Saying(str(number)) for number in range(40)), None]
    assert words(local, tasks) == [None, *map(str, range(40)), None]


def test_pages_that_hang_or_crash_cost_no_worker(local, capfd):
    found = words(local, [Saying("before"), Hanging(), Dying(), Saying("after")])
    assert found == [
        "before",
        "reading it took longer than 1 seconds, so it was given up",
        "the process that read it ended (signal SIGABRT)",
        "after",
    ]


def test_a_worker_that_is_killed_is_replaced(light):
    cluster = distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0")
    try:
        with DaskCrew(light, cluster.scheduler_address, 1) as crew:
            answers = crew.each(job(Saying(str(number))) for number in range(150))
            found = [said(next(answers)[1])]
            victims = crew._client.run(os.getpid)
            os.kill(next(iter(victims.values())), signal.SIGKILL)
            found += [said(answer) for _, answer in answers]
            crew._client.wait_for_workers(2, timeout=60)
            assert set(crew._client.run(os.getpid).values()) != set(victims.values())
    finally:
        cluster.close()
    assert found == [str(number) for number in range(150)]


def test_an_address_where_nobody_answers(light, monkeypatch):
    monkeypatch.setattr("store.batch.on_dask.CONNECT_SECONDS", 0.5)
    with pytest.raises(MonitorError, match="no Dask scheduler answers there"):
        DaskCrew(light, "tcp://127.0.0.1:9", 1)
