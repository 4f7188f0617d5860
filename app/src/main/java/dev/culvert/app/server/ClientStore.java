package dev.culvert.app.server;

import dev.culvert.app.config.ClientName;
import dev.culvert.app.config.ConfigException;
import dev.culvert.app.config.InvalidValueException;
import dev.culvert.app.config.IpText;
import dev.culvert.app.config.PublicKey;
import dev.culvert.app.config.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The server's key and its clients, in the layout of linuxserver/wireguard, so that its folder can
 * be taken over.
 *
 * <pre>
 * server/privatekey-server, publickey-server
 * peer_laptop/privatekey-peer_laptop, publickey-..., presharedkey-..., peer_laptop.conf, .png
 * </pre>
 *
 * A client's addresses are those of its configuration. Whoever calls this holds {@link
 * StateFiles#lock}.
 */
final class ClientStore {
    private static final String SERVER = "server";
    private static final String ADDED = "added-by-command";
    private static final int MAX_BYTES = 64 * 1024;

    private final Path folder;

    ClientStore(Path folder) {
        this.folder = folder;
    }

    /** The server's key, made if there is none yet. */
    Secret serverKey() throws ConfigException {
        Path file = folder.resolve(SERVER).resolve("privatekey-server");
        if (Files.exists(file)) {
            return secret(file);
        }
        Secret key = Keys.newPrivateKey();
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("privatekey-server", line(Keys.base64(key)));
        files.put("publickey-server", line(Keys.publicKey(key).base64()));
        StateFiles.writeFolder(folder.resolve(SERVER), files);
        return key;
    }

    /** All of them by name, to be closed. */
    List<Client> clients() throws ConfigException {
        List<Client> clients = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(folder, "peer*")) {
            for (Path path : folders) {
                ClientName name = name(String.valueOf(path.getFileName()));
                if (name != null && Files.isDirectory(path)) {
                    clients.add(read(name, path));
                }
            }
        } catch (IOException unreadable) {
            throw StateFiles.problem(folder, "cannot be listed", unreadable);
        }
        clients.sort((a, b) -> a.name().compareTo(b.name()));
        return clients;
    }

    /** Null: it is no folder of a client. */
    private static @Nullable ClientName name(String folderName) {
        String text = folderName.replaceFirst("^peer_?", "");
        try {
            ClientName name = ClientName.parse(text);
            return name.folder().equals(folderName) ? name : null;
        } catch (InvalidValueException none) {
            return null;
        }
    }

    private Client read(ClientName name, Path path) throws ConfigException {
        Path privateFile = path.resolve("privatekey-" + name.folder());
        Path publicFile = path.resolve("publickey-" + name.folder());
        Path presharedFile = path.resolve("presharedkey-" + name.folder());
        Secret privateKey = Files.exists(privateFile) ? secret(privateFile) : null;
        PublicKey publicKey;
        try {
            publicKey =
                    privateKey == null
                            ? PublicKey.parse(text(publicFile).strip())
                            : Keys.publicKey(privateKey);
        } catch (InvalidValueException invalid) {
            throw new ConfigException(publicFile.toString(), invalid.reason());
        }
        return new Client(
                name,
                publicKey,
                privateKey,
                Files.exists(presharedFile) ? secret(presharedFile) : null,
                addresses(configuration(name)),
                Files.exists(path.resolve(ADDED)));
    }

    private static List<InetAddress> addresses(Path file) throws ConfigException {
        List<InetAddress> addresses = new ArrayList<>();
        for (String line : text(file).lines().toList()) {
            String[] words = line.split("=", 2);
            if (words.length == 2 && words[0].strip().equalsIgnoreCase("Address")) {
                for (String word : words[1].split(",", -1)) {
                    addresses.add(address(file, word.strip()));
                }
            }
        }
        if (addresses.isEmpty()) {
            throw new ConfigException(
                    file.toString(), "has no Address, which is where the client's is kept");
        }
        return List.copyOf(addresses);
    }

    private static InetAddress address(Path file, String text) throws ConfigException {
        try {
            return IpText.prefix(text, "10.13.13.2/32").address();
        } catch (InvalidValueException invalid) {
            throw new ConfigException(file.toString(), "Address: " + invalid.reason());
        }
    }

    /** Where a client's configuration is. */
    Path configuration(ClientName name) {
        return folder.resolve(name.folder()).resolve(name.folder() + ".conf");
    }

    /** Where its picture is. */
    Path picture(ClientName name) {
        return folder.resolve(name.folder()).resolve(name.folder() + ".png");
    }

    /** Keeps a new client, all of it or nothing. */
    void create(Client client, String configuration) throws ConfigException {
        String name = client.name().folder();
        Secret privateKey = client.privateKey();
        Secret presharedKey = client.presharedKey();
        Map<String, byte[]> files = new LinkedHashMap<>();
        if (privateKey != null) {
            files.put("privatekey-" + name, line(Keys.base64(privateKey)));
        }
        files.put("publickey-" + name, line(client.publicKey().base64()));
        if (presharedKey != null) {
            files.put("presharedkey-" + name, line(Keys.base64(presharedKey)));
        }
        if (client.added()) {
            files.put(ADDED, new byte[0]);
        }
        files.put(name + ".conf", configuration.getBytes(StandardCharsets.UTF_8));
        StateFiles.writeFolder(folder.resolve(name), files);
        picture(client, configuration);
    }

    /** Brings its configuration up to date; false: it is. */
    boolean update(Client client, String configuration) throws ConfigException {
        Path file = configuration(client.name());
        if (text(file).equals(configuration)) {
            return false;
        }
        StateFiles.write(file, configuration.getBytes(StandardCharsets.UTF_8));
        picture(client, configuration);
        return true;
    }

    /** A configuration without its key is nothing to scan. */
    private void picture(Client client, String configuration) throws ConfigException {
        if (client.privateKey() != null) {
            StateFiles.write(picture(client.name()), QrCode.of(configuration).png());
        }
    }

    /** Forgets a client and its keys. */
    void remove(ClientName name) throws ConfigException {
        StateFiles.remove(folder.resolve(name.folder()));
    }

    /** Of a file that is small, or none of ours. */
    static String text(Path file) throws ConfigException {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new ConfigException(file.toString(), "has more than " + MAX_BYTES + " bytes");
            }
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw StateFiles.problem(file, "cannot be read", unreadable);
        }
    }

    private static Secret secret(Path file) throws ConfigException {
        byte[] bytes = text(file).strip().getBytes(StandardCharsets.US_ASCII);
        try {
            return Secret.ofBase64(bytes, 0, bytes.length);
        } catch (InvalidValueException invalid) {
            throw new ConfigException(file.toString(), invalid.reason());
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static byte[] line(String text) {
        return (text + "\n").getBytes(StandardCharsets.US_ASCII);
    }
}
