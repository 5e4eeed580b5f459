package dev.metaprompt.run;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The record of a run: the content of {@code run.json}, schema {@value #SCHEMA}.
 *
 * @param id the run's id, which names its directory
 * @param status how far it has come
 * @param started when it was started first
 * @param finished when it ended, however it ended
 * @param method for example {@code metaprompt}
 * @param model the frozen model
 * @param dataset the data
 * @param config every resolved key by its flat dotted name: Longs, Doubles, Booleans and Strings
 * @param origins where each of them came from
 * @param environment what it ran on
 * @param timings seconds per phase
 * @param results the figures, once there are some
 * @param error one line, when it failed
 * @param warnings one line each: what was assumed of model and data, and what of them was left out; empty in records of
 *     versions that did not write them
 */
public record RunRecord(
        String id,
        RunStatus status,
        Instant started,
        Optional<Instant> finished,
        String method,
        Model model,
        DatasetInfo dataset,
        Map<String, Object> config,
        Map<String, String> origins,
        Environment environment,
        Map<String, Double> timings,
        Optional<Results> results,
        Optional<String> error,
        List<String> warnings) {
    /** The schema this version writes, and the newest it reads. */
    public static final int SCHEMA = 1;

    /** Copies the maps in their order; whole numbers in {@code config} become Longs, so that records compare. */
    public RunRecord {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(started, "started");
        Objects.requireNonNull(finished, "finished");
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(dataset, "dataset");
        Objects.requireNonNull(environment, "environment");
        Objects.requireNonNull(results, "results");
        Objects.requireNonNull(error, "error");
        config = normalised(config);
        origins = inOrder(origins);
        timings = inOrder(timings);
        warnings = List.copyOf(warnings);
    }

    /**
     * Describes a run without warnings.
     *
     * @param id as above
     * @param status as above
     * @param started as above
     * @param finished as above
     * @param method as above
     * @param model as above
     * @param dataset as above
     * @param config as above
     * @param origins as above
     * @param environment as above
     * @param timings as above
     * @param results as above
     * @param error as above
     */
    public RunRecord(
            String id,
            RunStatus status,
            Instant started,
            Optional<Instant> finished,
            String method,
            Model model,
            DatasetInfo dataset,
            Map<String, Object> config,
            Map<String, String> origins,
            Environment environment,
            Map<String, Double> timings,
            Optional<Results> results,
            Optional<String> error) {
        this(
                id,
                status,
                started,
                finished,
                method,
                model,
                dataset,
                config,
                origins,
                environment,
                timings,
                results,
                error,
                List.of());
    }

    private static Map<String, Object> normalised(Map<String, Object> config) {
        Map<String, Object> copy = new LinkedHashMap<>();
        config.forEach((key, value) -> copy.put(key, normalised(key, value)));
        return Collections.unmodifiableMap(copy);
    }

    private static Object normalised(String key, Object value) {
        if (value instanceof Integer number) {
            return number.longValue();
        }
        boolean plain = value instanceof Long || value instanceof Boolean || value instanceof String;
        if (plain || value instanceof Double number && Double.isFinite(number)) {
            return value;
        }
        throw new IllegalArgumentException("config value of " + key + " is no number, boolean or text: " + value);
    }

    static <V> Map<String, V> inOrder(Map<String, V> map) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    /**
     * The frozen model.
     *
     * @param name for example {@code nano-clip}
     * @param path its folder, or where else it is
     * @param sha256 of the weights' file, in lower-case hexadecimal
     * @param tokenizerSha256 of what decides how texts become tokens; empty in records of versions that did not ask
     * @param reading what was read from its configuration and preprocessing files, see
     *     {@link dev.metaprompt.ModelReading}; empty in records of versions that did not ask
     */
    public record Model(
            String name, String path, String sha256, Optional<String> tokenizerSha256, Optional<String> reading) {
        /** None is null. */
        public Model {
            Objects.requireNonNull(reading, "reading");
            Objects.requireNonNull(tokenizerSha256, "tokenizerSha256");
        }

        /**
         * Describes a model of which nobody knows the tokenizer and what was read from its files.
         *
         * @param name as above
         * @param path as above
         * @param sha256 as above
         */
        public Model(String name, String path, String sha256) {
            this(name, path, sha256, Optional.empty(), Optional.empty());
        }
    }

    /**
     * The data.
     *
     * @param name for example {@code textures}
     * @param path its folder
     * @param split how images became train, val and test, for people: a file's name, an official or a random split
     * @param sha256 of the split file, in lower-case hexadecimal
     * @param base base classes by name, in their order
     * @param newClasses new classes by name, in their order ({@code new} in the file); may be empty
     * @param shots the drawn training images by base class: paths relative to the image root, in the order drawn
     * @param content what the images hold; empty in records of versions that did not ask
     * @param olderSha256 the digest {@code sha256} that older versions gave the same folder, where they left out images
     *     that count now
     * @param drawSha256 SHA-256 of the file that {@code dataset.draw} names; nothing if it names none, or an older
     *     version did not record it
     */
    public record DatasetInfo(
            String name,
            String path,
            String split,
            String sha256,
            List<String> base,
            List<String> newClasses,
            Map<String, List<String>> shots,
            Optional<Content> content,
            Optional<String> olderSha256,
            Optional<String> drawSha256) {
        /** Copies the collections in their order. */
        public DatasetInfo {
            base = List.copyOf(base);
            newClasses = List.copyOf(newClasses);
            Map<String, List<String>> copy = new LinkedHashMap<>();
            shots.forEach((className, images) -> copy.put(className, List.copyOf(images)));
            shots = Collections.unmodifiableMap(copy);
            Objects.requireNonNull(content, "content");
            Objects.requireNonNull(olderSha256, "olderSha256");
            Objects.requireNonNull(drawSha256, "drawSha256");
        }

        /**
         * Describes data of which nobody knows what its images hold.
         *
         * @param name as above
         * @param path as above
         * @param split as above
         * @param sha256 as above
         * @param base as above
         * @param newClasses as above
         * @param shots as above
         */
        public DatasetInfo(
                String name,
                String path,
                String split,
                String sha256,
                List<String> base,
                List<String> newClasses,
                Map<String, List<String>> shots) {
            this(
                    name,
                    path,
                    split,
                    sha256,
                    base,
                    newClasses,
                    shots,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }

        /**
         * Adds what the file holds that the training images were drawn from.
         *
         * @param digest SHA-256 of the file; nothing if there is none
         * @return a copy
         */
        public DatasetInfo withDraw(Optional<String> digest) {
            return new DatasetInfo(name, path, split, sha256, base, newClasses, shots, content, olderSha256, digest);
        }

        DatasetInfo with(Content images) {
            return new DatasetInfo(
                    name, path, split, sha256, base, newClasses, shots, Optional.of(images), olderSha256, drawSha256);
        }
    }

    /**
     * What the images of a run hold, in lower-case hexadecimal. A feature pack has the digests of the images it was made
     * of.
     *
     * @param all SHA-256 over the digests of all images the run uses: drawn training and validation images, test
     *     images; those whose features depend on it count with the order of colour conversion, unless images were
     *     resized first
     * @param test SHA-256 over those of the test images alone, the same for every seed, without any order
     * @param testColorOrder the run's {@code image.colorOrder} where features of test images depend on it, unless it is
     *     the order of older versions
     */
    public record Content(String all, String test, Optional<String> testColorOrder) {
        /**
         * Describes test images of which each is RGB or grey, or was resized first.
         *
         * @param all as above
         * @param test as above
         */
        public Content(String all, String test) {
            this(all, test, Optional.empty());
        }

        /** None is null. */
        public Content {
            Objects.requireNonNull(all, "all");
            Objects.requireNonNull(test, "test");
            Objects.requireNonNull(testColorOrder, "testColorOrder");
        }
    }

    /**
     * What a run ran on.
     *
     * @param project version of this project
     * @param djl version of DJL
     * @param engine name and version of the engine below it
     * @param java version and vendor of Java
     * @param os name, version and architecture
     * @param device where the tensors were, for example {@code cpu}
     * @param threads threads of computation
     * @param gitCommit the commit of the work tree, where there is one, with {@code -dirty} behind it where files
     *     differed from it
     */
    public record Environment(
            String project,
            String djl,
            String engine,
            String java,
            String os,
            String device,
            int threads,
            Optional<String> gitCommit) {
        /**
         * Returns this environment with another code.
         *
         * @param code what computed
         * @return a new environment
         */
        public Environment of(CodeVersion code) {
            return new Environment(code.project(), djl, engine, java, os, device, threads, code.commit());
        }
    }

    /**
     * Returns this record as that of a run that goes on.
     *
     * @param code what goes on with it; recorded beside what began it where it is another
     * @return a new record that is running
     */
    public RunRecord goneOnWith(CodeVersion code) {
        return new RunRecord(
                id,
                RunStatus.RUNNING,
                started,
                Optional.empty(),
                method,
                model,
                dataset,
                config,
                origins,
                environment.of(CodeVersion.of(this).then(code)),
                timings,
                results,
                Optional.empty(),
                warnings);
    }

    /**
     * Returns this record with another status and without error: begun, gone on with, or interrupted.
     *
     * @param newStatus the status
     * @param now when it ended; empty while it is running
     * @return a new record
     */
    public RunRecord withStatus(RunStatus newStatus, Optional<Instant> now) {
        return new RunRecord(
                id,
                newStatus,
                started,
                now,
                method,
                model,
                dataset,
                config,
                origins,
                environment,
                timings,
                results,
                Optional.empty(),
                warnings);
    }

    /**
     * Returns this record as that of a finished run.
     *
     * @param now when it ended
     * @param figures the results
     * @param seconds seconds per phase
     * @return a new record
     */
    public RunRecord finished(Instant now, Results figures, Map<String, Double> seconds) {
        return new RunRecord(
                id,
                RunStatus.FINISHED,
                started,
                Optional.of(now),
                method,
                model,
                dataset,
                config,
                origins,
                environment,
                seconds,
                Optional.of(figures),
                Optional.empty(),
                warnings);
    }

    /**
     * Returns this record as that of a failed run.
     *
     * @param now when it ended
     * @param message one line
     * @return a new record
     */
    public RunRecord failed(Instant now, String message) {
        return new RunRecord(
                id,
                RunStatus.FAILED,
                started,
                Optional.of(now),
                method,
                model,
                dataset,
                config,
                origins,
                environment,
                timings,
                results,
                Optional.of(message),
                warnings);
    }

    /**
     * Returns this record with what its images hold.
     *
     * @param content the digests
     * @return a new record
     */
    public RunRecord withContent(Content content) {
        return new RunRecord(
                id,
                status,
                started,
                finished,
                method,
                model,
                dataset.with(content),
                config,
                origins,
                environment,
                timings,
                results,
                error,
                warnings);
    }

    /**
     * Returns this record with other seconds per phase.
     *
     * @param seconds seconds per phase
     * @return a new record
     */
    public RunRecord withTimings(Map<String, Double> seconds) {
        return new RunRecord(
                id,
                status,
                started,
                finished,
                method,
                model,
                dataset,
                config,
                origins,
                environment,
                seconds,
                results,
                error,
                warnings);
    }

    /**
     * Returns this record with more warnings.
     *
     * @param more one line each; those that it has already are not repeated
     * @return a new record
     */
    public RunRecord withWarnings(List<String> more) {
        return new RunRecord(
                id,
                status,
                started,
                finished,
                method,
                model,
                dataset,
                config,
                origins,
                environment,
                timings,
                results,
                error,
                Stream.concat(warnings.stream(), more.stream()).distinct().toList());
    }
}
