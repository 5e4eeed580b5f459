package dev.metaprompt.data;

import java.util.Locale;

/**
 * A font of 5 × 7 dots for contact sheets. Drawn by hand so that a sheet looks the same everywhere and needs neither a
 * display nor installed fonts. Small letters are shown as capitals.
 */
final class SheetFont {
    static final int HEIGHT = 7;
    static final int ADVANCE = 6;

    private static final int WIDTH = 5;
    private static final String CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-. ";
    /** Seven rows a character, two hexadecimal digits a row; the lowest bit is the rightmost dot. */
    private static final String[] ROWS = {
        "0E11111F111111", "1E11111E11111E", "0E11101010110E", "1E11111111111E", "1F10101E10101F",
        "1F10101E101010", "0E11101711110F", "1111111F111111", "0E04040404040E", "0702020202120C",
        "11121418141211", "1010101010101F", "111B1515111111", "11191513111111", "0E11111111110E",
        "1E11111E101010", "0E11111115120D", "1E11111E141211", "0F10100E01011E", "1F040404040404",
        "1111111111110E", "11111111110A04", "11111115151B11", "11110A040A1111", "11110A04040404",
        "1F01020408101F", "0E11131519110E", "040C040404040E", "0E11010204081F", "1F02040201110E",
        "02060A121F0202", "1F101E0101110E", "0608101E11110E", "1F010204080808", "0E11110E11110E",
        "0E11110F01020C", "0000001F000000", "00000000000C0C", "00000000000000"
    };

    private static final String UNKNOWN = "1F11111111111F";

    private SheetFont() {}

    /** Tells whether the dot of a text at a column and row is black. */
    static boolean isBlack(String text, int column, int row) {
        int dot = column % ADVANCE;
        if (column < 0 || column / ADVANCE >= text.length() || dot >= WIDTH || row < 0 || row >= HEIGHT) {
            return false;
        }
        String shown = text.substring(column / ADVANCE, column / ADVANCE + 1).toUpperCase(Locale.ROOT);
        int index = CHARACTERS.indexOf(shown.equals("_") ? " " : shown);
        String rows = index < 0 ? UNKNOWN : ROWS[index];
        int bits = Integer.parseInt(rows, 2 * row, 2 * row + 2, 16);
        return (bits >> (WIDTH - 1 - dot) & 1) == 1;
    }
}
