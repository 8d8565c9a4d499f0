import pytest

from koutu import models
from koutu.errors import ModelFault
from koutu.models import catalog, store
from koutu.models.sessions.openvino import OpenVinoSession
from koutu.settings import Settings


@pytest.mark.parametrize("name", sorted(catalog()))
def test_every_model_states_where_it_comes_from_and_its_terms(name):
    entry = catalog()[name]
    assert len(entry.sha256) == 64
    assert entry.size > 0
    assert entry.licence
    assert entry.card.startswith(f"# {name}\n")
    assert "icence" in entry.card
    if entry.source.kind == "bundled":
        assert store().verify(entry)
    else:
        assert entry.source.package
        assert entry.source.version
        assert entry.source.path


def test_the_licence_setting_keeps_models_out(monkeypatch, fresh_settings):
    monkeypatch.setenv("KOUTU_LICENCES", "permissive")
    assert not models.allowed("isnet")
    with pytest.raises(ModelFault, match="KOUTU_LICENCES"):
        models.run("isnet", {})


def test_a_file_that_is_no_network_is_a_clear_error(tmp_path):
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(b"nothing")
    with pytest.raises(ModelFault, match=r"broken\.onnx"):
        OpenVinoSession(broken, (), (), Settings(home=tmp_path))
