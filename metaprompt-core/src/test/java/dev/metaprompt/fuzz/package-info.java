/**
 * Seeded fuzz tests of everything that reads a file from elsewhere.
 *
 * <p>A target is one class: it extends {@link dev.metaprompt.fuzz.FuzzTest} and says what its file is called, gives small
 * valid contents, may build half-valid ones, and reads the file. Whatever the content, reading must succeed or throw an
 * {@link dev.metaprompt.InvalidInputException} of one line that names the file, within the time limit, and touch
 * nothing outside the file's folder.
 *
 * <p>{@code -Dfuzz.seed=1} chooses the inputs, {@code -Dfuzz.inputs=300} how many a target of weight 1 gets,
 * {@code -Dfuzz.index=17} repeats one. {@code mvn -Pfuzz -pl metaprompt-core test} runs 100,000 and these tests alone.
 */
package dev.metaprompt.fuzz;
