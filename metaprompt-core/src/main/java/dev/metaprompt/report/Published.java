package dev.metaprompt.report;

import dev.metaprompt.run.RunSetting;
import java.util.List;
import java.util.Locale;

/** Figures that others have published for CLIP ViT-B/16 on DTD, 16 shots, base-to-new: context, never a result of ours. */
final class Published {
    /** Name, base, new and H, as printed. */
    private static final List<List<String>> ROWS = List.of(
            List.of("the paper, 5-way", "77.31", "57.65", "66.02"),
            List.of("the paper, 10-way", "76.39", "57.27", "65.48"),
            List.of("the paper, 20-way", "76.62", "57.27", "65.33"),
            List.of("CLIP, “{} texture.” (CoCoOp, CVPR 2022)", "53.24", "59.90", "56.37"),
            List.of("CoOp (CoCoOp, CVPR 2022)", "79.44", "41.18", "54.24"));

    private Published() {}

    /** Returns the rows under a title that says whether they can be compared with runs on a model and data set. */
    static Html.Rows rows(String model, String dataset) {
        return new Html.Rows(
                "Published for CLIP ViT-B/16 on DTD, 16 shots, as their authors print them"
                        + (isComparable(model, dataset)
                                ? "; comparable where weights and split are the same too"
                                : "; context only, since the figures above are of " + model + " on " + dataset),
                ROWS);
    }

    static Html.Rows rows(RunSetting.Data data) {
        return rows(data.model(), data.dataset());
    }

    private static boolean isComparable(String model, String dataset) {
        String plain = model.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        return plain.matches(".*(vitb16|vitbasepatch16)")
                && dataset.toLowerCase(Locale.ROOT).equals("dtd");
    }
}
