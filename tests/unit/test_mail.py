"""Letters on their way to the mail server: sealed, and only to a server that proves who it is."""

import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from smtplib import SMTPNotSupportedError, SMTPRecipientsRefused

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.letterbox import open_letterbox
from webapp.services.mail import Letter, LetterRefused, mailer

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
        with mailer(f"smtp://localhost:{box.port}", SENDER) as door:
            door.deliver(LETTER, message_id="one")
        letter = box.letters.get(timeout=5)
    assert "重设密码" in letter["Subject"]
    assert letter["Message-ID"] == "<one@example.com>"
    said = verbs(box.commands)
    assert said.index("STARTTLS") < said.index("MAIL")


def test_a_server_that_cannot_prove_who_it_is_gets_no_letter_and_no_password(
    certificate: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with (
        open_letterbox(certificate) as box,
        mailer(f"smtp://user:secret@localhost:{box.port}", SENDER) as door,
        pytest.raises(OSError, match="certificate"),
    ):
        door.deliver(LETTER, message_id="one")
    assert box.commands[-1] == "STARTTLS"
    assert box.letters.empty()


def test_a_server_that_offers_no_seal_still_gets_its_letter() -> None:
    with open_letterbox() as box, mailer(f"smtp://127.0.0.1:{box.port}", SENDER) as door:
        door.deliver(LETTER, message_id="one")
        assert box.letters.get(timeout=5).get_content().strip() == LETTER.body


def test_the_address_at_which_letters_are_stopped_is_sent_whole_and_a_long_subject_in_lines() -> None:
    address = f"https://jobs.example.org/graduate/digests/{'x' * 200}"
    letter = replace(LETTER, subject="新岗位适合你：" + "数据分析师" * 30, stop=address)
    with open_letterbox() as box, mailer(f"smtp://127.0.0.1:{box.port}", SENDER) as door:
        door.deliver(letter, message_id="one")
        sent = box.letters.get(timeout=5)
    raw = dict(sent.raw_items())
    assert raw["List-Unsubscribe"] == f"<{address}>"
    assert raw["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert sent["Subject"] == letter.subject
    assert max(map(len, raw["Subject"].splitlines())) < 78


def test_a_letter_about_something_that_happened_cannot_be_stopped() -> None:
    with open_letterbox() as box, mailer(f"smtp://127.0.0.1:{box.port}", SENDER) as door:
        door.deliver(LETTER, message_id="one")
        assert "List-Unsubscribe" not in box.letters.get(timeout=5)


def test_one_connection_carries_all_letters_and_a_lost_one_is_opened_anew() -> None:
    with open_letterbox() as box, mailer(f"smtp://127.0.0.1:{box.port}", SENDER) as door:
        for name in ("one", "two"):
            door.deliver(LETTER, message_id=name)
        assert verbs(box.commands).count("EHLO") == 1
        box.refused[LETTER.to] = b"421 too many letters"
        with pytest.raises(SMTPRecipientsRefused):
            door.deliver(LETTER, message_id="three")
        box.refused.clear()
        door.deliver(LETTER, message_id="three")
        assert [box.letters.get(timeout=5)["Message-ID"] for _ in range(3)][-1] == "<three@example.com>"
    assert verbs(box.commands).count("EHLO") == 2


@pytest.mark.parametrize(
    ("answer", "final"),
    [(b"550 no such user", True), (b"553 not allowed", True), (b"450 busy", False), (b"452 full", False)],
)
def test_a_refused_recipient_is_told_from_a_server_that_fails(answer: bytes, *, final: bool) -> None:
    with open_letterbox() as box, mailer(f"smtp://127.0.0.1:{box.port}", SENDER) as door:
        box.refused[LETTER.to] = answer
        with pytest.raises(LetterRefused) as refused:
            door.deliver(LETTER, message_id="one")
        assert refused.value.final is final
        door.deliver(replace(LETTER, to="other@example.com"), message_id="two")
        assert box.letters.get(timeout=5)["To"] == "other@example.com"
    assert verbs(box.commands).count("EHLO") == 1


@pytest.mark.parametrize(
    "to",
    [
        *("a<victim@example.com>e", "c,victim@example.com", "d:victim@example.com", "victim(a)@example.com"),
        *("a@example.com\nBcc: victim@example.com", "张三@example.com"),
    ],
)
def test_what_is_not_the_address_of_one_mailbox_is_never_handed_over(to: str) -> None:
    with open_letterbox() as box, mailer(f"smtp://127.0.0.1:{box.port}", SENDER) as door:
        with pytest.raises(LetterRefused) as refused:
            door.deliver(replace(LETTER, to=to), message_id="one")
        assert refused.value.final
        assert verbs(box.commands).count("RCPT") == 0


def test_an_address_the_server_has_no_letters_for_is_refused_for_good() -> None:
    with open_letterbox() as box, mailer(f"smtp://127.0.0.1:{box.port}", SENDER) as door:
        with pytest.raises(LetterRefused) as refused:
            door.deliver(replace(LETTER, to="a@例子.example"), message_id="one")
        assert refused.value.final


def test_a_server_without_the_login_that_is_set_keeps_the_letter() -> None:
    with (
        open_letterbox() as box,
        mailer(f"smtp://user:secret@127.0.0.1:{box.port}", SENDER) as door,
        pytest.raises(SMTPNotSupportedError),
    ):
        door.deliver(LETTER, message_id="one")


def verbs(commands: list[str]) -> list[str]:
    return [command.split()[0].upper() for command in commands]
