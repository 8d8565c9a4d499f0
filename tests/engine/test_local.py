import threading

import numpy as np
import pytest

from koutu.engine import LocalEngine, deadline
from koutu.errors import ModelFault, ServiceUnavailable, Timeout


class Doubling:
    """A network that counts how many callers are inside it."""

    def __init__(self):
        self.inside = 0
        self.most = 0
        self.entered = threading.Event()
        self.open = threading.Event()
        self.open.set()

    def infer(self, inputs):
        self.inside += 1
        self.most = max(self.most, self.inside)
        self.entered.set()
        self.open.wait()
        self.inside -= 1
        return {"out": inputs["x"] * 2}


def test_a_network_is_loaded_once_by_many_threads():
    loads = []

    def load():
        loads.append(1)
        return Doubling()

    engine = LocalEngine(queue=100)
    results = []
    threads = [
        threading.Thread(target=lambda n=n: results.append(engine.infer("d", load, {"x": np.float32([n])})["out"][0]))
        for n in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(loads) == 1
    assert sorted(results) == [2 * n for n in range(20)]


def test_one_inference_runs_at_a_time_and_the_queue_is_bounded():
    engine, network = LocalEngine(queue=2), Doubling()
    engine.load("d", lambda: network)
    network.open.clear()
    failed = []
    started = threading.Barrier(7)

    def call():
        started.wait()
        try:
            engine.infer("d", lambda: network, {"x": np.float32([1])})
        except ServiceUnavailable as error:
            failed.append(error)
            if len(failed) == 4:
                network.open.set()

    threads = [threading.Thread(target=call) for _ in range(7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(failed) == 4, "one runs, two wait, four are refused"
    assert network.most == 1


def test_a_place_is_given_back_after_a_fault():
    class Failing:
        def infer(self, inputs):
            raise ModelFault("lost")

    engine = LocalEngine(queue=1)
    for _ in range(5):
        with pytest.raises(ModelFault):
            engine.infer("f", Failing, {})


def test_a_load_that_fails_is_tried_again():
    tries = []

    def load():
        tries.append(1)
        if len(tries) == 1:
            raise ModelFault("not installed")
        return Doubling()

    engine = LocalEngine(queue=1)
    with pytest.raises(ModelFault):
        engine.load("d", load)
    assert engine.infer("d", load, {"x": np.float32([2])})["out"][0] == 4


def test_a_call_leaves_the_queue_when_its_time_is_up():
    engine, network = LocalEngine(queue=2), Doubling()
    engine.load("d", lambda: network)
    network.open.clear()
    first = threading.Thread(target=engine.infer, args=("d", lambda: network, {"x": np.float32([1])}))
    first.start()
    assert network.entered.wait(5)
    with deadline(0.01), pytest.raises(Timeout):
        engine.infer("d", lambda: network, {"x": np.float32([1])})
    assert engine.waiting() == 1
    network.open.set()
    first.join()
    assert engine.stats()["d"].inferences == 1
    with deadline(0), pytest.raises(Timeout):
        engine.infer("d", lambda: network, {"x": np.float32([1])})
    assert engine.waiting() == 0
