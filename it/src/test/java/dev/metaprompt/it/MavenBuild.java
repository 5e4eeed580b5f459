package dev.metaprompt.it;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs the Maven of the running build on a copy of one of the small projects. */
final class MavenBuild {
    /** The plugin's full name, for builds without a POM. */
    static final String PLUGIN = "dev.metaprompt:metaprompt-maven-plugin:" + System.getProperty("it.version");

    private static final Path REPOSITORY = TestRepository.create();
    private static final Path CACHE = Path.of("target", "it-cache").toAbsolutePath();
    private static final long LIMIT_SECONDS = 300;
    private final Path mavenHome;
    private final Path directory;
    private final Map<String, String> environment;

    private MavenBuild(Path mavenHome, Path directory, Map<String, String> environment) {
        this.mavenHome = mavenHome;
        this.directory = directory;
        this.environment = environment;
    }

    private static MavenBuild in(Path directory) {
        return new MavenBuild(Path.of(System.getProperty("it.maven.home")), directory, Map.of());
    }

    /**
     * How a build ended.
     *
     * @param exitCode Maven's
     * @param lines what it printed, without colours
     */
    record Result(int exitCode, List<String> lines) {
        String text() {
            return String.join("\n", lines);
        }

        long count(String part) {
            return lines.stream().filter(line -> line.contains(part)).count();
        }

        /** Returns the one line that says why the build failed. */
        String error() {
            return lines.stream()
                    .filter(line -> line.contains("Failed to execute goal"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("the build did not fail:\n" + text()));
        }
    }

    /** Copies a project of {@code src/test/projects} into a folder. */
    static MavenBuild project(String name, Path folder) throws IOException {
        Path source = Path.of("src", "test", "projects", name).toAbsolutePath();
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = folder.resolve(source.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.writeString(
                        target, Files.readString(file).replace("@version@", System.getProperty("it.version")));
            }
        }
        return in(folder);
    }

    /** Starts in a folder that has no POM. */
    static MavenBuild without(Path folder) throws IOException {
        return in(Files.createDirectories(folder));
    }

    /** Returns a build with an environment variable more. */
    MavenBuild with(String variable, String value) {
        return new MavenBuild(mavenHome, directory, Map.of(variable, value));
    }

    /** Returns a build by another Maven. */
    MavenBuild by(Path otherMavenHome) {
        return new MavenBuild(otherMavenHome, directory, environment);
    }

    Path directory() {
        return directory;
    }

    /** Runs Maven to its end. */
    Result run(String... arguments) throws IOException, InterruptedException {
        Started started = start(arguments);
        return started.await();
    }

    /** Starts Maven in batch mode, its output in a file. */
    Started start(String... arguments) throws IOException {
        boolean windows = System.getProperty("os.name").startsWith("Windows");
        List<String> command = new ArrayList<>();
        command.add(
                mavenHome.resolve("bin").resolve(windows ? "mvn.cmd" : "mvn").toString());
        command.addAll(List.of("-B", "-Dmaven.repo.local=" + REPOSITORY, "-Dmetaprompt.cache=" + CACHE));
        if ("offline=true".equals(System.getProperty("it.network"))) {
            command.add("-o");
        }
        command.addAll(List.of(arguments));
        File output = File.createTempFile("maven", ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File(windows ? "NUL" : "/dev/null")))
                .redirectOutput(output);
        builder.environment().keySet().removeIf(name -> name.startsWith("MAVEN_") || name.startsWith("MLFLOW_"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        return new Started(builder.start(), output.toPath());
    }

    /**
     * A build that goes on.
     *
     * @param process Maven's own JVM
     * @param output what it prints
     */
    record Started(Process process, Path output) {
        Result await() throws IOException, InterruptedException {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
                throw new AssertionError("Maven took more than " + LIMIT_SECONDS + " s:\n" + text());
            }
            List<String> lines = text().lines().toList();
            Files.delete(output);
            return new Result(process.exitValue(), lines);
        }

        private String text() throws IOException {
            // Maven colours some of its own lines even in batch mode.
            return Files.readString(output, StandardCharsets.UTF_8).replaceAll("\u001b\\[[0-9;]*m", "");
        }

        /** Waits for the forked JVM. */
        ProcessHandle child() throws InterruptedException {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
            while (System.nanoTime() < end && process.isAlive()) {
                var child = process.descendants().filter(Started::isFork).findFirst();
                if (child.isPresent()) {
                    return child.get();
                }
                TimeUnit.MILLISECONDS.sleep(10);
            }
            throw new AssertionError("no forked JVM was seen");
        }

        /** Finds the processes that compute cells of an experiment, below the forked JVM. */
        List<ProcessHandle> cellProcesses() {
            return process.descendants().filter(Started::computesCells).toList();
        }

        private static boolean computesCells(ProcessHandle handle) {
            return handle.info().arguments().stream()
                    .flatMap(Stream::of)
                    .anyMatch(argument -> argument.startsWith("@") && argument.contains("metaprompt-cells-"));
        }

        private static boolean isFork(ProcessHandle handle) {
            return handle.info().arguments().stream()
                    .flatMap(Stream::of)
                    .anyMatch(argument -> argument.startsWith("@") && argument.endsWith("java.args"));
        }
    }
}
