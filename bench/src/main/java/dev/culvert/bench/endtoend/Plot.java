package dev.culvert.bench.endtoend;

import java.util.Formatter;
import java.util.Locale;

/**
 * How many times better than wireguard-go each figure is, as bars on a logarithmic axis. An SVG
 * that follows the reader's light or dark colours.
 */
final class Plot {
    private static final int LABEL_WIDTH = 290;
    private static final int PLOT_WIDTH = 460;
    private static final int VALUE_WIDTH = 60;
    private static final int BAR = 12;
    private static final int GAP = 12;
    private static final int TOP = 64;
    private static final double[] MARKS = {0.25, 0.5, 1, 2, 4, 8};
    private static final String[] COLOURS = {"#2a78d6", "#e08a1e", "#3c9d5b"};

    private final Report report;

    Plot(Report report) {
        this.report = report;
    }

    String svg() {
        Formatter body = new Formatter(Locale.ROOT);
        int y = TOP;
        for (Metric metric : Metric.values()) {
            if (metric == Metric.START || lacking(metric)) {
                continue; // the start of a JVM is held against a limit, not against wireguard-go
            }
            int height = report.subjects().size() * BAR;
            body.format(
                    "<text class=\"label\" x=\"%d\" y=\"%d\">%s</text>%n",
                    LABEL_WIDTH - 10, y + height / 2 + 4, metric.label());
            for (int i = 0; i < report.subjects().size(); i++) {
                bar(body, y + i * BAR, better(i, metric), COLOURS[i % COLOURS.length]);
            }
            y += height + GAP;
        }
        int width = LABEL_WIDTH + PLOT_WIDTH + VALUE_WIDTH;
        Formatter out = new Formatter(Locale.ROOT);
        out.format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\">%n",
                width, y + 10);
        out.format(
                "%s",
                """
                <title>How many times better than wireguard-go</title>
                <style>
                text { font: 13px sans-serif; fill: #222 }
                .label { text-anchor: end }
                .mark { text-anchor: middle; font-size: 11px }
                line { stroke: #888; stroke-opacity: .35 }
                .one { stroke: #444; stroke-opacity: 1 }
                @media (prefers-color-scheme: dark) { text { fill: #ddd } .one { stroke: #bbb } }
                </style>
                """);
        legend(out);
        for (double mark : MARKS) {
            out.format(
                    "<line class=\"%s\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>%n",
                    mark == 1 ? "one" : "other", x(mark), x(mark), TOP - 8, y);
            out.format(
                    "<text class=\"mark\" x=\"%.1f\" y=\"%d\">%s</text>%n",
                    x(mark), TOP - 14, times(mark));
        }
        return out.format("%s</svg>%n", body).toString();
    }

    private void legend(Formatter out) {
        out.format("<text x=\"10\" y=\"20\">times better than wireguard-go</text>%n");
        int x = LABEL_WIDTH;
        for (int i = 0; i < report.subjects().size(); i++) {
            out.format(
                    "<rect x=\"%d\" y=\"10\" width=\"12\" height=\"12\" fill=\"%s\"/>%n",
                    x, COLOURS[i % COLOURS.length]);
            out.format(
                    "<text x=\"%d\" y=\"20\">%s</text>%n", x + 18, report.subjects().get(i).name());
            x += 190;
        }
    }

    private static void bar(Formatter out, int y, double factor, String colour) {
        double to = x(factor);
        double from = x(1);
        out.format(
                "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>%n",
                Math.min(from, to), y, Math.max(1, Math.abs(to - from)), BAR - 1, colour);
        out.format(
                "<text class=\"mark\" x=\"%.1f\" y=\"%d\">%s</text>%n",
                Math.max(from, to) + 18, y + 10, times(factor));
    }

    private boolean lacking(Metric metric) {
        for (int i = 0; i < report.subjects().size(); i++) {
            double factor = better(i, metric);
            if (Double.isNaN(factor) || factor <= 0 || Double.isInfinite(factor)) {
                return true;
            }
        }
        return false;
    }

    private double better(int subject, Metric metric) {
        double ratio = report.ratio(report.subjects().get(subject), metric);
        return metric.moreIsBetter() ? ratio : 1 / ratio;
    }

    private static double x(double factor) {
        double low = Math.log(MARKS[0]);
        double high = Math.log(MARKS[MARKS.length - 1]);
        double share = (Math.log(factor) - low) / (high - low);
        return LABEL_WIDTH + PLOT_WIDTH * Math.clamp(share, 0, 1);
    }

    private static String times(double factor) {
        return String.format(Locale.ROOT, factor == Math.rint(factor) ? "%.0f×" : "%.2f×", factor);
    }
}
