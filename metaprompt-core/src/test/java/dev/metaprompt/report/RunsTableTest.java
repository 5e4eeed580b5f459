package dev.metaprompt.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.run.AtomicFiles;
import dev.metaprompt.run.CodeVersion;
import dev.metaprompt.run.Records;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunRecord;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunsTableTest {
    @TempDir
    private Path runs;

    private RunRecord running(String method, int way, long seed, Map<String, Object> more) {
        RunDirectory run = RunDirectory.create(runs, method, "textures", way, 2, seed, Records.START);
        Map<String, Object> config = new LinkedHashMap<>(Map.of(
                "model",
                "nano-clip",
                "dataset",
                "textures",
                "method",
                method,
                "way",
                (long) way,
                "shot",
                2L,
                "seed",
                seed,
                "train.epochs",
                100L,
                "threads",
                seed,
                "runs",
                "runs" + seed));
        config.putAll(more);
        return Records.running(run.id(), config);
    }

    private void finished(String method, int way, long seed, double base, double newClasses, double h, Object... more) {
        Map<String, Object> extra = more.length == 0 ? Map.of() : Map.of((String) more[0], more[1]);
        write(running(method, way, seed, extra)
                .finished(Records.START, Records.results(base, newClasses, h), Map.of()));
    }

    /** Makes the folder of the record's id a run. */
    private void write(RunRecord record) {
        Path folder = runs.resolve(record.id());
        AtomicFiles.writeText(folder.resolve(RunDirectory.RECORD), "{}");
        RunDirectory.open(folder).writeRecord(record);
    }

    private RunsTable table() {
        return RunsTable.of(RunDirectory.list(runs));
    }

    @Test
    void seedsOfOneSettingMakeOneRow() {
        finished("metaprompt", 10, 1, 70, 58, 63);
        finished("metaprompt", 10, 2, 71, 60, 65);
        finished("metaprompt", 10, 3, 72, 62, 67);
        finished("metaprompt", 5, 1, 69, 57, 62.4);
        write(running("metaprompt", 5, 2, Map.of()));
        write(running("metaprompt", 5, 3, Map.of()).failed(Records.START, "x"));
        assertEquals("""
                | method | dataset | model | way | shot | seeds | base | new | mean H | H of means | settings |
                |---|---|---|--:|--:|--:|--:|--:|--:|--:|---|
                | zero-shot CLIP "a photo of a {}." | textures | nano-clip | – | – | – | 55.1 | 60.2 | 57.5 | 57.5 |  |
                | zero-shot CLIP "{} texture." | textures | nano-clip | – | – | – | 56.0 | 59.5 | 57.7 | 57.7 |  |
                | metaprompt | textures | nano-clip | 5 | 2 | 1 | 69.0 | 57.0 | 62.4 | 62.4 |  |
                | metaprompt | textures | nano-clip | 10 | 2 | 3 | 71.0 ± 2.5 | 60.0 ± 5.0 | 65.0 ± 5.0 | 65.0 |  |

                4 runs of 0.1.0, commit abc123
                """, table().markdown());
    }

    @Test
    void plainTextIsAligned() {
        finished("coop", 5, 1, 70, 58, 63);
        finished("metaprompt", 5, 1, 9, 60, 65);
        assertEquals("""
                method                             dataset   model      way  shot  seeds  base   new  mean H  H of means  settings
                zero-shot CLIP "a photo of a {}."  textures  nano-clip    –     –      –  55.1  60.2    57.5        57.5
                zero-shot CLIP "{} texture."       textures  nano-clip    –     –      –  56.0  59.5    57.7        57.7
                coop                               textures  nano-clip    5     2      1  70.0  58.0    63.0        63.4
                metaprompt                         textures  nano-clip    5     2      1   9.0  60.0    65.0        15.7

                2 runs of 0.1.0, commit abc123
                """, table().text());
    }

    @Test
    void otherSettingsAreOtherRowsAndSayWhatDiffers() {
        finished("metaprompt", 5, 1, 70, 58, 63);
        finished("metaprompt", 5, 1, 71, 59, 64, "preset", "literal");
        finished("coop", 5, 1, 71, 59, 64, "train.epochs", 200L);
        String text = table().text();
        assertTrue(text.contains("preset=unset\n") && text.contains("preset=literal\n"), text);
        assertFalse(text.contains("train.epochs"), text);
    }

    @Test
    void runsOfAnOlderVersionStandInTheRowsOfThoseThatSayWhatTheirImagesHold() {
        finished("metaprompt", 10, 1, 70, 58, 63);
        write(running("metaprompt", 10, 2, Map.of())
                .withContent(new RunRecord.Content("aa", "11"))
                .finished(Records.START, Records.results(72, 62, 67), Map.of()));
        assertTrue(table().text().contains(" 2  71.0 ± 12.7  60.0"), table().text());
        assertEquals(6, table().text().lines().count());
        write(running("metaprompt", 10, 3, Map.of())
                .withContent(new RunRecord.Content("aa", "22"))
                .finished(Records.START, Records.results(72, 62, 67), Map.of()));
        // A header, for each kind of data two rows of CLIP and one of runs, an empty line and that of the code.
        assertEquals(12, table().text().lines().count());
    }

    @Test
    void aRepeatedSeedIsNoSecondSample() {
        finished("coop", 5, 1, 70, 58, 63);
        finished("coop", 5, 1, 71, 59, 64);
        assertTrue(table().text().contains(" 1  71.0  59.0    64.0"), table().text());
    }

    @Test
    void withoutNewClassesThoseFiguresAreAbsent() {
        write(running("coop", 5, 1, Map.of()).finished(Records.START, Records.baseOnly(70), Map.of()));
        assertTrue(table().markdown().contains("| 1 | 70.0 | – | – | – |  |"), table().markdown());
        assertTrue(
                table().csv().endsWith("coop,textures,nano-clip,5,2,,1,70.0,,,,,,,\"0.1.0, commit abc123\"\n"),
                table().csv());
    }

    @Test
    void theCsvHasEveryDigit() {
        finished("coop", 5, 1, 70.125, 58, 63);
        finished("coop", 5, 2, 70.125, 60, 65);
        List<String> lines = table().csv().lines().toList();
        assertEquals(
                "method,dataset,model,way,shot,settings,seeds,base,baseHalfWidth,new,newHalfWidth,meanH,meanHHalfWidth,"
                        + "hOfMeans,code",
                lines.get(0));
        assertEquals(
                "\"zero-shot CLIP \"\"a photo of a {}.\"\"\",textures,nano-clip,,,,,55.1,,60.2,,57.5,,57.5,",
                lines.get(1));
        assertTrue(lines.get(3).startsWith("coop,textures,nano-clip,5,2,,2,70.125,0.0,59.0,12.706204"), lines.get(3));
    }

    @Test
    void aNameIsNoFormula() {
        String name = "=HYPERLINK(\"http://x\")";
        write(running("coop", 5, 1, Map.of("dataset", name))
                .finished(Records.START, Records.results(70, 58, 63), Map.of()));
        String csv = table().csv();
        assertTrue(csv.contains(",\"'=HYPERLINK(\"\"http://x\"\")\","), csv);
        assertFalse(csv.contains(",\"=") || csv.contains(",="), csv);
    }

    @Test
    void runsOfDifferentCodeAreJoinedWithAWord() {
        finished("coop", 5, 1, 70, 58, 63);
        RunRecord other = running("coop", 5, 2, Map.of());
        write(new RunRecord(
                        other.id(),
                        other.status(),
                        other.started(),
                        other.finished(),
                        other.method(),
                        other.model(),
                        other.dataset(),
                        other.config(),
                        other.origins(),
                        other.environment().of(new CodeVersion("0.2.0", Optional.of("def-dirty"))),
                        other.timings(),
                        other.results(),
                        other.error())
                .finished(Records.START, Records.results(72, 60, 65), Map.of()));
        String text = table().text();
        assertTrue(text.contains("  2*  71.0"), text);
        String codes =
                "* joins runs of different code. 1 run of 0.1.0, commit abc123; 1 run of 0.2.0, commit def-dirty\n";
        assertTrue(text.endsWith("\n\n" + codes), text);
        assertTrue(table().markdown().endsWith("\n\n\\" + codes), table().markdown());
        assertTrue(table().csv().endsWith(",\"0.1.0, commit abc123 | 0.2.0, commit def-dirty\"\n"), table().csv());
    }

    @Test
    void noRunsMakeAnEmptyTable() {
        assertEquals(2, table().markdown().lines().count());
        assertEquals(1, table().csv().lines().count());
    }
}
