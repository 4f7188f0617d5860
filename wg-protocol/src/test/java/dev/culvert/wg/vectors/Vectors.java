package dev.culvert.wg.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/** Reads the published test vectors under {@code vectors/}, whose README.md names the sources. */
public final class Vectors {
    private Vectors() {}

    private static InputStream open(String path) {
        return Objects.requireNonNull(Vectors.class.getResourceAsStream("/vectors/" + path), path);
    }

    public static JsonNode json(String path) {
        try (InputStream in = open(path)) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String text(String path) {
        try (InputStream in = open(path)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All tests of all groups of a Wycheproof file. */
    public static List<JsonNode> wycheproof(String path) {
        JsonNode file = json(path);
        List<JsonNode> tests = new ArrayList<>();
        for (JsonNode group : file.get("testGroups")) {
            group.get("tests").forEach(tests::add);
        }
        if (tests.size() != file.get("numberOfTests").asInt()) {
            throw new AssertionError(path + " is not whole");
        }
        return tests;
    }

    public static byte[] hex(JsonNode object, String field) {
        return hex(object.get(field).asText());
    }

    public static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    /** The concatenation of two fields. */
    public static byte[] hex(JsonNode object, String first, String second) {
        return hex(object.get(first).asText() + object.get(second).asText());
    }
}
