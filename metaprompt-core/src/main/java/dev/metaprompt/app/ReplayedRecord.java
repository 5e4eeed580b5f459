package dev.metaprompt.app;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.run.RunRecord;
import dev.metaprompt.run.RunStatus;
import dev.metaprompt.train.Agreement;
import java.util.List;
import java.util.Map;

/** Compares what {@code run.json} says of a run's beginning with itself and with what is there now. */
final class ReplayedRecord {
    private static final String FILE = "run.json, ";

    private ReplayedRecord() {}

    /** Requires that values which a record holds twice are the same in both places. */
    static void requireNoContradiction(RunRecord record) {
        boolean finished = record.status() == RunStatus.FINISHED;
        if (finished != record.results().isPresent()) {
            throw new InvalidInputException(
                    "run " + Quoted.of(record.id()) + " contradicts itself: run.json, status is recorded as "
                            + record.status().word() + ", but there are " + (finished ? "no " : "")
                            + "results. The record was changed; restore it, or train the run anew.");
        }
        same(record, "method", record.method());
        same(record, "threads", (long) record.environment().threads());
        same(record, "device", record.environment().device());
        Map<String, Object> config = record.config();
        String end = "-" + config.get("way") + "way" + config.get("shot") + "shot-s" + config.get("seed");
        if (!record.id().replaceAll("(-s-?\\d+)-\\d+$", "$1").endsWith(end)) {
            throw new InvalidInputException(
                    "run " + Quoted.of(record.id()) + " contradicts itself: run.json, id does not end in "
                            + Quoted.of(end)
                            + " as config.way, config.shot and config.seed say. The record was changed; restore it, or"
                            + " train the run anew.");
        }
    }

    private static void same(RunRecord record, String key, Object elsewhere) {
        Object value = record.config().get(key);
        if (value != null && !value.equals(elsewhere)) {
            throw new InvalidInputException(
                    "run " + Quoted.of(record.id()) + " contradicts itself: run.json, config." + key
                            + " is recorded as " + Quoted.of(value) + ", but "
                            + (key.equals("method") ? "" : "environment.") + key
                            + " as "
                            + Quoted.of(elsewhere) + ". The record was changed; restore it, or train the run anew.");
        }
    }

    /** Compares model, data set, classes and the few-shot draw with what is there now. */
    static void compare(RunRecord record, Configuration config, Materials materials, Agreement agreement) {
        RunRecord.DatasetInfo theirs = record.dataset();
        RunRecord.DatasetInfo mine = RunJournal.dataset(materials);
        agreement.same(FILE + "model.sha256", record.model().sha256(), materials.modelSha256());
        record.model()
                .tokenizerSha256()
                .ifPresent(digest -> agreement.same(
                        FILE + "model.tokenizerSha256",
                        digest,
                        materials.model().tokenizer().sha256()));
        RunJournal.requireSameReading(record, materials);
        boolean older = mine.olderSha256().filter(theirs.sha256()::equals).isPresent();
        String split = FILE + "dataset.sha256";
        agreement.same(
                older ? split + " (WebP files and images in subfolders count now)" : split,
                theirs.sha256(),
                mine.sha256());
        if (config.text("dataset").equals(record.config().get("dataset"))) {
            agreement.same(FILE + "dataset.name", theirs.name(), mine.name());
        }
        list(agreement, FILE + "dataset.base", theirs.base(), mine.base());
        list(agreement, FILE + "dataset.new", theirs.newClasses(), mine.newClasses());
        mine.shots()
                .forEach((name, images) -> list(
                        agreement,
                        FILE + "dataset.shots." + name,
                        theirs.shots().getOrDefault(name, List.of()),
                        images));
        agreement.same(
                FILE + "dataset.shots, classes",
                theirs.shots().keySet(),
                mine.shots().keySet());
    }

    /** Compares what the images hold with what they held then, where the record says so. */
    static void compareContent(RunRecord record, Materials materials, Agreement agreement, Progress progress) {
        if (record.dataset().content().isEmpty()) {
            DataContent.tellUnrecorded(progress, "run " + record.id() + " was trained");
            return;
        }
        RunRecord.Content theirs = record.dataset().content().get();
        RunRecord.Content mine = materials.content(progress);
        agreement.same(FILE + "dataset.testContentSha256", theirs.test(), mine.test());
        agreement.same(FILE + "dataset.contentSha256", theirs.all(), mine.all());
    }

    private static void list(Agreement agreement, String where, List<String> theirs, List<String> mine) {
        for (int i = 0; i < Math.min(theirs.size(), mine.size()); i++) {
            agreement.same(where + "[" + i + "]", theirs.get(i), mine.get(i));
        }
        agreement.same(where + ", length", theirs.size(), mine.size());
    }
}
