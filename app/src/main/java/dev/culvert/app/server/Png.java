package dev.culvert.app.server;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Pictures of two colours as PNG (ISO/IEC 15948): a signature, then chunks.
 *
 * <pre>
 *  0       4       8          8+n      12+n
 * +-------+-------+----------+--------+
 * | n     | type  | data     | CRC-32 |   of type and data; all numbers big-endian
 * +-------+-------+----------+--------+
 * </pre>
 */
final class Png {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final int HEADER_BYTES = 13;
    private static final byte ONE_BIT = 1;
    private static final byte GREYSCALE = 0;

    private Png() {}

    /** Which pixels are black. */
    @FunctionalInterface
    interface Pixels {
        boolean isBlack(int x, int y);
    }

    static byte[] blackAndWhite(int width, int height, Pixels pixels) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(SIGNATURE);
        chunk(
                out,
                "IHDR",
                ByteBuffer.allocate(HEADER_BYTES)
                        .putInt(width)
                        .putInt(height)
                        .put(ONE_BIT)
                        .put(GREYSCALE)
                        .array());
        chunk(out, "IDAT", deflated(scanlines(width, height, pixels)));
        chunk(out, "IEND", new byte[0]);
        return out.toByteArray();
    }

    /** Each line has its filter in front (0: none), then 8 pixels a byte, 1 is white. */
    private static byte[] scanlines(int width, int height, Pixels pixels) {
        int lineBytes = 1 + (width + 7) / 8;
        byte[] lines = new byte[lineBytes * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                if (!pixels.isBlack(x, y)) {
                    lines[y * lineBytes + 1 + x / 8] |= (byte) (0x80 >> (x % 8));
                }
            }
        }
        return lines;
    }

    private static byte[] deflated(byte[] data) {
        try (Deflater deflater = new Deflater()) {
            deflater.setInput(data);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buf = new byte[4096];
            while (!deflater.finished()) {
                out.write(buf, 0, deflater.deflate(buf));
            }
            return out.toByteArray();
        }
    }

    private static void chunk(ByteArrayOutputStream out, String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data);
        out.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        out.writeBytes(name);
        out.writeBytes(data);
        out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }
}
