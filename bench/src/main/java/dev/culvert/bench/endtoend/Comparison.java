package dev.culvert.bench.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares culvert, with each of the given I/O engines, with wireguard-go: in turn, round by round.
 * Arguments: the launcher of culvert, the number of rounds, the seconds of each transfer, the
 * engines separated by commas, and the folder for the results.
 */
public final class Comparison {
    private final Implementation wireguardGo =
            new Implementation("wireguard-go", List.of("wireguard-go", "-f"), List.of());
    private final List<Implementation> culverts = new ArrayList<>();
    private final int rounds;
    private final int seconds;
    private final Path folder;
    private final Report report;

    private Comparison(String launcher, int rounds, int seconds, String engines, Path folder) {
        this.rounds = rounds;
        this.seconds = seconds;
        this.folder = folder;
        for (String engine : engines.split(",", -1)) {
            culverts.add(
                    new Implementation(
                            "culvert, " + engine,
                            List.of(launcher, "-f"),
                            List.of("CULVERT_IO=" + engine)));
        }
        report = new Report(wireguardGo, culverts);
    }

    /** Runs the comparison and prints its table; the progress goes to standard error. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 5) {
            System.err.println("usage: Comparison LAUNCHER ROUNDS SECONDS ENGINE[,ENGINE] FOLDER");
            System.exit(2);
        }
        new Comparison(
                        arguments[0],
                        Integer.parseInt(arguments[1]),
                        Integer.parseInt(arguments[2]),
                        arguments[3],
                        Path.of(arguments[4]))
                .run();
    }

    private void run() throws IOException {
        Files.createDirectories(folder);
        int steps = (1 + culverts.size()) * Round.STEPS + culverts.size() * Round.MIXED_STEPS;
        Progress progress = new Progress(System.err, rounds * steps);
        for (int number = 1; number <= rounds; number++) {
            Round round = new Round("round " + number + "/" + rounds, seconds, progress);
            round.measure(wireguardGo, report.samples(wireguardGo));
            for (Implementation culvert : culverts) {
                round.measure(culvert, report.samples(culvert));
                round.measureMixed(culvert, wireguardGo, report.samples(culvert));
            }
            write();
        }
        progress.end();
        System.out.println(report.table());
        System.out.println("results: " + folder + "/end-to-end.{json,md,svg}");
    }

    /** After each round, so that an early end loses one at most. */
    private void write() throws IOException {
        report.writeJson(folder.resolve("end-to-end.json"));
        Files.writeString(folder.resolve("end-to-end.md"), report.markdown());
        Files.writeString(folder.resolve("end-to-end.svg"), new Plot(report).svg());
    }
}
