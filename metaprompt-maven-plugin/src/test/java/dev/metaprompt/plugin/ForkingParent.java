package dev.metaprompt.plugin;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A process that forks a child as Maven does, in whatever locale it was started, and writes what the child said. */
public final class ForkingParent {
    private ForkingParent() {}

    /** Runs the goal {@code names} of {@link TestChild} in a folder; files go into a second one. */
    public static void main(String[] folders) throws Exception {
        Path base = Path.of(folders[0]);
        WorkFolder folder = new WorkFolder(Files.createDirectories(Path.of(folders[1])), false);
        List<Path> classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .toList();
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> arguments =
                JavaArguments.list(classPath, "dev.metaprompt.plugin.TestChild", folder, "-Xmx64m", null);
        Map<String, Object> request =
                Map.of("goal", "names", "options", List.of(), "baseDirectory", base.toString(), "facts", Map.of());
        RecordedEvents events = new RecordedEvents();
        try (ForkLog log = new ForkLog(folder.log(), line -> {})) {
            new ForkedJvm(folder, log).run(new ForkedJvm.Launch(java, arguments, Map.of(), base), request, events);
        }
        String said = System.getProperty("sun.jnu.encoding") + " " + events.heard;
        System.out.write(said.getBytes(StandardCharsets.UTF_8));
        System.out.flush();
    }
}
