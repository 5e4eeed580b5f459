package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.config.Key;
import dev.metaprompt.config.Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What messages and pages tell people to type exists in the form in which it is printed: options, goals, keys,
 * variables. {@link NetworkTest} does what is printed about networks.
 */
class AdviceTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** Properties of the plugin itself, which are no keys. */
    private static final Set<String> OF_PLUGIN = Set.of("skip", "fork.jvmArgs", "fork.debug", "version");

    /** Properties of the JVM that reach the child from Maven's command line, each tried out by NetworkTest. */
    private static final Set<String> TRIED =
            Set.of("https.proxyHost", "https.proxyPort", "http.nonProxyHosts", "javax.net.ssl.trustStore");

    /** What is no part of a string, and what is: comments, characters, text blocks, strings. */
    private static final Pattern TOKENS = Pattern.compile(
            "//[^\\n]*+|/\\*(?:[^*]|\\*(?!/))*+\\*/|'(?:\\\\.|[^'\\\\])[^']*+'|\"((?:[^\"\\\\]|\\\\.)*+)\"");

    private static final Pattern OPTION = Pattern.compile("-D([A-Za-z][\\w.]*\\w)(=([^\\s,;)\"'`]*))?");
    private static final Pattern GOAL = Pattern.compile("(?:mvn |\\b)metaprompt:(\\w+)(?![\\w-])");
    private static final Pattern VARIABLE =
            Pattern.compile("(?<![\\w.$%<{-])([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?![\\w(])");
    private static final Pattern DOTTED = Pattern.compile("(?<![\\w./<{-])([a-z]\\w*(?:\\.[a-z]\\w*)+)(?![\\w/(])");
    private static final Pattern NAMED = Pattern.compile("\\b(?:with|see|correct the) option ([a-z]\\w*(?:\\.\\w+)*)");
    private static final Pattern FILE = Pattern.compile(
            ".*\\.(json|jsonl|csv|yaml|yml|html|xml|safetensors|log|md|txt|png|pack|svg|properties|proto)");

    /** A string of a source file, with a dash where something was put in at run time. */
    private record Said(String where, String text) {}

    private static final List<Said> MESSAGES = new ArrayList<>();
    private static final List<Said> PAGES = new ArrayList<>();

    @BeforeAll
    static void read() throws IOException {
        for (String module : List.of("metaprompt-core", "metaprompt-maven-plugin")) {
            for (Path file : files(ROOT.resolve(module).resolve("src/main/java"), ".java")) {
                strings(Files.readString(file)).forEach(text -> MESSAGES.add(new Said(name(file), text)));
            }
        }
        for (Path file : files(ROOT.resolve("docs"), ".md")) {
            PAGES.add(new Said(name(file), Files.readString(file)));
        }
        for (String file : List.of("README.md", "SECURITY.md")) {
            PAGES.add(new Said(file, Files.readString(ROOT.resolve(file))));
        }
        assertTrue(MESSAGES.size() > 1000 && PAGES.size() > 3, MESSAGES.size() + " strings, " + PAGES.size());
    }

    private static String name(Path file) {
        return ROOT.relativize(file).toString();
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    /** Returns the strings of a source, those that are added to each other as one. */
    static List<String> strings(String source) {
        List<String> found = new ArrayList<>();
        StringBuilder current = new StringBuilder();
        int end = -1;
        Matcher token = TOKENS.matcher(source);
        while (token.find()) {
            if (token.group(1) == null) {
                continue;
            }
            String between = end < 0
                    ? ";"
                    : source.substring(end, token.start()).replaceAll("//[^\\n]*+|/\\*(?:[^*]|\\*(?!/))*+\\*/", "");
            boolean added = between.strip().startsWith("+") && between.chars().noneMatch(c -> ";{}".indexOf(c) >= 0);
            if (!added) {
                found.add(current.toString());
                current.setLength(0);
            } else if (!between.strip().equals("+")) {
                current.append('…');
            }
            current.append(token.group(1).replace("\\n", "\n").replace("\\\"", "\""));
            end = token.end();
        }
        found.add(current.toString());
        return found.stream().filter(text -> !text.isBlank()).toList();
    }

    private static List<String> faults(
            List<Said> where, Pattern pattern, java.util.function.Function<MatchResult, Optional<String>> fault) {
        List<String> faults = new ArrayList<>();
        for (Said said : where) {
            pattern.matcher(said.text())
                    .results()
                    .forEach(match -> fault.apply(match)
                            .ifPresent(text -> faults.add(said.where() + ": " + match.group() + " " + text)));
        }
        return faults;
    }

    private static List<Said> all() {
        return Stream.concat(MESSAGES.stream(), PAGES.stream()).toList();
    }

    @Test
    void stringsAreTakenTogetherAsTheyArePrinted() {
        assertEquals(
                List.of("set -Dmetaprompt.way=…, or", "b\"c"),
                strings(
                        "/** \"no\" */ f(\"set -Dmeta\" // \"x\n + \"prompt.way=\" + n(3) + \", or\", '\"', \"b\\\"c\");"));
    }

    @Test
    void everyOptionExistsAndTakesTheValueThatIsPrinted() {
        List<String> seen = new ArrayList<>();
        assertEquals(List.of(), faults(all(), OPTION, match -> {
            seen.add(match.group(1));
            return option(match.group(1), Optional.ofNullable(match.group(3)));
        }));
        assertTrue(seen.size() > 100, "only " + seen.size() + " options were found");
    }

    private static Optional<String> option(String name, Optional<String> value) {
        if (!name.startsWith("metaprompt.")) {
            boolean known = Keys.find(name).map(Key::bare).orElse(TRIED.contains(name));
            return known || !isOurs(name) ? Optional.empty() : Optional.of("is no option");
        }
        String key = name.substring("metaprompt.".length());
        boolean skip = key.endsWith(".skip")
                && Commands.standard().goals().contains(key.substring(0, key.length() - ".skip".length()));
        if (OF_PLUGIN.contains(key) || skip) {
            return Optional.empty();
        }
        if (Keys.find(key).isEmpty()) {
            return Optional.of("is no key");
        }
        return value.map(text -> text.replaceFirst("[.:]$", ""))
                .filter(text -> text.matches("[\\w:.*-]+"))
                .flatMap(text -> refusal(key, text));
    }

    // The JVM's own options, and those of Maven and of the tests, are others' to document.
    private static boolean isOurs(String name) {
        return Keys.all().stream().anyMatch(key -> key.name().equalsIgnoreCase(name))
                || name.startsWith("http")
                || name.startsWith("javax.net");
    }

    private static Optional<String> refusal(String key, String value) {
        try {
            if (!key.equals("config")) {
                Configuration.builder(ROOT).commandLine(key, value, "here").resolve();
            }
            return Optional.empty();
        } catch (InvalidInputException e) {
            // That it needs others beside it is said elsewhere.
            return e.getMessage().contains(" but ") ? Optional.empty() : Optional.of(e.getMessage());
        }
    }

    /** A property of the JVM on Maven's command line reaches Maven's JVM alone, unless it is handed on. */
    @Test
    void propertiesOfTheJvmAreThoseThatReachTheChild() {
        List<String> faults = new ArrayList<>();
        for (Said said : MESSAGES) {
            Matcher option = Pattern.compile("(?<![\\w=])-D([A-Za-z][\\w.]*)").matcher(said.text());
            while (option.find()) {
                String name = option.group(1);
                boolean argument = said.text().startsWith("-D");
                if (!argument
                        && !name.startsWith("metaprompt")
                        && !TRIED.contains(name)
                        && Keys.find(name).isEmpty()
                        && !said.text().contains("fork.jvmArgs=\"")) {
                    faults.add(said.where() + ": " + said.text());
                }
            }
        }
        assertEquals(List.of(), faults);
    }

    @Test
    void everyGoalExists() {
        Set<String> goals = new TreeSet<>(Commands.standard().goals());
        goals.add("help");
        assertEquals(
                List.of(),
                faults(
                        all(),
                        GOAL,
                        match -> goals.contains(match.group(1)) ? Optional.empty() : Optional.of("no goal")));
    }

    @Test
    void everyKeyExists() {
        Set<String> groups = Keys.all().stream()
                .map(Key::name)
                .filter(name -> name.contains("."))
                .map(name -> name.replaceFirst("\\..*", ""))
                .collect(Collectors.toSet());
        // Single words are names of fields, files and tensors.
        List<Said> prose =
                MESSAGES.stream().filter(said -> said.text().contains(" ")).toList();
        assertEquals(List.of(), faults(prose, DOTTED, match -> {
            String name = match.group(1).replaceFirst("^metaprompt\\.", "");
            boolean key = groups.contains(name.replaceFirst("\\..*", ""))
                    && !FILE.matcher(name).matches()
                    && name.indexOf('.') > 0;
            return key && Keys.find(name).isEmpty() ? Optional.of("is no key") : Optional.empty();
        }));
        assertEquals(
                List.of(),
                faults(
                        MESSAGES,
                        NAMED,
                        match -> Keys.find(match.group(1)).isPresent()
                                ? Optional.empty()
                                : Optional.of("is no option")));
    }

    /** A variable that a message names is read by this code, or by what it starts. */
    @Test
    void everyVariableIsRead() {
        Set<String> read = MESSAGES.stream().map(Said::text).collect(Collectors.toSet());
        assertEquals(
                List.of(),
                faults(
                        MESSAGES,
                        VARIABLE,
                        match -> read.contains(match.group(1)) ? Optional.empty() : Optional.of("is read nowhere")));
    }
}
