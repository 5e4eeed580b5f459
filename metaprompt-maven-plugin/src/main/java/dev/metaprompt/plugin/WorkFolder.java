package dev.metaprompt.plugin;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder of one run of a goal: request, arguments, {@code fork.log}, the JVM's error report.
 *
 * @param path the folder; no other run of a goal uses it
 * @param temporary true if it lies outside a project and is deleted when all went well
 */
record WorkFolder(Path path, boolean temporary) {
    /** The name, in a request, of the number of the process that wrote it. */
    static final String PARENT_PID = "parentPid";

    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    /** Creates one in a project's build folder; two goals at the same time get two. */
    static WorkFolder inProject(Path buildFolder, String goal, LocalDateTime now) throws IOException {
        Path parent = Files.createDirectories(buildFolder.resolve("metaprompt").resolve(goal));
        for (int count = 1; ; count++) {
            Path path = parent.resolve(STAMP.format(now) + (count == 1 ? "" : "-" + count));
            try {
                return cleared(new WorkFolder(PrivateFiles.createDirectory(path), false), "");
            } catch (FileAlreadyExistsException e) {
                // Taken by a goal that began in the same second: count on.
            }
        }
    }

    /** Creates one for a goal that runs without a POM. */
    static WorkFolder outsideProject(String goal) throws IOException {
        String prefix = "metaprompt-" + goal + "-";
        return cleared(new WorkFolder(Files.createTempDirectory(prefix), true), prefix);
    }

    private static WorkFolder cleared(WorkFolder created, String prefix) throws IOException {
        new Leftovers(created).remove(prefix);
        return created;
    }

    /** Writes what is asked of the child, for the eyes of this user. */
    void writeRequest(String json) throws IOException {
        PrivateFiles.write(request(), json.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes the child's arguments, which may hold passwords, for the eyes of this user. */
    void writeArguments(List<String> arguments) throws IOException {
        PrivateFiles.write(arguments(), JavaArguments.file(arguments).getBytes(Locales.argumentFile()));
    }

    /** Removes what the child has read; the request last, as its absence says that nobody needs the arguments. */
    void removeSecrets() throws IOException {
        Files.deleteIfExists(arguments());
        Files.deleteIfExists(request());
    }

    Path log() {
        return path.resolve("fork.log");
    }

    Path request() {
        return path.resolve("request.json");
    }

    Path arguments() {
        return path.resolve("java.args");
    }

    /** Returns the pattern of the JVM's error report, for {@code -XX:ErrorFile}. */
    Path errorFilePattern() {
        return path.resolve("hs_err_pid%p.log");
    }

    /** Returns the error reports a crashed JVM has left. */
    List<Path> errorFiles() throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.filter(f -> f.getFileName().toString().startsWith("hs_err_pid"))
                    .sorted()
                    .toList();
        }
    }

    /** Removes what is of no use after a success. */
    void tidy() throws IOException {
        removeSecrets();
        if (temporary) {
            Files.deleteIfExists(log());
            Files.deleteIfExists(path);
        }
    }
}
