from starlette.testclient import TestClient

from koutu.server.app import create_app


def test_it_can_be_turned_off(running, settings, engine):
    with TestClient(create_app(settings.model_copy(update={"console": False}))) as http:
        for path in ("/console", "/console/", "/console/sign-in", "/console/static/console.css"):
            assert http.get(path, follow_redirects=False).status_code == 403
        assert http.get("/", headers={"Accept": "text/html"}).status_code == 400
