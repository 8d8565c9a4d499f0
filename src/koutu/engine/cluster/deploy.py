"""Puts the groups of networks on the cluster as Ray Serve deployments."""

from ray import serve

from koutu.engine.cluster.connect import connect
from koutu.engine.cluster.groups import application
from koutu.engine.cluster.replica import Replica
from koutu.settings import Settings


def deploy(settings: Settings) -> None:
    """Deploy every group, or bring it to these settings; returns once each has its fewest replicas.

    Raises:
        EnvironmentFault: the cluster cannot be reached.
    """
    connect(settings)
    # Calls come through handles; nothing on the cluster listens for HTTP.
    serve.start(proxy_location="Disabled")
    for group in settings.ray_groups:
        deployment = serve.deployment(
            Replica,
            name="inference",
            ray_actor_options={
                "num_cpus": settings.ray_replica_cpus,
                "num_gpus": settings.ray_replica_gpus,
                "resources": dict(settings.ray_replica_resources),
            },
            max_ongoing_requests=2 * settings.ray_batch,
            max_queued_requests=settings.inference_queue,
            autoscaling_config={
                "min_replicas": settings.ray_min_replicas,
                "max_replicas": settings.ray_max_replicas,
                "target_ongoing_requests": settings.ray_batch,
            },
            health_check_period_s=2,
            health_check_timeout_s=30,
            graceful_shutdown_timeout_s=10,
        )
        bound = deployment.bind(settings.ray_lanes, settings.ray_batch, settings.ray_batch_wait_s)
        serve.run(bound, name=application(group), route_prefix=None)


def status(settings: Settings) -> dict[str, dict[str, str]]:
    """Group -> its state and replicas, as Ray Serve tells them.

    Raises:
        EnvironmentFault: the cluster cannot be reached.
    """
    connect(settings)
    applications = serve.status().applications
    states = {}
    for group in settings.ray_groups:
        found = applications.get(application(group))
        replicas = {} if found is None else found.deployments["inference"].replica_states
        states[group] = {
            "state": "NOT_DEPLOYED" if found is None else str(found.status.value),
            "replicas": ", ".join(f"{count} {state.lower()}" for state, count in replicas.items() if count),
        }
    return states
