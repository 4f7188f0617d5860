package dev.culvert.app.reconnect;

import dev.culvert.app.connection.ConnectionException;
import dev.culvert.app.connection.Trial;
import dev.culvert.app.relay.Candidates;
import dev.culvert.app.sidecar.Sidecar;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last thing to be tried: another configuration of the same interface. One is gone over to once
 * its peer has answered to its keys; the one before carries the traffic until then. Each is tried
 * once; if the check passes with none of them, the first one is taken up again.
 */
final class NextConfiguration {
    private static final Logger log = LoggerFactory.getLogger(NextConfiguration.class);

    private final Sidecar sidecar;
    private final HandshakeProbe handshakes = new HandshakeProbe();

    /** How the check fails; empty: it passes. */
    @FunctionalInterface
    interface Check {
        Optional<String> failure() throws InterruptedException;
    }

    NextConfiguration(Sidecar sidecar) {
        this.sidecar = sidecar;
    }

    /**
     * Tries them.
     *
     * @param failure with the configurations in use
     * @param check waits a moment, then checks
     * @return what the check says of the one that is in use then
     */
    Optional<String> find(Optional<String> failure, Check check) throws InterruptedException {
        Optional<String> present = failure;
        for (Candidates candidates : sidecar.candidates()) {
            boolean another = false;
            for (Path file : candidates.others()) {
                if (present.isPresent() && goOver(candidates.interfaceName(), file, false)) {
                    another = true;
                    present = check.failure();
                }
            }
            if (present.isPresent() && another) {
                goOver(candidates.interfaceName(), candidates.present(), true);
            }
        }
        return present;
    }

    /**
     * Goes over to one whose peer answers.
     *
     * @param back to where it came from, whoever answers
     */
    private boolean goOver(String interfaceName, Path file, boolean back) {
        try (Trial trial = sidecar.tryOut(interfaceName, file)) {
            if (back || handshakes.answers(trial)) {
                log.warn("{}: {} {}", interfaceName, back ? "back to" : "over to", file);
                sidecar.adopt(trial);
                return true;
            }
            log.warn("{}: nobody answers to {}", interfaceName, file);
            sidecar.abandon(trial);
        } catch (ConnectionException refused) {
            log.warn("{}", refused.getMessage());
        }
        return false;
    }
}
