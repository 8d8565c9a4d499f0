"""Two inference replicas against one, a thread each, through Ray Serve: `python -m benchmarks.replicas [--model isnet]`.

Starts a Ray node of its own with two cores (pip install koutu[cluster]).
"""

import argparse
import os
import threading
import time

import numpy as np

from benchmarks.load.report import Figure, report

ALLOWED = 1.7
_CALLERS = 4


def rate(model: str, seconds: float) -> float:
    """Inferences a second that a few callers get who each wait for their answer."""
    from koutu import models
    from koutu.models.sessions.openvino import read_network

    entry = models.catalog()[model]
    network = read_network(models.store().network(entry), entry.inputs, entry.outputs, entry.constants)
    random = np.random.default_rng(0)
    inputs = {port.any_name: random.random(tuple(port.shape), np.float32) for port in network.inputs}
    models.run(model, inputs)
    done = 0
    lock = threading.Lock()
    until = time.monotonic() + seconds

    def call() -> None:
        nonlocal done
        while time.monotonic() < until:
            models.run(model, inputs)
            with lock:
                done += 1

    threads = [threading.Thread(target=call) for _ in range(_CALLERS)]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done / (time.monotonic() - started)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="isnet")
    parser.add_argument("--seconds", type=float, default=15)
    options = parser.parse_args()
    os.environ |= {"KOUTU_ENGINE": "ray", "KOUTU_THREADS": "1", "RAY_USAGE_STATS_ENABLED": "0"}
    import ray

    from koutu.engine.cluster.deploy import deploy
    from koutu.settings import current

    quiet = {"include_dashboard": False, "log_to_driver": False, "configure_logging": False}
    ray.init("local", num_cpus=2, namespace="koutu", object_store_memory=2**28, **quiet)
    rates = []
    for replicas in (1, 2):
        settings = current().model_copy(
            update={
                "ray_groups": {"subjects": ("*",)},
                "ray_replica_cpus": 1.0,
                "ray_batch": 1,
                "ray_min_replicas": replicas,
                "ray_max_replicas": replicas,
            }
        )
        deploy(settings)
        rate(options.model, options.seconds / 3)
        rates.append(rate(options.model, options.seconds))
    ray.shutdown()
    gain = rates[1] / rates[0]
    report(
        f"replicas of one thread, {options.model}, {_CALLERS} callers",
        [
            Figure("one replica", f"{rates[0]:.2f} inferences a second"),
            Figure("two replicas", f"{rates[1]:.2f} inferences a second"),
            Figure("two against one", f"{gain:.2f} times", f"at least {ALLOWED}", gain >= ALLOWED),
        ],
    )


if __name__ == "__main__":
    main()
