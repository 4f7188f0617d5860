package dev.culvert.wg.x25519;

/** Bouncy Castle: pure Java, so it works everywhere. */
final class BouncyCastleX25519 implements X25519 {
    @Override
    public String name() {
        return "bouncycastle";
    }

    @Override
    public X25519Key newKey(byte[] private32) {
        return new Key(private32);
    }

    private static final class Key extends HeapX25519Key {
        Key(byte[] private32) {
            super(private32);
        }

        @Override
        public void publicKey(byte[] out32) {
            org.bouncycastle.math.ec.rfc7748.X25519.scalarMultBase(bytes(), 0, out32, 0);
        }

        @Override
        public boolean sharedSecret(byte[] public32, byte[] out32) {
            return org.bouncycastle.math.ec.rfc7748.X25519.calculateAgreement(
                    bytes(), 0, public32, 0, out32, 0);
        }
    }
}
