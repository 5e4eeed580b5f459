package dev.metaprompt.data.textures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.TestJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Drafts of processes that live and of processes that are dead. */
class DraftTest {
    @TempDir
    Path cache;

    /** A process that has a draft, says its name and waits. */
    static final class Holder {
        public static void main(String[] arguments) throws IOException {
            Draft draft = Draft.begin(Path.of(arguments[0]));
            Files.writeString(draft.path().resolve("image.png"), "half an image");
            System.out.println(draft.path());
            System.in.read();
            draft.close();
            System.out.println("closed");
        }
    }

    private Set<String> left() throws IOException {
        try (Stream<Path> files = Files.list(cache)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        }
    }

    private Process holder() throws IOException {
        return TestJvm.of(Holder.class, List.of("-XX:TieredStopAtLevel=1"), cache.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    @Test
    void aLivingProcessKeepsItsDraftAndAKilledOnesIsRemoved() throws Exception {
        Process living = holder();
        Process killed = holder();
        try (BufferedReader ofLiving = living.inputReader();
                BufferedReader ofKilled = killed.inputReader()) {
            Path kept = Path.of(ofLiving.readLine());
            Path gone = Path.of(ofKilled.readLine());
            Draft.sweep(cache);
            assertTrue(Files.exists(kept.resolve("image.png")) && Files.exists(gone.resolve("image.png")));
            killed.destroyForcibly().waitFor();
            Draft.sweep(cache);
            String name = kept.getFileName().toString();
            assertEquals(Set.of(name, name + ".lock"), left());
            assertTrue(Files.exists(kept.resolve("image.png")));
            living.getOutputStream().write('\n');
            living.getOutputStream().flush();
            assertEquals("closed", ofLiving.readLine());
        } finally {
            living.destroyForcibly();
            killed.destroyForcibly();
        }
        assertEquals(Set.of(), left());
    }

    @Test
    void aDraftOfThisProcessStaysAndKeepsItsLock() throws Exception {
        try (Draft draft = Draft.begin(cache)) {
            Draft.sweep(cache);
            assertTrue(Files.isDirectory(draft.path()));
            Process other = TestJvm.of(Sweeper.class, List.of("-XX:TieredStopAtLevel=1"), cache.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            assertEquals(0, other.waitFor());
            assertTrue(Files.isDirectory(draft.path()), "another process took it for a dead one's");
        }
        assertEquals(Set.of(), left());
    }

    /** A process that removes what it takes for the drafts of dead ones. */
    static final class Sweeper {
        public static void main(String[] arguments) {
            Draft.sweep(Path.of(arguments[0]));
        }
    }

    @Test
    void ofAnOlderVersionOnlyWhatNobodyTouchedForADayIsRemoved() throws Exception {
        Path old = Files.createDirectories(cache.resolve(".textures-old/images"));
        Path damaged = Files.createDirectories(cache.resolve(".damaged-1/textures"));
        Path busy = Files.createDirectories(cache.resolve(".textures-busy/images"));
        Files.writeString(busy.resolve("new.png"), "new");
        Path other = Files.createDirectories(cache.resolve("textures-v2-seed1"));
        FileTime before = FileTime.from(Instant.now().minus(Duration.ofDays(2)));
        for (Path each : List.of(old, old.getParent(), damaged, damaged.getParent(), busy, busy.getParent(), other)) {
            Files.setLastModifiedTime(each, before);
        }
        Draft.sweep(cache);
        assertEquals(Set.of(".textures-busy", "textures-v2-seed1"), left());
    }

    @Test
    void aLinkIsNotFollowed() throws Exception {
        Path precious = Files.createDirectories(cache.resolve("precious"));
        Files.writeString(precious.resolve("file"), "x");
        FileTime before = FileTime.from(Instant.now().minus(Duration.ofDays(2)));
        Files.setLastModifiedTime(precious.resolve("file"), before);
        Files.setLastModifiedTime(precious, before);
        Files.createSymbolicLink(cache.resolve(".textures-link"), precious);
        Files.createFile(cache.resolve(".textures-link.lock"));
        Draft.sweep(cache);
        assertTrue(Files.exists(precious.resolve("file")));
    }
}
