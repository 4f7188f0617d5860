package dev.culvert.app.interop;

import dev.culvert.tun.netns.NetworkNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Keys as {@code wg} makes and reads them: base64, private ones in files. */
record Keys(String privateKey, String publicKey) {
    static Keys generate(NetworkNamespace anywhere) {
        String privateKey = anywhere.run("wg", "genkey").strip();
        return new Keys(privateKey, publicKey(anywhere, privateKey));
    }

    static String publicKey(NetworkNamespace anywhere, String privateKey) {
        return anywhere.run("sh", "-c", "wg pubkey < " + file(privateKey)).strip();
    }

    static String presharedKey(NetworkNamespace anywhere) {
        return anywhere.run("wg", "genpsk").strip();
    }

    /** A file with this text for {@code wg} to read, such as a key; it goes with the JVM. */
    static String file(String text) {
        try {
            Path file = Files.createTempFile("culvert-test-", ".conf");
            file.toFile().deleteOnExit();
            return Files.writeString(file, text + "\n").toString();
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }
}
