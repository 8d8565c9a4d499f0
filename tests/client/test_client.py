"""`koutu.Client` against a started server: the same results as in this process, and typed errors."""

import io
import socket

import numpy as np
import pytest
from PIL import Image
from served import served

import koutu
from koutu.client.endpoint import _base
from koutu.errors import (
    AccessKeyNotFound,
    ImageContent,
    InvalidParameter,
    ServiceUnavailable,
    SignatureDoesNotMatch,
    TooLarge,
)

ASTRONAUT = "skimage_astronaut.png"
CUP = "skimage_coffee.png"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with served(tmp_path_factory.mktemp("server"), KOUTU_CALL_TIMEOUT_S="600") as server:
        yield server


@pytest.fixture(scope="module")
def client(server):
    with koutu.Client(server.endpoint, server.key_id, server.secret, timeout=600) as client:
        yield client


@pytest.mark.parametrize("form", [None, "mask", "whiteBK"])
def test_a_local_file_gives_what_the_library_gives(client, photos, form):
    here = koutu.segment_commodity(photos / CUP, return_form=form)
    there = client.segment_commodity(photos / CUP, return_form=form)
    assert there.image.mode == here.image.mode
    assert (np.asarray(there.image) == np.asarray(here.image)).all()
    assert (there.mask == here.mask).all(), "a return form takes the mask from nobody"
    assert np.asarray(there.on("navy")).tolist() == np.asarray(here.on("navy")).tolist()


def test_bytes_arrays_and_urls_are_taken(client, server, photos):
    data = (photos / CUP).read_bytes()
    expected = client.segment_commodity(data).mask
    with Image.open(io.BytesIO(data)) as image:
        assert (client.segment_commodity(np.asarray(image.convert("RGB"))).mask == expected).all()
    assert (client.segment_commodity(f"http://{server.endpoint}/samples/{CUP}").mask == expected).all()


@pytest.mark.parametrize("url", [False, True])
def test_elements_come_with_their_places(client, server, photos, url):
    here = koutu.segment_head(photos / ASTRONAUT)
    there = client.segment_head(f"http://{server.endpoint}/samples/{ASTRONAUT}" if url else photos / ASTRONAUT)
    assert repr(there.elements) == repr(here.elements)
    assert (there.mask == here.mask).all()
    assert there.elements[0].image.tobytes() == here.elements[0].image.tobytes()


def test_an_asynchronous_call_is_waited_for(client, photos):
    assert (client.segment_hd_body(photos / ASTRONAUT).mask == koutu.segment_hd_body(photos / ASTRONAUT).mask).all()


def test_lists_labels_masks_and_new_pictures(client, photos, tmp_path):
    groups = ("tops", "coat", "skirt")
    here = koutu.segment_cloth(photos / ASTRONAUT, cloth_class=groups)
    there = client.segment_cloth(photos / ASTRONAUT, cloth_class=groups)
    assert [element.name for element in there.elements] == [element.name for element in here.elements]
    scene = client.segment_scene(photos / "skimage_rocket.jpg")
    assert (scene.labels == koutu.segment_scene(photos / "skimage_rocket.jpg").labels).all()
    assert max(scene.shares, key=scene.shares.get) == "sky"
    skin = client.segment_skin(photos / ASTRONAUT)
    assert skin.image.mode == "L"
    assert skin.on("white").getpixel((225, 110)) != (255, 255, 255), "the face keeps the photo's colours"
    changed = client.change_sky(photos / "skimage_rocket.jpg", photos / "sklearn_china.jpg")
    assert changed.image.size == (640, 427)


def test_many_photos_at_once(client, photos):
    items = list(koutu.map(client.segment_commodity, [photos / CUP, b"nothing", photos / CUP], workers=3))
    assert [item.error is None for item in items] == [True, False, True]
    assert isinstance(items[1].error, ImageContent)


def test_errors_are_those_of_the_table(client, server, photos):
    with pytest.raises(AccessKeyNotFound):
        koutu.Client(server.endpoint, "nobody", "nothing").segment_body(photos / CUP)
    with pytest.raises(SignatureDoesNotMatch) as caught:
        koutu.Client(server.endpoint, server.key_id, "wrong").segment_body(photos / CUP)
    assert caught.value.__notes__[0].startswith("RequestId ")
    with pytest.raises(TooLarge):
        client.segment_body((photos / CUP).read_bytes() + bytes(4_000_000))
    with pytest.raises(InvalidParameter, match="ClothClass"):
        client.segment_cloth(photos / ASTRONAUT, cloth_class=["socks"])
    with pytest.raises(ImageContent):
        client.segment_hd_body(b"no picture")


def test_a_server_that_is_not_there_is_named(photos):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(ServiceUnavailable, match=f"127.0.0.1:{port} cannot be reached"):
        koutu.Client(f"127.0.0.1:{port}", "id", "secret", retries=0).segment_body(photos / CUP)


@pytest.mark.parametrize(
    ("address", "base"),
    [
        ("127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("localhost", "http://localhost"),
        ("[::1]:80", "http://[::1]:80"),
        ("10.1.2.3", "http://10.1.2.3"),
        ("seg.example.com", "https://seg.example.com"),
        ("http://seg.example.com/", "http://seg.example.com"),
    ],
)
def test_a_bare_host_gets_its_scheme(address, base):
    assert _base(address) == base


@pytest.mark.parametrize("address", ["", "ftp://host", "http://host/path", "http://"])
def test_what_is_no_endpoint_is_refused(address):
    with pytest.raises(InvalidParameter, match="endpoint"):
        koutu.Client(address, "id", "secret")
