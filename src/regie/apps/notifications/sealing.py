"""What lies in the outbox is of no use to who reads the tables alone."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet
from django.conf import settings


def seal(text: str) -> str:
    return _cipher().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    return _cipher().decrypt(sealed.encode()).decode()


def seal_bytes(content: bytes) -> str:
    return _cipher().encrypt(content).decode()


def unseal_bytes(sealed: str) -> bytes:
    return _cipher().decrypt(sealed.encode())


def _cipher() -> Fernet:
    key = hashlib.sha256(b"outbox:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
