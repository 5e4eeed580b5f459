package dev.metaprompt.config;

import java.util.Set;

/** What a key is about, and which goals read it. */
public enum Group {
    /** Model, dataset, method, and the sizes everybody types. */
    MAIN("Main", Set.of("prepare", "train", "experiment", "evaluate", "replay", "encode", "pretrain"), false),
    /** Which images and classes. */
    DATASET("Dataset", Set.of("prepare", "train", "experiment", "evaluate", "replay"), false),
    /** The learned context vectors and the plain templates. */
    PROMPT("Prompt", Set.of("train", "experiment", "evaluate", "replay"), true),
    /** How a task is drawn. */
    EPISODE("Episode", Set.of("train", "experiment", "evaluate", "replay"), true),
    /** The optimiser and its schedule. */
    TRAIN("Training", Set.of("train", "experiment", "evaluate", "replay"), true),
    /** The loss. */
    LOSS("Loss", Set.of("train", "experiment", "evaluate", "replay"), true),
    /** The multi-modal prototype. */
    PROTOTYPE("Prototype", Set.of("train", "experiment", "evaluate", "replay"), true),
    /** Views of the training images. */
    AUGMENT("Augmentation", Set.of("prepare", "train", "experiment", "evaluate", "replay"), true),
    /** What is measured at the end. */
    EVALUATE("Evaluation", Set.of("train", "experiment", "evaluate", "replay"), false),
    /** How images are prepared. */
    IMAGE("Images", Set.of("prepare", "train", "experiment", "evaluate", "replay", "encode"), false),
    /** How image features are kept. */
    FEATURE("Image features", Set.of("prepare", "train", "experiment", "evaluate", "replay"), false),
    /** Folders, files, and the machine. */
    PLACE(
            "Places and machine",
            Set.of("prepare", "worker", "train", "experiment", "evaluate", "replay", "encode", "pretrain"),
            false),
    /** What {@code prepare} alone does. */
    PREPARE("Prepare", Set.of("prepare"), false),
    /** The regression gate. */
    CHECK("Check", Set.of("check"), false),
    /** The mirror on an MLflow server. */
    TRACKING("Tracking", Set.of("train", "experiment", "worker", "sync", "check"), false),
    /** Matrices of configurations. */
    EXPERIMENT("Experiments", Set.of("experiment", "worker"), false),
    /** The runner across machines. */
    TEMPORAL("Workers on other machines", Set.of("experiment", "worker"), false),
    /** Input and output of {@code encode}. */
    ENCODE("Encode", Set.of("encode", "pretrain"), false),
    /** The contrastive training of nano-CLIP. */
    PRETRAIN("Pretraining", Set.of("pretrain"), false);

    private final String title;
    private final Set<String> goals;
    private final boolean recommendable;

    Group(String title, Set<String> goals, boolean recommendable) {
        this.title = title;
        this.goals = goals;
        this.recommendable = recommendable;
    }

    /**
     * Returns the heading of the group in a list of keys.
     *
     * @return a few words
     */
    public String title() {
        return title;
    }

    /**
     * Returns the goals that read keys of this group.
     *
     * @return goal names such as {@code train}
     */
    public Set<String> goals() {
        return goals;
    }

    /**
     * Tells whether a model's {@code metaprompt.yaml} may set keys of this group. A downloaded model may say how it
     * likes to be trained, never which files are read or written.
     *
     * @return whether it may
     */
    public boolean recommendable() {
        return recommendable;
    }
}
