"""A certificate of this server's own making, for development: clients have to be told to trust or to ignore it."""

import os
import socket
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from koutu.settings import Settings

_DAYS = 397
_RENEW_DAYS = 30


def self_signed(settings: Settings) -> tuple[Path, Path]:
    """Certificate and key under the data folder (`tls/certificate.pem`, `tls/key.pem`), made anew when about to expire.

    The certificate names the loopback, this machine, and the hosts that the settings name.
    """
    folder = settings.data / "tls"
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    names = _names(settings)
    if not (certificate.exists() and key.exists() and _serves(certificate, names)):
        folder.mkdir(parents=True, exist_ok=True)
        _write(certificate, key, names)
    return certificate, key


def _names(settings: Settings) -> list[str]:
    named = (settings.host, settings.public_host, settings.bucket_host)
    hosts = [urlsplit(host if "://" in host else f"//{host}").hostname for host in named if host]
    return sorted({"localhost", "127.0.0.1", "::1", socket.gethostname().lower(), *(host for host in hosts if host)})


def _serves(certificate: Path, names: list[str]) -> bool:
    loaded = x509.load_pem_x509_certificate(certificate.read_bytes())
    alternatives = loaded.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    same = set(alternatives) == set(_alternatives(names))
    return same and loaded.not_valid_after_utc > datetime.now(UTC) + timedelta(days=_RENEW_DAYS)


def _alternatives(names: list[str]) -> list[x509.GeneralName]:
    return [_alternative(name) for name in names]


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _write(certificate: Path, key: Path, names: list[str]) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Koutu, self-signed")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=_DAYS))
        .add_extension(x509.SubjectAlternativeName(_alternatives(names)), critical=False)
        # Being its own authority lets a client trust it by naming this one file.
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(private, hashes.SHA256())
    )
    pem = private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    key.unlink(missing_ok=True)
    with os.fdopen(os.open(key, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(pem)
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
