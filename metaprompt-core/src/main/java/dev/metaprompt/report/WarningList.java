package dev.metaprompt.report;

import dev.metaprompt.run.RunRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was assumed of the model and data of runs, and what of them was left out. */
final class WarningList {
    private static final int MOST = 20;

    private WarningList() {}

    /** Appends the warnings of runs, each once; nothing where there are none. */
    static void append(Html html, List<RunRecord> runs) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        runs.forEach(run -> run.warnings().forEach(line -> counts.merge(line, 1, Integer::sum)));
        if (counts.isEmpty()) {
            return;
        }
        html.raw("<ul class=\"warnings\">");
        counts.entrySet().stream().limit(MOST).forEach(entry -> {
            String of =
                    entry.getValue() == runs.size() ? "" : " (" + entry.getValue() + " of " + runs.size() + " runs)";
            html.raw("<li>Warning: " + Html.escape(entry.getKey() + of) + "</li>");
        });
        if (counts.size() > MOST) {
            html.raw("<li>and " + (counts.size() - MOST) + " more, which the records hold</li>");
        }
        html.raw("</ul>");
    }
}
