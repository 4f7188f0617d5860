package dev.culvert.app.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.LuminanceSource;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import dev.culvert.app.config.ConfigException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** Read back by programs that did not write them: ZXing's reader, the JDK's PNG reader. */
final class QrCodeTest {
    private static final String TEXT =
            """
            [Interface]
            Address = 10.13.13.2/32, fd00:13::2/128
            PrivateKey = MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=

            [Peer]
            PublicKey = MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=
            Endpoint = vpn.example.com:51820
            AllowedIPs = 0.0.0.0/0, ::/0
            """;

    static String decode(byte[] png) throws Exception {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
        int[] pixels =
                image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        return decode(image.getWidth(), image.getHeight(), pixels);
    }

    private static String decode(int width, int height, int[] pixels) throws Exception {
        LuminanceSource source = new RGBLuminanceSource(width, height, pixels);
        return new QRCodeReader()
                .decode(new BinaryBitmap(new HybridBinarizer(source)), Map.of())
                .getText();
    }

    /** As a camera sees it: 4 pixels a module. */
    static String decodeTerminal(String shown) throws Exception {
        List<String> lines =
                shown.lines().map(line -> line.replaceAll("\u001b\\[[0-9;]*m", "")).toList();
        int scale = 4;
        int width = lines.getFirst().length() * scale;
        int height = lines.size() * 2 * scale;
        int[] pixels = new int[width * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                char c = lines.get(y / scale / 2).charAt(x / scale);
                boolean upper = y / scale % 2 == 0;
                boolean dark = c == '\u2588' || c == (upper ? '\u2580' : '\u2584');
                pixels[y * width + x] = dark ? 0xff000000 : 0xffffffff;
            }
        }
        return decode(width, height, pixels);
    }

    @Test
    void thePictureReadsBack() throws Exception {
        assertEquals(TEXT, decode(QrCode.of(TEXT).png()));
    }

    @Test
    void theTerminalReadsBack() throws Exception {
        assertEquals(TEXT, decodeTerminal(QrCode.of(TEXT).terminal()));
    }

    @Test
    void refusesWhatNoCodeHolds() {
        assertThrows(ConfigException.class, () -> QrCode.of("10.0.0.0/8, ".repeat(300)));
    }
}
