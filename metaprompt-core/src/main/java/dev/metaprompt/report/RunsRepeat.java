package dev.metaprompt.report;

import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunRecord;
import dev.metaprompt.run.SeedRuns;
import dev.metaprompt.statistics.Shown;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The last part of the page over many runs: commands, runs, configuration and versions. */
final class RunsRepeat {
    private RunsRepeat() {}

    static void append(Html html, List<Entry> entries, Path page) {
        List<RunRecord> records = RunsReport.records(entries);
        if (records.isEmpty()) {
            return;
        }
        html.heading("Everything needed to repeat it");
        html.paragraph("Each run's folder holds its drawn images, every episode and the first tensors;"
                + " mvn metaprompt:replay -Dmetaprompt.run=<id> repeats a run from them and compares.");
        html.open("Commands, one a setting", entries.size() == 1);
        for (Entry entry : entries) {
            String seeds =
                    entry.runs().bySeed().keySet().stream().map(String::valueOf).collect(Collectors.joining(", "));
            html.soft("#" + entry.number() + " " + String.join(" ", entry.base())
                    + (entry.group().bySeed().size() == 1 ? ", seed " : ", the first of seeds ") + seeds + ":");
            html.command(Repeat.train(entry.first()));
        }
        html.close();
        html.open("Runs", records.size() <= 20).raw(runs(entries, page)).close();
        html.open("Configuration", false).raw("<div class=\"keys\">");
        html.table("Configuration", List.of("key", "values", "set by"), Repeat.config(records), 3);
        html.raw("</div>").close();
        html.open("Versions and digests", true).raw("<div class=\"keys\">");
        html.table("Versions and digests", List.of("what", "value"), Repeat.environment(records), 2);
        html.raw("</div>").close();
    }

    private static String runs(List<Entry> entries, Path page) {
        Html html = new Html();
        StringBuilder table =
                new StringBuilder("<table>\n<thead><tr><th scope=\"col\">run</th><th scope=\"col\">setting</th>");
        List.of("seed", "base", "new", "H")
                .forEach(name -> table.append("<th scope=\"col\" class=\"n\">" + name + "</th>"));
        table.append("<th scope=\"col\">code</th></tr></thead>\n<tbody>\n");
        for (Entry entry : entries) {
            entry.runs().bySeed().forEach((seed, run) -> {
                String id = Html.escape(run.record().id());
                table.append("<tr><th scope=\"row\">")
                        .append(link(run, page)
                                .map(href -> "<a href=\"" + Html.escape(href) + "\">" + id + "</a>")
                                .orElse(id))
                        .append("</th><td>#")
                        .append(entry.number())
                        .append("</td>");
                List<String> figures = new ArrayList<>(List.of(
                        seed.toString(),
                        Shown.two(run.results().base()),
                        Shown.two(run.results().newClasses()),
                        Shown.two(run.results().harmonicMean())));
                figures.forEach(figure ->
                        table.append("<td class=\"n\">").append(figure).append("</td>"));
                table.append("<td>").append(Html.escape(run.code().brief())).append("</td></tr>\n");
            });
        }
        return html.wide("Runs", table.append("</tbody></table>").toString()).toString();
    }

    /** Returns the way from the page to a run's own, where that lies below the page's folder. */
    private static Optional<String> link(SeedRuns.Finished run, Path page) {
        Path target = run.directory().file(RunDirectory.REPORT).toAbsolutePath().normalize();
        Path folder = page.toAbsolutePath().normalize().getParent();
        if (!target.startsWith(folder) || !Files.exists(target)) {
            return Optional.empty();
        }
        List<String> names = new ArrayList<>();
        folder.relativize(target).forEach(name -> names.add(name.toString()));
        try {
            return Optional.of(new URI(null, null, "./" + String.join("/", names), null).toASCIIString());
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }
}
