package dev.metaprompt.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * A JPEG file as its markers tell, and the same file with nothing in it but what its samples need.
 *
 * @param width columns
 * @param height rows
 * @param components 1 (grey), 3 (RGB or YCbCr) or 4 (CMYK or YCCK)
 * @param ycck whether four components are YCCK
 * @param scans how often the samples are gone through
 * @param plain the file without application data and comments
 */
record JpegStream(int width, int height, int components, boolean ycck, int scans, byte[] plain) {
    private static final int SOI = 0xD8;
    private static final int EOI = 0xD9;
    private static final int SOS = 0xDA;
    private static final int APP0 = 0xE0;
    private static final int APP14 = 0xEE;
    private static final int APP15 = 0xEF;
    private static final int COM = 0xFE;
    private static final int NO_ADOBE = -1;

    static JpegStream parse(byte[] bytes) throws IOException {
        return new Parser(bytes).parse();
    }

    private static final class Parser {
        private final byte[] bytes;
        private final ByteReader in;
        private final ByteArrayOutputStream tables = new ByteArrayOutputStream();
        private boolean jfif;
        private int adobe = NO_ADOBE;
        private int width;
        private int height;
        private int[] ids = {};
        private int scans = 1;

        Parser(byte[] bytes) {
            this.bytes = bytes;
            this.in = new ByteReader(bytes, 2);
        }

        JpegStream parse() throws IOException {
            int marker = marker();
            while (marker != SOS) {
                if (marker == EOI || marker == SOI) {
                    throw new IOException("damaged JPEG, it holds no image data");
                }
                segment(marker);
                marker = marker();
            }
            if (ids.length != 1 && ids.length != 3 && ids.length != 4) {
                throw new IOException("JPEG of " + ids.length + " components; 1, 3 and 4 are read");
            }
            int scan = in.position() - 2;
            int end = end(scan + 2);
            ByteArrayOutputStream plain = new ByteArrayOutputStream(bytes.length);
            plain.write(0xFF);
            plain.write(SOI);
            if (ids.length != 1) {
                plain.writeBytes(adobeSegment());
            }
            tables.writeTo(plain);
            plain.write(bytes, scan, end - scan);
            return new JpegStream(width, height, ids.length, ids.length == 4 && adobe == 2, scans, plain.toByteArray());
        }

        private int marker() throws IOException {
            int code = in.u8();
            // Stray bytes before a marker are skipped, as libjpeg does; any number of 0xFF may precede a marker.
            while (code != 0xFF) {
                code = in.u8();
            }
            while (code == 0xFF) {
                code = in.u8();
            }
            return code == 0 ? marker() : code;
        }

        private void segment(int marker) throws IOException {
            if (marker == 1 || (marker >= 0xD0 && marker < SOI)) {
                return;
            }
            int start = in.position();
            int length = in.u16Big();
            in.skip(length - 2);
            if (marker == APP0) {
                jfif |= length >= 7 && "JFIF\0".equals(text(start + 2));
            } else if (marker == APP14 && length >= 14 && text(start + 2).equals("Adobe")) {
                adobe = bytes[start + 13] & 255;
            }
            if ((marker >= APP0 && marker <= APP15) || marker == COM) {
                return;
            }
            if (isFrame(marker)) {
                frame(marker, start + 2, length - 2);
            }
            tables.write(0xFF);
            tables.write(marker);
            tables.write(bytes, start, length);
        }

        private String text(int at) {
            return new String(bytes, at, 5, StandardCharsets.ISO_8859_1);
        }

        private static boolean isFrame(int marker) {
            return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
        }

        private void frame(int marker, int at, int length) throws IOException {
            if (marker > 0xC2) {
                throw new IOException(
                        "JPEG is lossless, hierarchical or arithmetic; baseline and progressive are read");
            }
            ByteReader frame = new ByteReader(bytes, at);
            int depth = frame.u8();
            if (depth != 8) {
                throw new IOException("JPEG has " + depth + " bits a sample; 8 are read");
            }
            height = frame.u16Big();
            width = frame.u16Big();
            ids = new int[frame.u8()];
            if (length != 6 + 3 * ids.length) {
                throw new IOException("damaged JPEG, its frame header has the wrong length");
            }
            for (int i = 0; i < ids.length; i++) {
                ids[i] = frame.u8();
                frame.skip(2);
            }
        }

        /** Adobe's marker, the one way to tell the reader a colour space: 0 is RGB or CMYK, 1 is YCbCr. */
        private byte[] adobeSegment() {
            int transform = ids.length == 3 && isYcc() ? 1 : 0;
            byte[] segment = {(byte) 0xFF, (byte) APP14, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0};
            segment[segment.length - 1] = (byte) transform;
            return segment;
        }

        /** libjpeg's own rule. */
        private boolean isYcc() {
            if (jfif) {
                return true;
            }
            if (adobe != NO_ADOBE) {
                return adobe != 0;
            }
            return !(ids[0] == 'R' && ids[1] == 'G' && ids[2] == 'B');
        }

        /** Returns the position behind the end marker: the data of all scans must lead there. */
        private int end(int from) throws IOException {
            for (int i = from; i < bytes.length - 1; i++) {
                if (bytes[i] != (byte) 0xFF) {
                    continue;
                }
                int next = bytes[i + 1] & 255;
                if (next == EOI) {
                    return i + 2;
                }
                scans += next == SOS ? 1 : 0;
                boolean hasLength = next != 0 && next != 0xFF && next != 1 && (next < 0xD0 || next > 0xD7);
                if (hasLength && i + 3 < bytes.length) {
                    i += 1 + ((bytes[i + 2] & 255) << 8 | bytes[i + 3] & 255);
                }
            }
            throw ByteReader.truncated();
        }
    }
}
