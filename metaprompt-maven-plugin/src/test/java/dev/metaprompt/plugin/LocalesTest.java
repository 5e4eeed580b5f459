package dev.metaprompt.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.maven.plugin.MojoFailureException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class LocalesTest {
    private static final String LETTERS = "Café crème";
    private static final Map<String, String> C = Map.of("LC_ALL", "C", "LANG", "de_DE.UTF-8");

    @TempDir
    private Path temp;

    private static Map<String, String> chosen(String encoding, Map<String, String> environment) {
        Map<String, String> child = new HashMap<>(environment);
        Locales.of("Linux", encoding, environment).choose(child);
        return child;
    }

    @Test
    void theChildGetsALocaleOfUtf8UnlessItHasOne() {
        assertEquals("C.UTF-8", chosen("ANSI_X3.4-1968", C).get("LC_ALL"));
        assertEquals("C.UTF-8", chosen("ANSI_X3.4-1968", Map.of()).get("LC_ALL"));
        assertEquals(
                "C.UTF-8", chosen("ISO-8859-1", Map.of("LC_CTYPE", "de_DE")).get("LC_ALL"));
        // -Dsun.jnu.encoding says nothing of the child
        assertEquals("C.UTF-8", chosen("UTF-8", C).get("LC_ALL"));
        Map<String, String> none = new HashMap<>();
        Locales.of("Mac OS X", "UTF-8", Map.of()).choose(none);
        Locales.of("Windows 11", "Cp1252", Map.of()).choose(none);
        assertEquals(Map.of(), none);
        Map<String, String> own = Map.of("LANG", "fr_FR.UTF-8");
        assertEquals(own, chosen("UTF-8", own));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    @EnabledIfSystemProperty(named = "sun.jnu.encoding", matches = "UTF-8", disabledReason = "Java cannot name it")
    void aParentInTheLocaleCForksAChildThatReadsAllNames() throws Exception {
        Path base = Files.createDirectories(temp.resolve("data"));
        new ProcessBuilder("mkdir", LETTERS).directory(base.toFile()).start().waitFor();
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.metaprompt.plugin.ForkingParent",
                base.toString(),
                temp.resolve("work").toString());
        builder.environment().put("LC_ALL", "C");
        // Java tells there of variables that give it options.
        builder.redirectError(temp.resolve("stderr").toFile());
        Process process = builder.start();
        assertEquals(
                "ANSI_X3.4-1968 [result [" + LETTERS + "]]",
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8),
                () -> read(temp.resolve("stderr")));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whatMavenHasLostIsRefusedWithTheLocaleThatLostIt() {
        Locales lost = Locales.of("Linux", "ANSI_X3.4-1968", C);
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
                () -> Locales.of("Linux", "ISO-8859-1", Map.of()).requireKnown(List.of(latin), "/home"));
    }

    @Test
    void whatIsKnownStands() throws Exception {
        RawOption pom = RawOption.pom("dataset", LETTERS, "<properties> of pom.xml");
        RawOption typed = RawOption.user("dataset", "/data/cafe", "-Ddataset");
        Locales.of("Linux", "ANSI_X3.4-1968", C).requireKnown(List.of(pom, typed), "/home");
        RawOption letters = RawOption.user("dataset", LETTERS, "-Ddataset");
        Locales.of("Linux", "UTF-8", Map.of("LANG", "de_DE.utf8@euro")).requireKnown(List.of(letters), "/home/José");
        // Some systems take UTF-8 where nothing is set.
        Locales.of("Linux", "UTF-8", Map.of()).requireKnown(List.of(letters), "/home/José");
    }
}
