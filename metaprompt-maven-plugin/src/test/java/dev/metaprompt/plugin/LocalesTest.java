package dev.metaprompt.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.maven.plugin.MojoFailureException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class LocalesTest {
    private static final String LETTERS = "Café crème";
    private static final Map<String, String> C = Map.of("LC_ALL", "C", "LANG", "de_DE.UTF-8");

    /** Lists the folder that it is given, its names in UTF-8 whatever the locale. */
    private static final String LISTS = """
            import java.nio.file.*;
            public class Lists {
                public static void main(String[] folder) throws Exception {
                    try (var names = Files.newDirectoryStream(Path.of(folder[0]))) {
                        for (Path name : names) {
                            System.out.write(Path.of(name.toString()).getFileName().toString().getBytes("UTF-8"));
                        }
                    }
                    System.out.flush();
                }
            }
            """;

    @TempDir
    private Path temp;

    private static Map<String, String> chosen(String encoding, Map<String, String> environment) {
        Map<String, String> child = new HashMap<>(environment);
        Locales.of(encoding, environment).choose(child);
        return child;
    }

    @Test
    void theChildGetsALocaleOfUtf8UnlessItHasOne() {
        assertEquals("C.UTF-8", chosen("ANSI_X3.4-1968", C).get("LC_ALL"));
        assertEquals("C.UTF-8", chosen("ANSI_X3.4-1968", Map.of()).get("LC_ALL"));
        assertEquals(
                "C.UTF-8", chosen("ISO-8859-1", Map.of("LC_CTYPE", "de_DE")).get("LC_ALL"));
        Map<String, String> own = Map.of("LANG", "fr_FR.UTF-8");
        assertEquals(own, chosen("UTF-8", own));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aJvmOfTheLocaleCReadsNamesOnceItIsChosen() throws Exception {
        Path folder = Files.createDirectories(temp.resolve("data"));
        new ProcessBuilder("mkdir", LETTERS).directory(folder.toFile()).start().waitFor();
        Path program = Files.writeString(temp.resolve("Lists.java"), LISTS);
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                program.toString(),
                folder.toString());
        builder.environment().put("LC_ALL", "C");
        Locales.of("ANSI_X3.4-1968", C).choose(builder.environment());
        builder.redirectErrorStream(true);
        Process process = builder.start();
        assertEquals(LETTERS, new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    }

    @Test
    void whatMavenHasLostIsRefusedWithTheLocaleThatLostIt() {
        Locales lost = Locales.of("ANSI_X3.4-1968", C);
        RawOption typed = RawOption.user("dataset", "/data/Caf\ufffd\ufffd", "-Ddataset");
        String message = assertThrows(MojoFailureException.class, () -> lost.requireKnown(List.of(typed), "/home"))
                .getMessage();
        assertEquals(
                "metaprompt.dataset (from -Ddataset) has characters that Maven cannot read in its locale (LC_ALL=C,"
                        + " encoding ANSI_X3.4-1968); allowed there are the letters of ASCII. Set the environment variable"
                        + " LC_ALL=C.UTF-8, or another locale of UTF-8, and run Maven again.",
                message);
        assertThrows(MojoFailureException.class, () -> lost.requireKnown(List.of(), "/home/Jos\ufffd\ufffd"));
        RawOption latin = RawOption.user("dataset", "/data/CafÃ©", "-Ddataset");
        assertThrows(
                MojoFailureException.class,
                () -> Locales.of("ISO-8859-1", Map.of()).requireKnown(List.of(latin), "/home"));
    }

    @Test
    void whatIsKnownStands() throws Exception {
        RawOption pom = RawOption.pom("dataset", LETTERS, "<properties> of pom.xml");
        RawOption typed = RawOption.user("dataset", "/data/cafe", "-Ddataset");
        Locales.of("ANSI_X3.4-1968", C).requireKnown(List.of(pom, typed), "/home");
        RawOption letters = RawOption.user("dataset", LETTERS, "-Ddataset");
        Locales.of("UTF-8", Map.of()).requireKnown(List.of(letters), "/home/José");
    }
}
