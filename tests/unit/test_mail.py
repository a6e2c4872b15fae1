"""Letters on their way to the mail server: sealed, and only to a server that proves who it is."""

import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.letterbox import open_letterbox
from webapp.services.mail import Letter, SmtpMailer

LETTER = Letter("someone@example.com", "重设密码", "链接：https://example.com/reset")
SENDER = "学子留汉 <no-reply@example.com>"


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A certificate for localhost that signs itself, and that this machine trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    start = datetime.now(UTC) - timedelta(days=1)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, start, start + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "certificate.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return context


def test_a_letter_is_sealed_where_the_server_can(certificate: ssl.SSLContext) -> None:
    with open_letterbox(certificate) as box:
        SmtpMailer(f"smtp://localhost:{box.port}", SENDER).deliver(LETTER, message_id="one")
        letter = box.letters.get(timeout=5)
    assert "重设密码" in letter["Subject"]
    assert letter["Message-ID"] == "<one@example.com>"
    verbs = [command.upper().split(":")[0] for command in box.commands]
    assert verbs.index("STARTTLS") < verbs.index("MAIL FROM")


def test_a_server_that_cannot_prove_who_it_is_gets_no_letter_and_no_password(
    certificate: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with open_letterbox(certificate) as box, pytest.raises(OSError, match="certificate"):
        SmtpMailer(f"smtp://user:secret@localhost:{box.port}", SENDER).deliver(LETTER, message_id="one")
    assert box.commands[-1] == "STARTTLS"
    assert box.letters.empty()


def test_a_server_that_offers_no_seal_still_gets_its_letter() -> None:
    with open_letterbox() as box:
        SmtpMailer(f"smtp://127.0.0.1:{box.port}", SENDER).deliver(LETTER, message_id="one")
        assert box.letters.get(timeout=5).get_content().strip() == LETTER.body


def test_the_address_at_which_letters_are_stopped_is_sent_whole_and_a_long_subject_in_lines() -> None:
    address = f"https://jobs.example.org/graduate/digests/{'x' * 200}"
    letter = replace(LETTER, subject="新岗位适合你：" + "数据分析师" * 30, stop=address)
    with open_letterbox() as box:
        SmtpMailer(f"smtp://127.0.0.1:{box.port}", SENDER).deliver(letter, message_id="one")
        sent = box.letters.get(timeout=5)
    raw = dict(sent.raw_items())
    assert raw["List-Unsubscribe"] == f"<{address}>"
    assert raw["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert sent["Subject"] == letter.subject
    assert max(map(len, raw["Subject"].splitlines())) < 78


def test_a_letter_about_something_that_happened_cannot_be_stopped() -> None:
    with open_letterbox() as box:
        SmtpMailer(f"smtp://127.0.0.1:{box.port}", SENDER).deliver(LETTER, message_id="one")
        assert "List-Unsubscribe" not in box.letters.get(timeout=5)
