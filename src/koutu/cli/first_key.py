"""A first access key, and the official SDK's snippet that uses it."""

import typer

from koutu.settings import Settings

_SNIPPET = """
A first access key was made; its secret is shown this once.
With alibabacloud-imageseg20191230==2.0.4 installed, paste this into a shell:

python - <<'EOF'
from alibabacloud_imageseg20191230.client import Client
from alibabacloud_imageseg20191230.models import SegmentCommonImageAdvanceRequest
from alibabacloud_tea_openapi.models import Config
from alibabacloud_tea_util.models import RuntimeOptions

client = Client(Config(
    access_key_id="{key_id}",
    access_key_secret="{secret}",
    endpoint="{endpoint}",
    protocol="http",
))
client._open_platform_endpoint = client._endpoint
request = SegmentCommonImageAdvanceRequest(image_urlobject=open("photo.jpg", "rb"))
print(client.segment_common_image_advance(request, RuntimeOptions()).body.data.image_url)
EOF
"""


def offer_first_key(settings: Settings) -> None:
    """Make a key where the database has none, and print how to use it."""
    from koutu.server.accounts.database import open_database
    from koutu.server.accounts.keys import Keys
    from koutu.server.accounts.secrets import open_secrets

    database = open_database(settings)
    try:
        keys = Keys(database, open_secrets(settings))
        if keys.all():
            typer.echo("Access keys: koutu keys list, koutu keys create.")
            return
        key = keys.create(note="first key")
    finally:
        database.close()
    endpoint = f"{settings.host}:{settings.port}"
    typer.echo(_SNIPPET.format(key_id=key.access_key_id, secret=key.access_key_secret, endpoint=endpoint))
