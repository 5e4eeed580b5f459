package dev.metaprompt.gate;

import java.util.List;

/** The verdicts as a JUnit test suite in the dialect of Surefire, which CI pages read. */
final class JunitXml {
    private static final String CLASS = "metaprompt.check";

    private JunitXml() {}

    static String write(GateResult result) {
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        xml.append("<testsuite name=\"metaprompt check\" tests=\"")
                .append(result.configurations())
                .append("\" failures=\"")
                .append(result.failed().size())
                .append("\" errors=\"0\" skipped=\"0\" time=\"0\">\n");
        result.verdicts().forEach(verdict -> testCase(xml, verdict.label(), verdict.reasons()));
        result.unchecked().forEach(each -> testCase(xml, each.label(), List.of(each.reason())));
        xml.append("  <system-out>")
                .append(escaped(String.join("\n", result.lines())))
                .append("</system-out>\n</testsuite>\n");
        return xml.toString();
    }

    private static void testCase(StringBuilder xml, String label, List<String> reasons) {
        xml.append("  <testcase classname=\"")
                .append(CLASS)
                .append("\" name=\"")
                .append(escaped(label))
                .append("\" time=\"0\"");
        if (reasons.isEmpty()) {
            xml.append("/>\n");
            return;
        }
        xml.append(">\n    <failure type=\"gate\" message=\"")
                .append(escaped(reasons.get(0)))
                .append("\">")
                .append(escaped(String.join("\n", reasons)))
                .append("</failure>\n  </testcase>\n");
    }

    /** Escapes for content and attributes alike; characters that XML 1.0 cannot hold become a question mark. */
    static String escaped(String text) {
        StringBuilder xml = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> xml.append("&amp;");
                case '<' -> xml.append("&lt;");
                case '>' -> xml.append("&gt;");
                case '"' -> xml.append("&quot;");
                default -> xml.appendCodePoint(allowed(c) ? c : '?');
            }
        });
        return xml.toString();
    }

    private static boolean allowed(int c) {
        boolean control = c < 0x20 && c != '\n' && c != '\t' && c != '\r';
        boolean surrogate = c >= 0xD800 && c <= 0xDFFF;
        return !control && !surrogate && c != 0xFFFE && c != 0xFFFF;
    }
}
