package dev.metaprompt;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The command of a JVM of its own for a class of the tests, with the engine as the tests have it. */
public final class TestJvm {
    private TestJvm() {}

    /**
     * Puts the command together.
     *
     * @param main the class whose main method runs
     * @param options of the JVM, beside those of the engine
     * @param arguments of the main method
     * @return the command, not started
     */
    public static ProcessBuilder of(Class<?> main, List<String> options, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Native libraries are unpacked once, not into the cache folder of each test.
        String natives = System.getProperty("DJL_CACHE_DIR");
        if (natives != null) {
            command.add("-DDJL_CACHE_DIR=" + natives);
        }
        command.addAll(options);
        command.addAll(List.of("-Dai.djl.offline=true", "-DOPT_OUT_TRACKING=true", "-DRUST_FLAVOR=cpu"));
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        command.addAll(List.of("-cp", classPath, main.getName()));
        command.addAll(Arrays.asList(arguments));
        return new ProcessBuilder(command);
    }
}
