package dev.metaprompt.plugin;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.maven.plugin.MojoFailureException;

/** The child's JVM arguments, and the file they are handed over in: a class path is longer than some command lines. */
final class JavaArguments {
    private static final Pattern WORD = Pattern.compile("(?:[^\\s\"']|\"[^\"]*\"|'[^']*')+");

    /** No display, no calls home, few threads beside the work, and an end where memory does. */
    private static final List<String> FIXED = List.of(
            "-Djava.awt.headless=true",
            "-Dfile.encoding=UTF-8",
            "-DOPT_OUT_TRACKING=true",
            "-Dai.djl.offline=true",
            "-DRUST_FLAVOR=cpu",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            // It logs what a server answered, credentials that come back included, once for every retry.
            "-Dorg.slf4j.simpleLogger.log.org.mlflow=off",
            // They log a stack trace a second, for each thing that waits, while a server is away; the runner says it
            // once.
            "-Dorg.slf4j.simpleLogger.log.io.temporal=off",
            "-Dorg.slf4j.simpleLogger.log.io.grpc=off",
            "-XX:+ExitOnOutOfMemoryError",
            // The work is native. A method of ours earns the optimising compiler by its loops (resizing), not by its
            // calls: otherwise the compiler takes a core from the first dozens of steps.
            "-XX:Tier4InvocationThreshold=100000",
            "-XX:Tier4MinInvocationThreshold=100000",
            "-XX:Tier4CompileThreshold=200000",
            // What is decoded lives for a moment: a large room for it would be touched whole before it is used again.
            "-Xmn32m");

    /** Tensors lie outside the Java heap: threads that collect beside a step only disturb it. */
    private static final String COLLECTOR = "-XX:+UseSerialGC";

    private static final Pattern COLLECTOR_CHOICE = Pattern.compile("-XX:\\+Use\\w+GC");

    /** A debugger's host; a port alone is one of this machine. */
    private static final Pattern LISTENS_AT = Pattern.compile("[=,:]address=([^,]*):[^,:]*(?:,|$)");

    private static final String DEBUG_AGENT =
            "-agentlib:jdwp=transport=dt_socket,server=y,suspend=y,address=localhost:5005";

    private JavaArguments() {}

    /**
     * Returns the whole list.
     *
     * @param classPath of the child
     * @param mainClass of the child
     * @param folder where request and error report lie
     * @param jvmArgs the user's own, which win over the fixed ones; may be null
     * @param debug {@code true} for a debugger on port 5005, other text as JVM arguments; may be null
     * @throws MojoFailureException if a debugger of another machine could come in
     */
    static List<String> list(List<Path> classPath, String mainClass, WorkFolder folder, String jvmArgs, String debug)
            throws MojoFailureException {
        List<String> args = new ArrayList<>(FIXED);
        args.add("-XX:ErrorFile=" + folder.errorFilePattern());
        List<String> own = words(jvmArgs);
        // Two collectors are an error to the JVM, unlike other arguments, of which the last one counts.
        if (own.stream().noneMatch(word -> COLLECTOR_CHOICE.matcher(word).matches())) {
            args.add(COLLECTOR);
        }
        args.addAll(own);
        if (debug != null && !debug.isBlank() && !debug.equals("false")) {
            args.addAll(debug.equals("true") ? List.of(DEBUG_AGENT) : words(debug));
        }
        requireLocalDebugger(args);
        args.add("-cp");
        args.add(classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
        args.add(mainClass);
        args.add(folder.request().toString());
        return args;
    }

    /** Splits at blanks that stand in no quotes; quotes themselves are dropped, as a shell does. */
    static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(text == null ? "" : text);
        while (matcher.find()) {
            words.add(matcher.group().replaceAll("[\"']", ""));
        }
        return words;
    }

    /** Returns the text of an argument file: each argument quoted on its own line. */
    static String file(List<String> arguments) {
        return arguments.stream().map(JavaArguments::quoted).collect(Collectors.joining("\n", "", "\n"));
    }

    // As the core quotes the arguments of cells' processes.
    private static String quoted(String argument) {
        return '"'
                + argument.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n")
                        .replace("\r", "\\r")
                + '"';
    }

    /** Returns the arguments for a log, without values: what stands behind a {@code =} or a {@code -cp} is left out. */
    static List<String> names(List<String> arguments) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            boolean classPath = i > 0 && arguments.get(i - 1).equals("-cp");
            names.add(classPath ? "…" : arguments.get(i).replaceFirst("(?s)=.*", "=…"));
        }
        return names;
    }

    /** Tells whether the child, so started, waits for a person before its first step. */
    static boolean waitForDebugger(List<String> arguments) {
        return arguments.stream().anyMatch(argument -> isDebugger(argument) && !argument.contains("suspend=n"));
    }

    /** Whoever reaches a debugger's port has the JVM do what they like. */
    private static void requireLocalDebugger(List<String> arguments) throws MojoFailureException {
        for (String argument : arguments) {
            Matcher host = LISTENS_AT.matcher(argument);
            boolean listens = isDebugger(argument) && !argument.contains("server=n");
            while (listens && host.find()) {
                if (isLocal(host.group(1))) {
                    continue;
                }
                throw new MojoFailureException(
                        "metaprompt.fork.debug (or fork.jvmArgs): a debugger would be let in at "
                                + host.group(1)
                                + ", which other machines may reach; allowed is address=localhost:<port>."
                                + " Use -Dmetaprompt.fork.debug, from elsewhere through a tunnel such as ssh -L 5005:localhost:5005.");
            }
        }
    }

    private static boolean isLocal(String host) {
        return host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.\\d{1,3}){3}");
    }

    private static boolean isDebugger(String argument) {
        return argument.startsWith("-agentlib:jdwp") || argument.startsWith("-Xrunjdwp");
    }
}
