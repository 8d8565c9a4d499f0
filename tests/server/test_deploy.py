"""The files of deploy/: whole, and at one with the settings that they name."""

import re
from pathlib import Path

import yaml

from koutu.settings import Settings

DEPLOY = Path(__file__).parents[2] / "deploy"
KNOWN = {f"KOUTU_{name.upper()}" for name in Settings.model_fields}


def test_every_setting_that_is_named_is_one() -> None:
    for path in DEPLOY.rglob("*"):
        if path.is_file():
            assert set(re.findall(r"KOUTU_[A-Z_]+", path.read_text())) <= KNOWN, path


def test_compose_gives_every_server_what_makes_it_stateless() -> None:
    document = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    environment = document["services"]["server"]["environment"]
    assert {"KOUTU_DATABASE_URL", "KOUTU_REDIS_URL", "KOUTU_STORAGE_URL", "KOUTU_SECRET_KEY"} <= set(environment)
    for name, service in document["services"].items():
        assert "image" in service or "build" in service, name
        assert set(service.get("depends_on", [])) <= set(document["services"]), name
    assert int(document["services"]["server"]["stop_grace_period"].rstrip("s")) > Settings().drain_s


def test_the_kubernetes_objects_name_each_other() -> None:
    cluster, job, service = yaml.safe_load_all((DEPLOY / "kubernetes" / "koutu.yaml").read_text())
    assert [document["kind"] for document in (cluster, job, service)] == ["RayCluster", "Job", "Service"]
    api = next(group for group in cluster["spec"]["workerGroupSpecs"] if group["groupName"] == "api")
    assert api["template"]["metadata"]["labels"] == service["spec"]["selector"]
    server = next(container for container in api["template"]["spec"]["containers"] if container["name"] == "server")
    assert server["ports"][0]["name"] == service["spec"]["ports"][0]["targetPort"]
    assert server["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert api["template"]["spec"]["terminationGracePeriodSeconds"] > Settings().drain_s
    assert f"{cluster['metadata']['name']}-head-svc" in job["spec"]["template"]["spec"]["containers"][0]["command"][2]


def test_systemd_waits_longer_than_a_drain() -> None:
    unit = (DEPLOY / "systemd" / "koutu.service").read_text()
    wait = re.search(r"TimeoutStopSec=(\d+)", unit)
    assert wait is not None
    assert int(wait[1]) > Settings().drain_s
    assert "ExecStart=/opt/koutu/bin/koutu serve" in unit
