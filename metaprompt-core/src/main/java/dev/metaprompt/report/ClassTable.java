package dev.metaprompt.report;

import dev.metaprompt.run.Prediction;
import dev.metaprompt.run.Predictions;
import dev.metaprompt.run.Results;
import dev.metaprompt.run.Results.ZeroShot;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A row a class: its accuracy, zero-shot CLIP's, and what it is most often taken for. */
final class ClassTable {
    private ClassTable() {}

    static void append(Html html, RunDirectory run, RunRecord record, Results results) {
        Map<String, Map<String, Integer>> errors = errors(run.file(RunDirectory.PREDICTIONS));
        List<String> header = new ArrayList<>(List.of("class", "split", "most often taken for", "learned"));
        results.zeroShot().forEach(row -> header.add("“" + row.template() + "”"));
        header.add("gain");
        List<List<String>> rows = new ArrayList<>();
        results.perClass().forEach((name, accuracy) -> {
            String split = record.dataset().base().contains(name) ? "base" : "new";
            List<String> row = new ArrayList<>(List.of(name, split, commonest(errors.getOrDefault(name, Map.of()))));
            row.add(Figures.one(accuracy));
            results.zeroShot().forEach(zeroShot -> row.add(of(zeroShot, name)));
            row.add(gain(results, name, accuracy));
            rows.add(row);
        });
        if (!rows.isEmpty()) {
            html.heading("Classes").table(header, rows, 3);
        }
    }

    private static String of(ZeroShot zeroShot, String name) {
        Double accuracy = zeroShot.perClass().get(name);
        return accuracy == null ? "–" : Figures.one(accuracy);
    }

    private static String gain(Results results, String name, double accuracy) {
        return Figures.stronger(results)
                .map(row -> row.perClass().get(name))
                .map(zeroShot -> Figures.signed(accuracy - zeroShot))
                .orElse("–");
    }

    /** Returns how often each class was taken for which other. */
    private static Map<String, Map<String, Integer>> errors(Path file) {
        Map<String, Map<String, Integer>> errors = new TreeMap<>();
        for (Prediction p : Files.exists(file) ? Predictions.read(file) : List.<Prediction>of()) {
            if (!p.predicted().equals(p.label())) {
                errors.computeIfAbsent(p.label(), key -> new TreeMap<>()).merge(p.predicted(), 1, Integer::sum);
            }
        }
        return errors;
    }

    private static String commonest(Map<String, Integer> counts) {
        String name = "";
        int most = 0;
        for (Map.Entry<String, Integer> entry : counts.entrySet()) {
            if (entry.getValue() > most) {
                name = entry.getKey();
                most = entry.getValue();
            }
        }
        return most == 0 ? "–" : name + " (" + most + ")";
    }
}
