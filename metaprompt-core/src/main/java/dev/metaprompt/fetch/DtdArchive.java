package dev.metaprompt.fetch;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.io.Inside;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * The Describable Textures Dataset from its publisher, release r1.0.1: 47 classes of 120 photographs.
 *
 * <p>Source: Cimpoi et al., <a href="https://www.robots.ox.ac.uk/~vgg/data/dtd/">Describing Textures in the Wild</a>.
 * The publisher gives no digest; the MD5 is the one torchvision compares with.
 */
public final class DtdArchive {
    /** Where the publisher keeps it. */
    public static final URI SOURCE = URI.create("https://www.robots.ox.ac.uk/~vgg/data/dtd/download/dtd-r1.0.1.tar.gz");

    private static final Digest DIGEST = Digest.md5("fff73e5086ae6bdbea199a49dfb8a4c1");
    private static final String FILE = "dtd-r1.0.1.tar.gz";
    private static final String ADVICE = "Fetch " + FILE + " in a browser and put it into the folder datasets of the"
            + " cache, or name a folder that holds images/<class>/*.jpg with option dataset.";
    private static final int CLASSES = 47;
    private static final int IMAGES = 120;
    /** Three times what r1.0.1 holds. */
    private static final Archive.Limits LIMITS = new Archive.Limits(20_000, 2_000_000_000L);

    private final Download download;
    private final Optional<Digest> digest;

    /**
     * Creates it.
     *
     * @param download fetches the archive
     */
    public DtdArchive(Download download) {
        this(download, Optional.of(DIGEST));
    }

    DtdArchive(Download download, Optional<Digest> digest) {
        this.download = download;
        this.digest = digest;
    }

    /**
     * Makes the data set ready; a second call only counts its files.
     *
     * @param cache our cache; the data set stands below {@code datasets/dtd}, the archive is kept beside it
     * @param source the archive's address, {@link #SOURCE} or a mirror with the same bytes
     * @param offline whether the network is forbidden; an archive that is there already is unpacked all the same
     * @param progress hears sizes, bytes, entries
     * @return the folder that holds {@code images}, {@code imdb} and {@code labels}
     * @throws InvalidInputException if the archive cannot be had or is not DTD
     */
    public Path prepare(Path cache, URI source, boolean offline, Progress progress) {
        Path datasets = Inside.require(cache, "datasets", "the cache folder");
        Path folder = Inside.require(datasets, "dtd", "the cache folder");
        if (Files.exists(folder)) {
            check(folder);
            return folder;
        }
        Path file = datasets.resolve(FILE);
        if (offline && !Files.isRegularFile(file)) {
            throw new InvalidInputException("dataset dtd: neither " + folder + " nor " + file
                    + " is there, and the network is off. Run metaprompt:prepare once with a network. " + ADVICE);
        }
        Turn.makeFolder(datasets);
        // not the folder's own turn: unpacking takes that
        try (Turn turn =
                Turn.take(datasets.resolve("dtd-prepared"), download.patience().poll(), progress)) {
            if (!Files.exists(folder)) {
                unpack(fetch(file, source, offline, progress), folder, progress);
            }
        }
        check(folder);
        return folder;
    }

    private Path fetch(Path file, URI source, boolean offline, Progress progress) {
        RemoteFile remote =
                new RemoteFile(source, OptionalLong.empty(), digest, Optional.empty(), LIMITS.bytes(), ADVICE);
        if (offline) {
            return file;
        }
        if (!Files.isRegularFile(file)) {
            OptionalLong size =
                    download.headers(remote, progress).map(Reply::length).orElse(OptionalLong.empty());
            progress.phase("dataset dtd: " + FILE + ", "
                    + (size.isPresent() ? Words.bytes(size.getAsLong()) : "of unknown size") + ", from "
                    + source.getHost() + " to " + file.getParent());
        }
        return download.fetch(remote, file, progress);
    }

    private void unpack(Path file, Path folder, Progress progress) {
        checkDigest(file);
        progress.phase("dataset dtd: unpacking " + FILE);
        new Archive(file, LIMITS, progress).unpack(folder, "dtd");
        progress.phase("dataset dtd: unpacked to " + folder);
    }

    /** An archive may also have been put there by hand. */
    private void checkDigest(Path file) {
        if (digest.isEmpty()) {
            return;
        }
        try {
            Digest found = Digest.of(digest.get().kind(), file);
            if (!found.equals(digest.get())) {
                throw new InvalidInputException(file + ": has " + found + ", expected is "
                        + digest.get().hex() + " of release r1.0.1. Delete it and run again with a network.");
            }
        } catch (IOException e) {
            throw new InvalidInputException(file + ": cannot be read (" + Words.fault(e) + "). Permit reading.", e);
        }
    }

    /** Counts: no picture is opened. */
    private static void check(Path folder) {
        Path images = folder.resolve("images");
        List<Path> classes = list(images).stream().filter(Files::isDirectory).toList();
        if (classes.size() != CLASSES) {
            throw notDtd(folder, "images holds " + classes.size() + " class folders, expected are " + CLASSES);
        }
        for (Path one : classes) {
            long count = list(one).stream()
                    .filter(path -> path.getFileName().toString().endsWith(".jpg"))
                    .count();
            if (count != IMAGES) {
                throw notDtd(
                        folder, "images/" + one.getFileName() + " holds " + count + " images, expected are " + IMAGES);
            }
        }
    }

    private static InvalidInputException notDtd(Path folder, String found) {
        return new InvalidInputException(
                folder + ": is not DTD r1.0.1: " + found + ". Delete the folder and run metaprompt:prepare again.");
    }

    /** What a folder holds without hidden files, of which the archive has some. */
    private static List<Path> list(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.filter(path -> !path.getFileName().toString().startsWith("."))
                    .toList();
        } catch (IOException e) {
            throw new InvalidInputException(folder + ": cannot be read (" + Words.fault(e) + "). Permit reading.", e);
        }
    }
}
