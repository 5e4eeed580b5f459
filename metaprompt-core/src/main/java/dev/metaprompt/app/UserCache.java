package dev.metaprompt.app;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.Quoted;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a user's cache lies that no key names: below {@code XDG_CACHE_HOME}, below {@code HOME}, or else in a folder of
 * the temporary one that is this user's alone.
 */
final class UserCache {
    private static final String NAME = "metaprompt";
    private final Map<String, String> environment;
    private final String userHome;
    private final Path temporary;

    /**
     * Creates it.
     *
     * @param environment as {@link System#getenv()} gives it
     * @param userHome Java's {@code user.home}, a question mark for a user without an entry in the list of users
     * @param temporary Java's {@code java.io.tmpdir}
     */
    UserCache(Map<String, String> environment, String userHome, Path temporary) {
        this.environment = environment;
        this.userHome = userHome;
        this.temporary = temporary.toAbsolutePath();
    }

    /** The one of this process. */
    static UserCache ofProcess() {
        return new UserCache(
                System.getenv(), System.getProperty("user.home"), Path.of(System.getProperty("java.io.tmpdir")));
    }

    /**
     * Returns the first place that is there or can be made.
     *
     * @throws InvalidInputException if only the temporary folder is left, and somebody else's lies where this user's would
     */
    Path folder() {
        return homes().stream().filter(UserCache::isUsable).findFirst().orElseGet(this::inTemporary);
    }

    /** Returns the places in a user's own folders, the preferred one first. */
    List<Path> homes() {
        List<Path> homes = new ArrayList<>();
        // What is no absolute path is no place but a mistake, as the XDG specification says.
        absolute(environment.get("XDG_CACHE_HOME")).ifPresent(homes::add);
        // A home that is not there is none, and not made.
        absolute(environment.get("HOME"))
                .or(() -> absolute(userHome))
                .filter(Files::isDirectory)
                .ifPresent(home -> homes.add(home.resolve(".cache")));
        return homes.stream().map(home -> home.resolve(NAME)).toList();
    }

    private static Optional<Path> absolute(String text) {
        return Optional.ofNullable(text)
                .filter(given -> !given.isBlank())
                .map(Path::of)
                .filter(Path::isAbsolute);
    }

    private static boolean isUsable(Path folder) {
        if (Files.exists(folder)) {
            return Files.isDirectory(folder);
        }
        Path above = folder.getParent();
        while (above != null && !Files.exists(above)) {
            above = above.getParent();
        }
        return above != null && Files.isDirectory(above) && Files.isWritable(above);
    }

    /** Returns the folder in the temporary one: of mode 0700, and made if it is missing. */
    Path inTemporary() {
        boolean users = TrustedPath.knowsUsers(temporary);
        Path folder = temporary.resolve(users ? NAME + "-" + TrustedPath.user() : NAME);
        try {
            makePrivate(folder);
            Optional<String> objection = notPrivate(folder);
            if (objection.isEmpty()) {
                return folder;
            }
            throw new InvalidInputException("cache: this user has no home folder, and " + objection.get()
                    + ", where the cache would be. Name another with -Dmetaprompt.cache=<folder>, or set HOME.");
        } catch (IOException e) {
            throw new InvalidInputException(
                    "cache: no folder can be made (" + Quoted.fault(e)
                            + "). Name one with -Dmetaprompt.cache=<folder>, or set HOME.",
                    e);
        }
    }

    /** Makes a folder of mode 0700 if nothing is there. */
    static void makePrivate(Path folder) throws IOException {
        try {
            Files.createDirectory(folder, TrustedPath.knowsUsers(folder) ? PRIVATE : new FileAttribute<?>[0]);
        } catch (FileAlreadyExistsException e) {
            // Looked at by the caller.
        }
    }

    private static final FileAttribute<?>[] PRIVATE = {
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
    };

    private static Optional<String> notPrivate(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.of(folder + " is no folder");
        }
        if (!TrustedPath.knowsUsers(folder)) {
            return Optional.empty();
        }
        String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(folder));
        return mode.endsWith("------")
                ? TrustedPath.objection(folder)
                : Optional.of(folder + " is open to others (" + mode + ")");
    }
}
