package dev.metaprompt.io;

import dev.metaprompt.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Resolves names that come from elsewhere below a folder of ours. The text is judged first, in one way for all systems;
 * then what is on the disk.
 */
public final class Inside {
    private Inside() {}

    /**
     * Tells what is wrong with a relative name as text.
     *
     * @param name parts with {@code /} between them
     * @return the end of a sentence, for example {@code is absolute or holds a backslash}; nothing if it may be resolved
     */
    public static Optional<String> fault(String name) {
        boolean drive = name.length() > 1 && name.charAt(1) == ':' && Character.isLetter(name.charAt(0));
        if (name.startsWith("/") || name.indexOf('\\') >= 0 || drive) {
            return Optional.of("is absolute or holds a backslash");
        }
        if (name.chars().anyMatch(Character::isISOControl)) {
            return Optional.of("holds a control character");
        }
        for (String part : name.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                return Optional.of("has a part that is empty, \".\" or \"..\"");
            }
        }
        return Optional.empty();
    }

    /**
     * Tells what is wrong with the name of one file or folder.
     *
     * @param name the name alone
     * @return the end of a sentence; nothing if it may stand below a folder
     */
    public static Optional<String> faultOfOnePart(String name) {
        return name.indexOf('/') >= 0 ? Optional.of("has more than one part") : fault(name);
    }

    /**
     * Resolves a name below a folder, through no link.
     *
     * @param root the folder; it may itself be reached through links, and may be missing
     * @param name parts with {@code /} between them; what it names need not exist
     * @return the path
     * @throws OutsideException if the name leads out of the folder, or a part of it is a link
     */
    public static Path resolve(Path root, String name) throws OutsideException {
        Path path = root;
        for (String part : parts(name)) {
            path = part(path, part);
            if (Files.isSymbolicLink(path)) {
                throw new OutsideException("is or lies behind a link (" + path + ")");
            }
        }
        return path;
    }

    /**
     * Resolves a name as {@link #resolve} does, for whoever has no words of its own for what is wrong.
     *
     * @param root the folder
     * @param name parts with {@code /} between them
     * @param label what has that name, for the message
     * @return the path
     * @throws InvalidInputException if the name leads out of the folder, or a part of it is a link
     */
    public static Path require(Path root, String name, String label) {
        try {
            return resolve(root, name);
        } catch (OutsideException e) {
            throw new InvalidInputException(
                    label + " " + Quoted.of(name) + " " + e.getMessage() + "; allowed are plain names below " + root
                            + ". Name another, or put the files themselves there instead of a link.",
                    e);
        }
    }

    /**
     * Resolves a name below a folder; links may be followed as long as they stay in it.
     *
     * @param root an existing folder
     * @param name parts with {@code /} between them
     * @return the real path of what exists there
     * @throws OutsideException if the name leads out of the folder
     * @throws IOException if there is no such file, or the folder cannot be looked into
     */
    public static Path resolveReal(Path root, String name) throws IOException {
        Path path = root;
        for (String part : parts(name)) {
            path = part(path, part);
        }
        Path realRoot = root.toRealPath();
        Path real = path.toRealPath();
        if (!real.startsWith(realRoot)) {
            throw new OutsideException("leads through a link out of " + realRoot);
        }
        return real;
    }

    /**
     * Tells whether a path lies below one of some folders, links followed.
     *
     * @param path may be missing: then its nearest existing folder decides
     * @param roots folders; missing ones hold nothing
     * @return whether it does
     */
    public static boolean isBelow(Path path, Iterable<Path> roots) {
        Path absolute = path.toAbsolutePath().normalize();
        try {
            Path real = real(absolute);
            for (Path root : roots) {
                if (Files.isDirectory(root) && real.startsWith(root.toRealPath())) {
                    return true;
                }
            }
        } catch (IOException e) {
            // what cannot be looked at is nowhere
        }
        return false;
    }

    private static Path real(Path absolute) throws IOException {
        Path there = absolute;
        // A link to nowhere is a name that exists: what it leads to may be made at any time.
        while (there.getParent() != null && !Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
            there = there.getParent();
        }
        return there.toRealPath().resolve(there.relativize(absolute)).normalize();
    }

    private static String[] parts(String name) throws OutsideException {
        Optional<String> fault = fault(name);
        if (fault.isPresent()) {
            throw new OutsideException(fault.get());
        }
        return name.split("/");
    }

    private static Path part(Path folder, String name) throws OutsideException {
        try {
            return folder.resolve(name);
        } catch (InvalidPathException e) {
            throw new OutsideException("is no path on this system (" + Quoted.reason(e) + ")");
        }
    }
}
