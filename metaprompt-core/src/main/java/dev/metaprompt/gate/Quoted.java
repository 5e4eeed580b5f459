package dev.metaprompt.gate;

/** What messages say of a file's content: little of it, in one line. */
final class Quoted {
    /** The most characters of a file that a message has. */
    static final int MOST = 80;

    private Quoted() {}

    /** Returns a text as one line of at most {@value #MOST} characters, without control characters. */
    static String of(String text) {
        String line = text.replaceAll("\\s*[\\r\\n]+\\s*", " ").replaceAll("\\p{Cntrl}", "?");
        if (line.length() <= MOST) {
            return line;
        }
        int end = Character.isHighSurrogate(line.charAt(MOST - 2)) ? MOST - 2 : MOST - 1;
        return line.substring(0, end) + "…";
    }
}
