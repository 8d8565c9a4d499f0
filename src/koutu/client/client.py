"""The functions of the library, run by a server."""

import json
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from koutu.client.answer import read_answer
from koutu.client.endpoint import Endpoint
from koutu.contract import ACTIONS, VERSION, Action
from koutu.contract.parameters import Value
from koutu.contract.python_names import wire_name
from koutu.errors import InternalError, Timeout, from_wire
from koutu.functions import Functions
from koutu.images.photo import Photo, from_array, to_picture
from koutu.images.picture import Picture
from koutu.images.png import encode_png
from koutu.results import Result

_UPLOADS = "2019-12-19"
_BY_FUNCTION = {action.function: action for action in ACTIONS.values()}
_FIRST_POLL = 0.3
_LONGEST_POLL = 3.0


class Client(Functions):
    """Every function of `koutu` on a server: signs the calls, uploads local files, waits for asynchronous calls.

    A photo may also be an http(s) URL that the server can reach. Results are the same as those of `koutu.segment_...` in this
    process: pictures are asked for with their transparency, and return forms are made of that here, so all have a mask.
    Thread-safe, so it goes with `koutu.map`.

    Args:
        endpoint: `127.0.0.1:8080`, `https://seg.example.com`; see `Endpoint` for which scheme a bare host means.
        key_id: the access key's id,
        secret: and its secret.
        upload_endpoint: where leave to upload is asked for; None = the endpoint itself, which suits a server of this project.
            The cloud has a service of its own for it.
        region: what AuthorizeFileUpload is told; a server of this project passes it over.
        timeout: seconds that one answer may take.
        job_timeout: seconds that an asynchronous call may take in all.
        retries: how often a call that the server turned away as too busy is made again.
        ca_certs: a file of certificates to trust, for a server with a certificate of its own making.

    Raises:
        KoutuError: every method raises what the server answered with as its class of `koutu.errors`, and ServiceUnavailable
            where the server cannot be reached.

    Example:
        >>> client = koutu.Client("127.0.0.1:8080", key_id, secret)  # doctest: +SKIP
        >>> client.segment_body("photo.jpg").save("cutout.png")  # doctest: +SKIP
    """

    def __init__(
        self,
        endpoint: str,
        key_id: str,
        secret: str,
        *,
        upload_endpoint: str | None = None,
        region: str = "cn-shanghai",
        timeout: float = 60.0,
        job_timeout: float = 600.0,
        retries: int = 3,
        ca_certs: str | None = None,
    ) -> None:
        def reach(address: str) -> Endpoint:
            return Endpoint(address, key_id, secret, timeout=timeout, retries=retries, ca_certs=ca_certs)

        self._server = reach(endpoint)
        self._uploads = self._server if upload_endpoint is None else reach(upload_endpoint)
        self._region = region
        self._job_timeout = job_timeout

    def __enter__(self) -> Self:
        """The client itself; leaving closes its connections."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections that are kept."""
        self._server.close()
        self._uploads.close()

    def _call(self, name: str, *photos: Photo, **params: Value | None) -> Result:
        action = _BY_FUNCTION[name]
        wire: dict[str, str] = {}
        for parameter, photo in zip(action.images, photos, strict=True):
            wire[parameter.name] = str(photo) if _is_url(photo) else self._upload(photo)
        form = action.form(None)
        for key, value in params.items():
            if value is None:
                continue
            parameter_name = wire_name(action, key)
            if parameter_name == "ReturnForm":
                form = action.form(str(value))
            elif isinstance(value, tuple):
                wire |= {f"{parameter_name}.{number}": text for number, text in enumerate(value, 1)}
            else:
                wire[parameter_name] = str(value).lower() if isinstance(value, bool) else str(value)
        answer = self._server.call(action.name, VERSION, wire)
        data = answer.get("Data")
        if data is None and action.asynchronous != "never":
            data = self._wait(str(answer["RequestId"]))
        if not isinstance(data, dict):
            raise InternalError(f"{action.name} answered without Data.")
        return read_answer(action, data, form, self._server.download, lambda: self._picture(_main(action, photos)))

    def _upload(self, photo: Photo) -> str:
        """Hand a local photo over; gives its URL on the server."""
        data = _file(photo)
        leave = self._uploads.call(
            "AuthorizeFileUpload", _UPLOADS, {"Product": "imageseg", "RegionId": self._region}, method="GET"
        )
        bucket, endpoint, key = str(leave["Bucket"]), str(leave["Endpoint"]), str(leave["ObjectKey"])
        scheme, _, host = f"{bucket}.{endpoint}".rpartition("://")
        base = f"{scheme or self._uploads.base.partition('://')[0]}://{host}"
        fields = {
            "OSSAccessKeyId": str(leave["AccessKeyId"]),
            "policy": str(leave["EncodedPolicy"]),
            "Signature": str(leave["Signature"]),
            "key": key,
            "success_action_status": "201",
        }
        self._uploads.post_file(f"{base}/", fields, key, data)
        return f"{base}/{key}"

    def _wait(self, job: str) -> dict[str, Any]:
        """Ask for a job until it has ended."""
        end = time.monotonic() + self._job_timeout
        pause = _FIRST_POLL
        while True:
            state = self._server.call("GetAsyncJobResult", VERSION, {"JobId": job}).get("Data") or {}
            status = state.get("Status") or state.get("status")
            if status == "PROCESS_SUCCESS":
                result = state["Result"]
                content: dict[str, Any] = json.loads(result) if isinstance(result, str) else result
                return content
            if status not in ("QUEUING", "PROCESSING"):
                code = state.get("ErrorCode") or ("Timeout" if status == "TIMEOUT_FAILED" else "InternalError")
                error = from_wire(code, state.get("ErrorMessage") or f"The job ended as {status}.")
                error.add_note(f"JobId {job}")
                raise error
            if time.monotonic() > end:
                raise Timeout(f"The job {job} was still {status} after {self._job_timeout:g} seconds.")
            time.sleep(pause)
            pause = min(_LONGEST_POLL, pause * 1.5)

    def _picture(self, photo: Photo) -> Picture:
        return to_picture(self._server.download(str(photo)) if _is_url(photo) else photo)


def _main(action: Action, photos: tuple[Photo, ...]) -> Photo:
    names = [parameter.name for parameter in action.images]
    return photos[names.index("ImageURL")] if "ImageURL" in names else photos[0]


def _is_url(photo: Photo) -> bool:
    return isinstance(photo, str) and photo.startswith(("http://", "https://"))


def _file(photo: Photo) -> bytes:
    """The photo as a file that the API takes; arrays and PIL images become PNG."""
    if isinstance(photo, str | Path):
        return Path(photo).read_bytes()
    if isinstance(photo, bytes):
        return photo
    picture = from_array(photo)
    rgb = picture.rgb
    channels = 3
    if picture.alpha is not None:
        rgb, channels = np.dstack([rgb, picture.alpha]), 4
    return encode_png(lambda top, bottom: rgb[top:bottom], picture.width, picture.height, channels)
