package dev.metaprompt.app;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Arguments of a JVM in a file that this user alone may read: on a command line everybody of the machine could, and a
 * class path of many jars is longer than some systems let a command line be.
 */
final class ArgumentFile {
    static final String PREFIX = "metaprompt-cells-";
    private static final String SUFFIX = ".args";
    private static final Pattern NAME = Pattern.compile(PREFIX + "(\\d+)-.*" + Pattern.quote(SUFFIX));

    private ArgumentFile() {}

    /**
     * Writes a file of mode 0600, and removes those that killed processes of this user have left.
     *
     * @param folder where
     * @param arguments of the java launcher
     */
    static Path write(Path folder, List<String> arguments) throws IOException {
        // A temporary file is made for its owner's eyes alone.
        Path file =
                Files.createTempFile(folder, PREFIX + ProcessHandle.current().pid() + "-", SUFFIX);
        // The launcher reads it in the encoding of file names.
        Charset charset = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
        try {
            Files.write(file, text(arguments).getBytes(charset));
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
        removeLeftovers(file);
        return file;
    }

    private static String text(List<String> arguments) {
        return arguments.stream().map(ArgumentFile::quoted).collect(Collectors.joining("\n", "", "\n"));
    }

    // As the plugin quotes what it hands over; it computes nothing, and this room knows nothing of it.
    private static String quoted(String argument) {
        return '"'
                + argument.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n")
                        .replace("\r", "\\r")
                + '"';
    }

    private static void removeLeftovers(Path mine) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(mine.getParent(), PREFIX + "*" + SUFFIX)) {
            for (Path file : files) {
                Matcher name = NAME.matcher(file.getFileName().toString());
                if (name.matches() && !lives(name.group(1)) && sameOwner(file, mine)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException | RuntimeException e) {
            // Another process removes them, now or later.
        }
    }

    private static boolean lives(String pid) {
        return ProcessHandle.of(Long.parseLong(pid)).isPresent();
    }

    private static boolean sameOwner(Path file, Path mine) throws IOException {
        try {
            return Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(mine));
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}
