package dev.metaprompt.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.run.RunDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Attr;
import org.w3c.dom.Element;

/** What holds for every page, whatever the runs: well-formed, self-contained, harmless, the same bytes. */
class PagePropertiesTest {
    private static final List<String> HOSTILE = List.of(
            "<script>alert(1)</script>",
            "\"><img src=x onerror=alert(1)>",
            "' onload='alert(1)",
            "]]>&amp;<!--",
            "Ünïcode 漢字 🙂",
            "tab\there\u0000\u001b[31m",
            "lone \ud800 surrogate",
            "${jndi:ldap://x}",
            "https://example.org/x.png",
            "a very long name ".repeat(40));

    @TempDir
    private Path folder;

    private MadeRuns made;

    @BeforeEach
    void setUp() {
        made = new MadeRuns(folder);
    }

    private String page() throws IOException {
        return page(RunDirectory.list(folder));
    }

    private String page(List<RunDirectory> runs) throws IOException {
        Path file = folder.resolve("report.html");
        RunsReport.write(runs, List.of(), file, Pictures.NONE);
        return Files.readString(file);
    }

    private void someRuns() {
        for (long seed = 1; seed <= 3; seed++) {
            made.finished("metaprompt", 5, seed);
            made.finished("metaprompt", 10, seed);
            made.finished("coop", 5, seed);
        }
    }

    /** Both kinds of page over the same hostile runs. */
    private List<String> hostilePages() throws IOException {
        made.base = HOSTILE;
        made.newClasses = List.of("<b>new</b>", "\u202ereversed");
        made.model = HOSTILE.get(0);
        made.dataset = HOSTILE.get(1);
        RunDirectory run = made.finished("metaprompt", 5, 1, "prompt.init", HOSTILE.get(2), "note", HOSTILE.get(5));
        made.finished("metaprompt", 5, 2, "prompt.init", HOSTILE.get(4), "note", HOSTILE.get(9));
        return List.of(page(), Files.readString(RunReport.write(run, Pictures.NONE)));
    }

    @Test
    void hostileNamesStayTexts() throws IOException {
        for (String text : hostilePages()) {
            PageReader page = new PageReader(text);
            assertEquals(List.of(), page.all("script"));
            assertEquals(
                    List.of(),
                    page.all("b").stream()
                            .filter(b -> b.getTextContent().equals("new"))
                            .toList());
            for (Element element : page.all("*")) {
                for (int i = 0; i < element.getAttributes().getLength(); i++) {
                    String name = element.getAttributes().item(i).getNodeName();
                    assertFalse(name.startsWith("on"), name + " of " + element.getNodeName());
                }
            }
            assertTrue(page.text().contains("Ünïcode 漢字 🙂"));
            assertTrue(page.text().contains("<script>alert(1)</script>"));
            assertFalse(text.contains("\u0000") || text.contains("\u001b"), "control characters");
        }
    }

    @Test
    void nothingIsAskedOfAnotherPlace() throws IOException {
        someRuns();
        List<String> pages = new ArrayList<>(hostilePages());
        pages.add(Files.readString(RunReport.write(RunDirectory.list(folder).get(0), Pictures.NONE)));
        for (String text : pages) {
            PageReader page = new PageReader(text);
            for (Element element : page.all("*")) {
                for (String name : List.of("href", "src", "data", "action", "srcset", "poster", "xlink:href")) {
                    Attr attribute = element.getAttributeNode(name);
                    if (attribute != null) {
                        assertTrue(
                                attribute.getValue().startsWith("#")
                                        || attribute.getValue().startsWith("data:")
                                        || !attribute.getValue().contains(":")
                                                && !attribute.getValue().startsWith("/"),
                                attribute.getValue());
                    }
                }
            }
            assertEquals(1, page.all("style").size());
            String style = page.all("style").get(0).getTextContent();
            assertFalse(style.contains("url(") || style.contains("@import") || style.contains("http"), style);
            assertTrue(Set.of("viewport", "color-scheme", "")
                    .containsAll(page.all("meta").stream()
                            .map(meta -> meta.getAttribute("name"))
                            .toList()));
        }
    }

