package dev.metaprompt.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Contrast of the page's colours in light, dark and print; WCAG 2.2, success criteria 1.4.3 and 1.4.11. */
class PageColoursTest {
    private static final Pattern ROOT = Pattern.compile(":root \\{([^}]*)}");
    private static final Pattern COLOUR = Pattern.compile("--([a-z0-9]+): (#[0-9a-f]{3,6})");

    private static List<Map<String, String>> schemes() {
        Map<String, String> usual = new HashMap<>();
        return ROOT.matcher(Page.of("", ""))
                .results()
                .map(result -> {
                    Map<String, String> scheme = new HashMap<>(usual);
                    Matcher colour = COLOUR.matcher(result.group(1));
                    while (colour.find()) {
                        scheme.put(colour.group(1), colour.group(2));
                    }
                    usual.putAll(usual.isEmpty() ? scheme : Map.of());
                    return scheme;
                })
                .toList();
    }

    private static double luminance(String colour) {
        String hex = colour.length() == 4 ? colour.substring(1).replaceAll("(.)", "$1$1") : colour.substring(1);
        double sum = 0;
        double[] weights = {0.2126, 0.7152, 0.0722};
        for (int i = 0; i < 3; i++) {
            double c = Integer.parseInt(hex.substring(2 * i, 2 * i + 2), 16) / 255.0;
            sum += weights[i] * (c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4));
        }
        return sum;
    }

    private static double contrast(String one, String other) {
        double a = luminance(one) + 0.05;
        double b = luminance(other) + 0.05;
        return Math.max(a, b) / Math.min(a, b);
    }

    @Test
    void blackOnWhiteIsTheLargestContrast() {
        assertEquals(21, contrast("#000", "#ffffff"), 1e-9);
    }

    @Test
    void textsAndLinesStandOutInLightDarkAndPrint() {
        List<Map<String, String>> schemes = schemes();
        assertEquals(3, schemes.size());
        for (Map<String, String> scheme : schemes) {
            String back = scheme.get("back");
            assertTrue(contrast(scheme.get("text"), back) >= 7, scheme + "");
            assertTrue(contrast(scheme.get("soft"), back) >= 4.5, scheme + "");
            for (String line : List.of("s0", "s1", "s2")) {
                assertTrue(contrast(scheme.get(line), back) >= 3, line + " of " + scheme);
            }
            assertTrue(contrast(scheme.get("s0"), back) >= 4.5, "links");
        }
    }
}
