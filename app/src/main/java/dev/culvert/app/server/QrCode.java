package dev.culvert.app.server;

import com.google.zxing.BarcodeFormat;
import com.google.zxing.EncodeHintType;
import com.google.zxing.WriterException;
import com.google.zxing.common.BitMatrix;
import com.google.zxing.qrcode.QRCodeWriter;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import dev.culvert.app.config.ConfigException;
import java.util.Map;

/** A configuration to be scanned by a phone. */
final class QrCode {
    /** What ISO/IEC 18004 wants around it, in modules. */
    private static final int QUIET_MODULES = 4;

    private static final int PIXELS_PER_MODULE = 8;

    /** Black on white, whatever the terminal's own colours are. */
    private static final String COLOURS = "\u001b[30;107m";

    private static final String OWN_COLOURS = "\u001b[0m";

    private final BitMatrix modules;

    private QrCode(BitMatrix modules) {
        this.modules = modules;
    }

    /**
     * The smallest code that holds the text.
     *
     * @throws ConfigException if none is large enough: long lists of allowed IPs
     */
    static QrCode of(String text) throws ConfigException {
        try {
            return new QrCode(
                    new QRCodeWriter()
                            .encode(
                                    text,
                                    BarcodeFormat.QR_CODE,
                                    0,
                                    0,
                                    Map.of(
                                            EncodeHintType.ERROR_CORRECTION,
                                            ErrorCorrectionLevel.L,
                                            EncodeHintType.MARGIN,
                                            QUIET_MODULES)));
        } catch (WriterException tooLong) {
            throw new ConfigException(
                    "ALLOWEDIPS", "is too long: the configuration does not fit into a QR code");
        }
    }

    /** Two modules, one above the other, in each character. */
    String terminal() {
        StringBuilder text = new StringBuilder();
        for (int y = 0; y < modules.getHeight(); y += 2) {
            text.append(COLOURS);
            for (int x = 0; x < modules.getWidth(); x++) {
                text.append(half(isDark(x, y), isDark(x, y + 1)));
            }
            text.append(OWN_COLOURS).append('\n');
        }
        return text.toString();
    }

    private boolean isDark(int x, int y) {
        return y < modules.getHeight() && modules.get(x, y);
    }

    private static char half(boolean upper, boolean lower) {
        if (upper) {
            return lower ? '\u2588' : '\u2580';
        }
        return lower ? '\u2584' : ' ';
    }

    /** A PNG file. */
    byte[] png() {
        int width = modules.getWidth() * PIXELS_PER_MODULE;
        int height = modules.getHeight() * PIXELS_PER_MODULE;
        return Png.blackAndWhite(
                width, height, (x, y) -> modules.get(x / PIXELS_PER_MODULE, y / PIXELS_PER_MODULE));
    }
}
