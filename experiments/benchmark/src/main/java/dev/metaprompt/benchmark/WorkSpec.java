package dev.metaprompt.benchmark;

/**
 * The size of a training, by which both sides know what to do.
 *
 * @param id names the prepared training in later commands
 * @param kind {@code text}: CoOp's steps on mini-batches; {@code meta}: meta-iterations over episodes
 * @param classes C, the first C of the class names
 * @param context n, context vectors
 * @param shots training images a class
 * @param views V, kept features of an image
 * @param way N, classes of a task; only {@code meta}
 * @param shot K, supports a class; only {@code meta}
 * @param tasks tasks of a meta-iteration; only {@code meta}
 * @param batch images of a step; only {@code text}
 * @param iterations steps an epoch
 * @param epochs of a whole training, and how many epochs of steps are planned
 * @param testImages test images a class, of base and of new classes, which are the next C names
 */
record WorkSpec(
        String id,
        String kind,
        int classes,
        int context,
        int shots,
        int views,
        int way,
        int shot,
        int tasks,
        int batch,
        int iterations,
        int epochs,
        int testImages) {
    static final String TEXT = "text";

    boolean text() {
        return kind.equals(TEXT);
    }
}
