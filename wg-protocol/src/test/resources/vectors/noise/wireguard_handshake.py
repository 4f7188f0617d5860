"""Writes wireguard_handshake.json: a handshake, cookie and transport keys with fixed keys.

Straight from the formulas of the WireGuard whitepaper, section 5.4, over Python's hashlib and the
package `cryptography`; shares no code with the implementation that the vector tests.
"""

import hashlib
import hmac
import json
import struct

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305


def fixed(label):
    return hashlib.sha256(label.encode()).digest()


def hash_(data):
    return hashlib.blake2s(data).digest()


def mac(key, data):
    return hashlib.blake2s(data, key=key, digest_size=16).digest()


def kdf(n, key, data):
    secret = hmac.digest(key, data, hashlib.blake2s)
    out = [b""]
    for i in range(1, n + 1):
        out.append(hmac.digest(secret, out[-1] + bytes([i]), hashlib.blake2s))
    return out[1:]


def aead(key, counter, plain, aad):
    return ChaCha20Poly1305(key).encrypt(bytes(4) + struct.pack("<Q", counter), plain, aad)


def public(private):
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def dh(private, public_):
    return X25519PrivateKey.from_private_bytes(private).exchange(
        X25519PublicKey.from_public_bytes(public_)
    )


def hchacha20(key, nonce16):
    x = list(struct.unpack("<16I", b"expand 32-byte k" + key + nonce16))

    def rotate(v, n):
        return ((v << n) | (v >> (32 - n))) & 0xFFFFFFFF

    def quarter(a, b, c, d):
        for p, q, r, n in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            x[p] = (x[p] + x[q]) & 0xFFFFFFFF
            x[r] = rotate(x[r] ^ x[p], n)

    for _ in range(10):
        for i in range(4):
            quarter(i, 4 + i, 8 + i, 12 + i)
        for i in range(4):
            quarter(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4)
    return struct.pack("<8I", *(x[:4] + x[12:]))


def xaead(key, nonce24, plain, aad):
    subkey = hchacha20(key, nonce24[:16])
    return ChaCha20Poly1305(subkey).encrypt(bytes(4) + nonce24[16:], plain, aad)


def macs(message, responder_public):
    mac1 = mac(hash_(b"mac1----" + responder_public), message)
    return message + mac1 + bytes(16)


si, sr = fixed("initiator static"), fixed("responder static")
ei, er = fixed("initiator ephemeral"), fixed("responder ephemeral")
psk = fixed("preshared key")
timestamp = bytes.fromhex("400000005f5e100a00000000")
index_i, index_r = 0x01020304, 0xA1A2A3A4

c = hash_(b"Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s")
h = hash_(hash_(c + b"WireGuard v1 zx2c4 Jason@zx2c4.com") + public(sr))
(c,) = kdf(1, c, public(ei))
h = hash_(h + public(ei))
c, k = kdf(2, c, dh(ei, public(sr)))
static = aead(k, 0, public(si), h)
h = hash_(h + static)
c, k = kdf(2, c, dh(si, public(sr)))
stamp = aead(k, 0, timestamp, h)
h = hash_(h + stamp)
initiation = macs(struct.pack("<II", 1, index_i) + public(ei) + static + stamp, public(sr))

(c,) = kdf(1, c, public(er))
h = hash_(h + public(er))
(c,) = kdf(1, c, dh(er, public(ei)))
(c,) = kdf(1, c, dh(er, public(si)))
c, t, k = kdf(3, c, psk)
h = hash_(h + t)
empty = aead(k, 0, b"", h)
response = macs(struct.pack("<III", 2, index_r, index_i) + public(er) + empty, public(si))
initiator_key, responder_key = kdf(2, c, b"")

secret, nonce = fixed("cookie secret"), fixed("cookie nonce")[:24]
address, port = bytes([192, 0, 2, 7]), 51820
cookie = mac(secret, address + struct.pack(">H", port))
reply = (
    struct.pack("<II", 3, index_i)
    + nonce
    + xaead(hash_(b"cookie--" + public(sr)), nonce, cookie, initiation[116:132])
)
initiation_with_mac2 = initiation[:132] + mac(cookie, initiation[:132])

vector = {
    "initiatorPrivate": si,
    "responderPrivate": sr,
    "initiatorEphemeral": ei,
    "responderEphemeral": er,
    "presharedKey": psk,
    "timestamp": timestamp,
    "initiatorIndex": struct.pack(">I", index_i),
    "responderIndex": struct.pack(">I", index_r),
    "initiation": initiation,
    "response": response,
    "initiatorKey": initiator_key,
    "responderKey": responder_key,
    "cookieSecret": secret,
    "cookieNonce": nonce,
    "cookieAddress": address,
    "cookiePort": struct.pack(">H", port),
    "cookieReply": reply,
    "initiationWithMac2": initiation_with_mac2,
}
print(json.dumps({name: value.hex() for name, value in vector.items()}, indent=2))