    @Test
    void theBrowserIsForbiddenToRunOrFetchAnything() throws IOException {
        someRuns();
        String policy = new PageReader(page())
                .all("meta").stream()
                        .filter(meta -> meta.getAttribute("http-equiv").equals("Content-Security-Policy"))
                        .map(meta -> meta.getAttribute("content"))
                        .findFirst()
                        .orElseThrow();
        assertEquals("default-src 'none'; style-src 'unsafe-inline'; img-src data:", policy);
    }

    @Test
    void theSameRunsGiveTheSameBytesInAnyOrderAndCountry() throws IOException {
        someRuns();
        List<RunDirectory> runs = new ArrayList<>(RunDirectory.list(folder));
        String page = page(runs);
        Collections.shuffle(runs, new Random(1));
        assertEquals(page, page(runs));
        Locale before = Locale.getDefault();
        try {
            for (String country : List.of("de-DE", "ar-EG", "hi-IN-u-nu-deva", "tr-TR")) {
                Locale.setDefault(Locale.forLanguageTag(country));
                assertEquals(page, page(runs), country);
            }
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void thoseWhoDoNotSeeThePageAreToldToo() throws IOException {
        someRuns();
        for (String text : List.of(
                page(),
                Files.readString(RunReport.write(RunDirectory.list(folder).get(0), Pictures.NONE)))) {
            PageReader page = new PageReader(text);
            assertEquals("en", page.all("html").get(0).getAttribute("lang"));
            assertEquals(1, page.all("h1").size());
            for (Element image : page.all("img")) {
                assertTrue(image.hasAttribute("alt"));
            }
            for (Element svg : page.all("svg")) {
                assertEquals("img", svg.getAttribute("role"));
                assertFalse(PageReader.all(svg, "title").get(0).getTextContent().isBlank());
                String figures = PageReader.all(svg, "desc").get(0).getTextContent();
                assertTrue(figures.matches("(?s).*\\d.*"), "a chart in words: " + figures);
            }
            for (Element head : page.all("th")) {
                assertTrue(Set.of("col", "row", "colgroup", "rowgroup").contains(head.getAttribute("scope")));
                assertFalse(head.getTextContent().isBlank(), "an empty header");
            }
            for (Element table : page.all("table")) {
                assertFalse(((Element) table.getParentNode())
                        .getAttribute("aria-label")
                        .isBlank());
                for (Element row : PageReader.all(PageReader.all(table, "tbody").get(0), "tr")) {
                    assertEquals(1, PageReader.all(row, "th").size(), "a row is named by its header");
                }
            }
            List<String> ids = page.all("*").stream()
                    .map(element -> element.getAttribute("id"))
                    .filter(id -> !id.isEmpty())
                    .toList();
            assertEquals(ids.size(), Set.copyOf(ids).size(), "ids are unique");
        }
    }

    @Test
    void aDamagedFileCostsItsPartOnlyAndIsNamed() throws IOException {
        Random random = new Random(7);
        RunDirectory run = made.finished("metaprompt", 5, 1);
        made.finished("metaprompt", 5, 2);
        for (String name : List.of(RunDirectory.METRICS, RunDirectory.EPOCHS, RunDirectory.PREDICTIONS)) {
            Path file = run.file(name);
            Path whole = folder.resolve("whole");
            Files.copy(file, whole, StandardCopyOption.REPLACE_EXISTING);
            byte[] bytes = Files.readAllBytes(file);
            for (int i = 0; i < 25; i++) {
                byte[] damaged = bytes.clone();
                for (int j = 0; j <= i; j++) {
                    damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
                }
                Files.write(file, i % 2 == 0 ? damaged : java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length)));
                new PageReader(page());
                new PageReader(Files.readString(RunReport.write(run, Pictures.NONE)));
            }
            Files.writeString(file, "nonsense\n", StandardCharsets.UTF_8);
            assertTrue(new PageReader(page()).text().contains(file + ": "), name);
            assertTrue(
                    new PageReader(Files.readString(RunReport.write(run, Pictures.NONE)))
                            .text()
                            .contains(file + ": "),
                    name);
            Files.copy(whole, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @Test
    void aRecordThatCannotBeReadIsRefusedInOneLine() throws IOException {
        Random random = new Random(8);
        RunDirectory run = made.finished("metaprompt", 5, 1);
        byte[] bytes = Files.readAllBytes(run.file(RunDirectory.RECORD));
        for (int i = 0; i < 200; i++) {
            byte[] damaged = java.util.Arrays.copyOf(bytes, i % 2 == 0 ? bytes.length : random.nextInt(bytes.length));
            for (int j = 0; j < 3 && damaged.length > 0; j++) {
                damaged[random.nextInt(damaged.length)] = (byte) (' ' + random.nextInt(95));
            }
            Files.write(run.file(RunDirectory.RECORD), damaged);
            try {
                new PageReader(page());
            } catch (InvalidInputException e) {
                assertFalse(e.getMessage().contains("\n"), e.getMessage());
            }
        }
    }

    @Test
    void runsWithoutNewClassesHaveAPageToo() throws IOException {
        made.newClasses = List.of();
        RunDirectory run = made.finished("metaprompt", 5, 1);
        for (String text : List.of(page(), Files.readString(RunReport.write(run, Pictures.NONE)))) {
            assertFalse(text.contains("NaN") || text.contains("OptionalDouble"), text);
            new PageReader(text);
        }
    }

    @Test
    void runsWithoutAnythingButTheirRecordHaveAPageToo() throws IOException {
        RunDirectory run = made.finished("metaprompt", 5, 1);
        try (Stream<Path> files = Files.list(run.path())) {
            for (Path file : files.filter(f -> !f.endsWith(RunDirectory.RECORD)).toList()) {
                Files.delete(file);
            }
        }
        for (String text : List.of(page(), Files.readString(RunReport.write(run, Pictures.NONE)))) {
            assertFalse(new PageReader(text).tables().isEmpty());
        }
    }

    @Test
    void fiveHundredRunsMakeAPageOfAMegabyteInAFewSeconds() {
        for (int i = 0; i < 500; i++) {
            made.finished(i % 5 == 0 ? "coop" : "metaprompt", 5 + i % 4, i / 20, "train.epochs", (long) (i % 20));
        }
        assertTimeout(Duration.ofSeconds(20), () -> {
            String page = page();
            assertTrue(page.length() < 2_000_000, page.length() + " characters");
            new PageReader(page);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 150})
    void chartsKeepTheirTextsAndMarksInside(int classes) throws IOException {
        made.base = Stream.iterate(0, i -> i + 1)
                .limit(classes)
                .map(i -> "a class with a long name " + i)
                .toList();
        someRuns();
        for (Element svg : new PageReader(page()).all("svg")) {
            String[] box = svg.getAttribute("viewBox").split(" ");
            double width = Double.parseDouble(box[2]);
            double height = Double.parseDouble(box[3]);
            for (Element element : PageReader.all(svg, "*")) {
                inside(element, width, "x", "x1", "x2", "cx");
                inside(element, height, "y", "y1", "y2", "cy");
            }
            PageReader.all(svg, "text").forEach(text -> fits(text, width));
        }
    }

    private static void inside(Element element, double size, String... names) {
        for (String name : names) {
            if (element.hasAttribute(name)) {
                double value = Double.parseDouble(element.getAttribute(name));
                assertTrue(value >= 0 && value <= size, name + "=" + value + " of " + size + " in " + element);
            }
        }
    }

    /** A letter of 12 pixels is 5.5 to 7.5 wide; the narrow ones of a text make up for the wide ones. */
    private static void fits(Element text, double width) {
        if (!text.hasAttribute("x")) {
            return;
        }
        double x = Double.parseDouble(text.getAttribute("x"));
        double length = 6.2 * text.getTextContent().length();
        double left =
                switch (text.getAttribute("text-anchor")) {
                    case "end" -> x - length;
                    case "middle" -> x - length / 2;
                    default -> x;
                };
        assertTrue(left >= -2 && left + length <= width + 2, text.getTextContent() + " from " + left + " in " + width);
    }
}
