package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class TrustedPathTest {
    @TempDir
    private Path temp;

    private Path folder;
    private Path library;

    @BeforeEach
    void create() throws IOException {
        temp = temp.toRealPath();
        folder = Files.createDirectories(temp.resolve("a/b"));
        library = Files.writeString(folder.resolve("lib.so"), "");
        mode(temp.resolve("a"), "rwxr-xr-x");
        mode(folder, "rwxr-xr-x");
        mode(library, "rw-r--r--");
    }

    private static void mode(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    @Test
    void whatIsOursAloneHasNoObjection() throws IOException {
        assertEquals(Optional.empty(), TrustedPath.objection(library));
        assertEquals(Optional.empty(), TrustedPath.objectionWithin(folder));
        assertEquals(Optional.empty(), TrustedPath.objection(Path.of("/")));
    }

    @Test
    void othersMayNotWriteItNorAFolderAboveIt() throws IOException {
        mode(library, "rw-r--rw-");
        assertEquals(
                library + " can be written by others (rw-r--rw-)",
                TrustedPath.objection(library).orElseThrow());
        assertEquals(TrustedPath.objection(library), TrustedPath.objectionWithin(folder));
        mode(library, "rw-r--r--");
        mode(temp.resolve("a"), "rwxrwxrwx");
        assertEquals(
                temp.resolve("a") + " can be written by others (rwxrwxrwx)",
                TrustedPath.objection(library).orElseThrow());
    }

    @Test
    void inAStickyFolderAboveOthersChangeTheirOwnAlone() throws IOException {
        Path above = temp.resolve("a");
        Files.setAttribute(above, "unix:mode", 01777);
        assertEquals(Optional.empty(), TrustedPath.objection(library));
        Files.setAttribute(folder, "unix:mode", 01777);
        assertEquals(
                folder + " can be written by others (rwxrwxrwx)",
                TrustedPath.objection(folder).orElseThrow());
    }

    @Test
    void aLinkIsJudgedByWhereItLeads() throws IOException {
        Path open = Files.createDirectory(temp.resolve("open"));
        mode(open, "rwxrwxrwx");
        Path planted = Files.writeString(open.resolve("planted.so"), "");
        Files.createSymbolicLink(folder.resolve("libtorch.so"), planted);
        Files.createSymbolicLink(folder.resolve("nowhere.so"), temp.resolve("nowhere"));
        assertEquals(
                open + " can be written by others (rwxrwxrwx)",
                TrustedPath.objectionWithin(folder).orElseThrow());
    }

    @Test
    void modesBelowAClosedFolderMeanNothing() throws IOException {
        mode(library, "rw-rw-rw-");
        mode(folder, "rwx------");
        assertEquals(Optional.empty(), TrustedPath.objectionWithin(folder));
    }

    @Test
    void someoneElsesIsNotTrusted() throws IOException {
        assumeTrue(TrustedPath.user() == 0, "root alone gives files away");
        Files.setAttribute(library, "unix:uid", 65_534);
        String owner = Files.getOwner(library).getName();
        assertEquals(
                library + " belongs to user " + owner,
                TrustedPath.objection(library).orElseThrow());
        mode(folder, "rwx------");
        assertEquals(
                library + " belongs to user " + owner,
                TrustedPath.objectionWithin(folder).orElseThrow());
    }

    @Test
    void aGroupOfOthersMayNotWriteButTheUsersOwnMay() throws IOException {
        mode(folder, "rwxrwxr-x");
        boolean own = Files.getOwner(folder)
                .getName()
                .equals(Files.getAttribute(folder, "posix:group").toString());
        assertEquals(own, TrustedPath.objection(folder).isEmpty());
        assumeTrue(TrustedPath.user() == 0, "root alone gives files away");
        Files.setAttribute(folder, "unix:gid", 65_534);
        assertEquals(true, TrustedPath.objection(folder).orElseThrow().contains("(rwxrwxr-x, group "));
    }
}
