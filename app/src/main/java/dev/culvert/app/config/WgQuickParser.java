package dev.culvert.app.config;

import dev.culvert.tun.rtnetlink.IpPrefix;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * wg-quick files, {@code wg-quick(8)}: stricter than it, for what is odd in a file is a mistake
 * more often than not, and a tunnel that is not quite the wanted one leaks.
 */
final class WgQuickParser {
    private final Problems problems;
    private final String source;
    private final String interfaceName;
    private final InterfaceReader local;
    private final Origins.Notes notes;
    private final List<PeerReader> peerReaders = new ArrayList<>();

    private WgQuickParser(String source, String interfaceName, boolean allowHooks) {
        this.source = source;
        this.interfaceName = interfaceName;
        problems = new Problems(source);
        notes = new Origins.Notes(source);
        local = new InterfaceReader(problems, new HooksReader(problems, interfaceName, allowHooks));
    }

    /**
     * Reads a whole file, which stays the caller's to be zeroed.
     *
     * @param fallbackKey counts if the file has no private key, and then becomes the result's
     * @throws ConfigException with every mistake that the file has
     */
    static TunnelConfig parse(
            String source,
            String interfaceName,
            byte[] file,
            boolean allowHooks,
            @Nullable Secret fallbackKey)
            throws ConfigException {
        return new WgQuickParser(source, interfaceName, allowHooks).parse(file, fallbackKey);
    }

    private TunnelConfig parse(byte[] file, @Nullable Secret fallbackKey) throws ConfigException {
        WgQuickSection interfaceSection = null;
        List<PeerConfig> peers = new ArrayList<>();
        Map<PublicKey, Integer> peerLines = new HashMap<>();
        Map<IpPrefix, Integer> prefixLines = new HashMap<>();
        for (WgQuickSection section : WgQuickLines.parse(file, problems)) {
            if (section.kind() == WgQuickKey.Section.INTERFACE) {
                if (interfaceSection != null) {
                    problems.add(
                            section.line(),
                            "",
                            "a second [Interface]; the first is in line "
                                    + interfaceSection.line());
                    continue;
                }
                interfaceSection = section;
                read(section, local::read);
            } else {
                PeerConfig peer = peer(section);
                if (peer != null) {
                    refuseTwice(section.line(), peer, peerLines, prefixLines);
                    peers.add(peer);
                }
            }
        }
        return finish(interfaceSection, peers, fallbackKey);
    }

    private TunnelConfig finish(
            @Nullable WgQuickSection section, List<PeerConfig> peers, @Nullable Secret fallbackKey)
            throws ConfigException {
        InterfaceConfig interfaceConfig = null;
        if (section == null) {
            problems.add(0, "", "there is no [Interface] section");
        } else {
            interfaceConfig = local.finish(section, fallbackKey);
        }
        if (section != null && peerReaders.isEmpty()) {
            problems.add(0, "", "there is no [Peer] section: nothing could go through the tunnel");
        }
        if (interfaceConfig == null || problems.any()) {
            local.abandon();
            if (fallbackKey != null) {
                fallbackKey.close();
            }
            peerReaders.forEach(PeerReader::abandon);
            throw problems.exception();
        }
        return new TunnelConfig(
                source,
                interfaceName,
                interfaceConfig,
                List.copyOf(peers),
                problems.notices(),
                notes.origins());
    }

    private @Nullable PeerConfig peer(WgQuickSection section) {
        PeerReader reader = new PeerReader(problems);
        peerReaders.add(reader);
        read(section, reader::read);
        return reader.finish(section);
    }

    @FunctionalInterface
    private interface EntryReader {
        void read(WgQuickEntry entry) throws InvalidValueException;
    }

    private void read(WgQuickSection section, EntryReader reader) {
        Map<WgQuickKey, Integer> lines = new EnumMap<>(WgQuickKey.class);
        for (WgQuickEntry entry : section.entries()) {
            Integer first = lines.putIfAbsent(entry.key(), entry.line());
            if (first != null && !entry.key().repeatable) {
                problems.add(
                        entry.line(),
                        entry.key().label,
                        "stands there twice; first in line " + first);
                continue;
            }
            try {
                reader.read(entry);
                notes.note(entry);
            } catch (InvalidValueException invalid) {
                problems.add(entry.line(), entry.key().label, invalid.reason());
            }
        }
    }

    /** wg would merge the first and move the second to the later peer: neither can be meant. */
    private void refuseTwice(
            int line,
            PeerConfig peer,
            Map<PublicKey, Integer> peerLines,
            Map<IpPrefix, Integer> prefixLines) {
        Integer samePeer = peerLines.putIfAbsent(peer.publicKey(), line);
        if (samePeer != null) {
            problems.add(
                    line,
                    WgQuickKey.PUBLIC_KEY.label,
                    "is that of the [Peer] in line " + samePeer + ", too");
            return;
        }
        for (IpPrefix prefix : peer.allowedIps()) {
            Integer owner = prefixLines.putIfAbsent(prefix, line);
            if (owner != null && owner != line) {
                problems.add(
                        line,
                        WgQuickKey.ALLOWED_IPS.label,
                        prefix + " belongs to the [Peer] in line " + owner + " already");
            }
        }
    }
}
