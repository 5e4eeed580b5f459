package dev.metaprompt.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

class SectionTest {
    private static final String HOSTILE = "<script>alert('&\"')</script>";
    private static final List<String> HEADER = List.of("verdict", "claim", "n");

    @TempDir
    private Path folder;

    private PageReader page(Section... sections) throws IOException {
        MadeRuns runs = new MadeRuns(folder);
        Path file = folder.resolve("report.html");
        RunsReport.write(List.of(runs.finished("coop", 5, 1)), List.of(), file, Pictures.NONE, List.of(sections));
        return new PageReader(Files.readString(file));
    }

    @Test
    void tablesOfTheirOwnStandBeforeWhatRunsShow() throws IOException {
        PageReader page = page(
                new Section("First", "What it is.", HEADER, List.of(List.of("a", "b", "1")), 2, List.of(), "A note."),
                new Section("Second", HEADER, List.of(), 2, "None."));
        assertEquals("First", page.tables().get(0).name());
        assertEquals("Second", page.tables().get(1).name());
        assertEquals(
                List.of(HEADER, List.of("a", "b", "1")), page.tables().get(0).rows());
        String text = page.text();
        assertTrue(text.indexOf("What it is.") < text.indexOf("A note."));
        assertTrue(text.indexOf("A note.") < text.indexOf("1 finished run of 1 setting."), text);
    }

    @Test
    void verdictsHaveAWordAndAColour() throws IOException {
        PageReader page = page(new Section(
                "Claims",
                "",
                HEADER,
                List.of(List.of("holds", "x", "6"), List.of("undecided", "y", "6"), List.of("refuted", "z", "6")),
                2,
                List.of(Section.Mark.GOOD, Section.Mark.OPEN, Section.Mark.BAD),
                "n"));
        List<Element> marked = page.all("th").stream()
                .filter(cell -> cell.getAttribute("class").startsWith("mark"))
                .toList();
        assertEquals(
                List.of("mark good", "mark open", "mark bad"),
                marked.stream().map(cell -> cell.getAttribute("class")).toList());
        assertEquals(
                List.of("holds", "undecided", "refuted"),
                marked.stream().map(Element::getTextContent).toList());
        String style = page.all("style").get(0).getTextContent();
        assertTrue(style.contains("th.mark {") && style.contains("th.good {") && style.contains("th.bad {"));
    }

    @Test
    void everyTextIsHarmless() throws IOException {
        PageReader page = page(new Section(
                HOSTILE, HOSTILE, List.of(HOSTILE), List.of(List.of(HOSTILE)), 1, List.of(Section.Mark.BAD), HOSTILE));
        assertEquals(List.of(), page.all("script"));
        assertEquals(HOSTILE, page.tables().get(0).rows().get(1).get(0));
    }

    @Test
    void rowsAndMarksThatDoNotFitAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Section("t", HEADER, List.of(List.of("a")), 1, "n"));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Section(
                        "t",
                        "",
                        HEADER,
                        List.of(List.of("a", "b", "c")),
                        1,
                        List.of(Section.Mark.BAD, Section.Mark.BAD),
                        "n"));
    }
}
