"""Settings: each is `KOUTU_<NAME>` in the environment or `<name>` in the TOML file `KOUTU_CONFIG` (koutu.toml if unset)."""

import os
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource


class Settings(BaseSettings):
    """What an operator may set. Bytes are bytes, times are seconds, hosts are `host` or `host:port`."""

    model_config = SettingsConfigDict(env_prefix="KOUTU_", extra="ignore", frozen=True)

    # the engine
    home: Path = Field(default=Path("~/.cache/koutu"), description="Where installed models and compiled networks are kept.")
    slots: Path | None = Field(default=None, description="Folder of the cards of your own networks; unset = slots in home.")
    hub_endpoint: str = Field(
        default="", description="Address of the hub that such networks may come from; empty = its client's."
    )
    licences: Literal["any", "permissive"] = Field(default="any", description="permissive runs on permissive weights alone.")
    precision: Literal["auto", "exact"] = Field(default="auto", description="auto: bf16 where the CPU has it; exact: f32.")
    threads: int = Field(default=0, ge=0, description="Threads of one inference; 0 = all cores.")
    engine: Literal["local", "ray"] = Field(default="local", description="Where networks run: in this process, or on Ray.")
    ray_address: str = Field(default="auto", description="The Ray cluster's address; auto = the node that this process is on.")
    ray_groups: dict[str, tuple[str, ...]] = Field(
        default={"subjects": ("isnet", "rvm"), "people": ("face_*", "human_*", "pose_*"), "things": ("*",)},
        description="Group -> patterns of the models that share its replicas; the first that matches counts.",
    )
    ray_replica_cpus: float = Field(default=2.0, ge=0, description="Cores that Ray sets aside for one replica.")
    ray_replica_gpus: float = Field(default=0.0, ge=0, description="GPUs that Ray sets aside for one replica.")
    ray_replica_resources: dict[str, float] = Field(default={}, description="Ray resources of your own that a replica needs.")
    ray_min_replicas: int = Field(default=1, ge=1, description="The fewest replicas of a group.")
    ray_max_replicas: int = Field(default=8, ge=1, description="The most replicas of a group.")
    ray_lanes: int = Field(default=1, ge=1, description="Inferences that one replica runs at once.")
    ray_batch: int = Field(default=4, ge=1, description="Inferences that are sent to a replica together, at most.")
    ray_batch_wait_s: float = Field(default=0.005, ge=0, description="How long a batch may wait to be filled.")
    inference_queue: int = Field(default=64, ge=1, description="Inferences that may wait; one more is refused.")
    max_pixels: int = Field(
        default=200_000_000, ge=1, description="Pictures with more pixels are refused before they are decoded."
    )
    pixels_at_once: int = Field(
        default=120_000_000, ge=1, description="Pixels that the server works on at once; calls beyond them wait."
    )

    # the service
    data: Path = Field(default=Path("data"), description="The server's folder: database, objects, secret.")
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8080, ge=0, le=65535, description="Port to listen on; 0 = any free one.")
    public_host: str = Field(default="", description="Scheme and host of result links; empty = the request's own host.")
    bucket_host: str = Field(default="", description="Host of the upload bucket behind a domain, e.g. bucket.oss.example.com.")
    limits: Literal["documented", "relaxed"] = Field(
        default="documented", description="Whether the API holds to the contract's limits."
    )
    fetch_allow_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="Comma-separated hosts that may be fetched from although their address is private."
    )
    fetch_timeout_s: float = Field(default=5.0, gt=0, description="Whole time that one download may take.")
    fetch_redirects: int = Field(default=3, ge=0, description="Redirects that one download may follow.")
    upload_seconds: int = Field(default=86_400, ge=60, description="How long uploaded files are kept.")
    file_bytes: int = Field(default=268_435_456, ge=1024, description="The largest input file where limits are relaxed.")
    body_bytes: int = Field(
        default=8_388_608, ge=1024, description="The largest request body of a call; uploads have their own limit."
    )
    header_timeout_s: float = Field(default=20.0, gt=0, description="How long a request's headers may take to come.")
    body_timeout_s: float = Field(default=30.0, gt=0, description="How long a request's body may take to come.")
    call_timeout_s: float = Field(default=60.0, gt=0, description="How long a synchronous call may take.")
    drain_s: float = Field(
        default=20.0, gt=0, description="How long a server that is told to stop goes on with the calls that it has."
    )
    workers: int = Field(default=0, ge=0, description="Calls that are worked on at once; 0 = one for every core.")
    call_queue: int = Field(default=64, ge=0, description="Calls that may wait for a worker; one more is refused.")
    job_workers: int = Field(default=1, ge=1, description="Asynchronous calls that are worked on at once.")
    job_queue: int = Field(default=1000, ge=1, description="Asynchronous calls that may wait; one more is refused.")
    job_timeout_s: float = Field(default=600.0, gt=0, description="How long one asynchronous call may take once it runs.")
    job_retries: int = Field(default=5, ge=1, description="How often an interrupted asynchronous call is started again.")
    job_keep_s: int = Field(default=86_400, ge=3600, description="How long the state of an asynchronous call can be asked for.")
    replica: str = Field(default="koutu", description="This server's name; unique among servers that share a database.")
    sweep_s: float = Field(default=300.0, gt=0, description="Time between two sweeps of expired objects.")
    docs_url: str = Field(
        default="", description="Where errors are explained, up to the code; empty = this server's own pages."
    )
    console: bool = Field(default=True, description="Whether there is a web console under /console.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="What the server's log holds.")
    secret_key: str = Field(
        default="",
        repr=False,
        description="32 random bytes in base64 that secrets are kept under; empty = secret.key in the data folder.",
    )
    database_url: str = Field(default="", description="SQLAlchemy URL; empty = SQLite in the data folder.")
    storage_url: str = Field(default="", description="obstore URL of the object store; empty = the data folder.")
    quotas: Literal["off", "documented", "custom"] = Field(
        default="off",
        description="Calls per second: off = none counted, documented = the cloud's, custom = what koutu quota set says.",
    )
    quota_store: Literal["auto", "memory", "redis", "database"] = Field(
        default="auto",
        description="Where calls per second are counted; auto = redis_url, else a database_url, else this process's memory.",
    )
    admin_token: str = Field(
        default="",
        repr=False,
        description="The administrator's token, for the admin API under /admin and the console; empty = no admin API.",
    )
    redis_url: str = Field(default="", description="Where nonces and quotas are counted; empty = this process's memory.")

    @field_validator("fetch_allow_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip().lower() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("home", "slots")
    @classmethod
    def _expand(cls, value: Path | None) -> Path | None:
        return value.expanduser() if value is not None else None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then the environment, then the file."""
        toml = TomlConfigSettingsSource(settings_cls, os.environ.get("KOUTU_CONFIG", "koutu.toml"))
        return init_settings, env_settings, toml


@lru_cache(maxsize=1)
def current() -> Settings:
    """The settings of this process, read once."""
    return Settings()
