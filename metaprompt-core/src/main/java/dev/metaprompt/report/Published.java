package dev.metaprompt.report;

import java.util.List;

/** Figures that others have published for CLIP ViT-B/16 on DTD, 16 shots, base-to-new: context, never a result of ours. */
final class Published {
    private static final List<List<String>> ROWS = List.of(
            List.of("the paper, 5-way", "77.31", "57.65", "66.02"),
            List.of("the paper, 10-way", "76.39", "57.27", "65.48"),
            List.of("the paper, 20-way", "76.62", "57.27", "65.33"),
            List.of("zero-shot CLIP, “{} texture.” (CoCoOp, CVPR 2022)", "53.24", "59.90", "56.37"),
            List.of("CoOp (CoCoOp, CVPR 2022)", "79.44", "41.18", "54.24"));

    private Published() {}

    static void append(Html html) {
        html.heading("Published figures, for context");
        html.paragraph(
                "CLIP ViT-B/16 on DTD, 16 shots, 24 base and 23 new classes, as their authors print them. They can be"
                        + " compared with the figures above only where model, data set and split are the same.");
        html.table(List.of("", "base", "new", "H"), ROWS, 1);
    }
}
