package dev.metaprompt.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * The local repository of the inner builds: the artifacts of this build, and links to everything else in the user's.
 *
 * <p>Nothing of this build has been installed when the tests run in {@code mvn verify}, and nothing may be: a test
 * must not change what other builds of the user see. Links make the third-party artifacts available at no cost,
 * offline, and with every version of Maven.
 */
final class TestRepository {
    private static final String GROUP_ROOT = "dev";
    private static final String GROUP = "metaprompt";
    private static final String VERSION = System.getProperty("it.version");
    private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();

    private TestRepository() {}

    /** Returns the repository, brought up to date. */
    static Path create() {
        try {
            Path users = Path.of(System.getProperty("it.local.repository"));
            Path ours =
                    Files.createDirectories(Path.of("target", "it-repository").toAbsolutePath());
            link(users, ours, GROUP_ROOT);
            link(users.resolve(GROUP_ROOT), Files.createDirectories(ours.resolve(GROUP_ROOT)), GROUP);
            copyArtifacts(ours.resolve(GROUP_ROOT).resolve(GROUP));
            return ours;
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException("no repository for the inner builds", e);
        }
    }

    private static void link(Path from, Path to, String except) throws IOException {
        try (Stream<Path> entries = Files.isDirectory(from) ? Files.list(from) : Stream.of()) {
            entries.filter(entry -> !entry.getFileName().toString().equals(except))
                    .forEach(entry -> linkOne(entry, to.resolve(entry.getFileName())));
        }
    }

    private static void linkOne(Path target, Path link) {
        try {
            Files.createSymbolicLink(link, target);
        } catch (FileAlreadyExistsException e) {
            // From an earlier run, or downloaded into this repository since: both serve.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copyArtifacts(Path group) throws IOException, URISyntaxException {
        copy(CHECKOUT.resolve("pom.xml"), group, "metaprompt", "pom");
        for (String module : List.of("metaprompt-core", "metaprompt-maven-plugin")) {
            copy(CHECKOUT.resolve(module).resolve("pom.xml"), group, module, "pom");
        }
        copy(jarWith("/dev/metaprompt/InvalidInputException.class"), group, "metaprompt-core", "jar");
        copy(jarWith("/dev/metaprompt/plugin/TrainMojo.class"), group, "metaprompt-maven-plugin", "jar");
    }

    private static void copy(Path file, Path group, String artifact, String extension) throws IOException {
        Path folder = Files.createDirectories(group.resolve(artifact).resolve(VERSION));
        Path target = folder.resolve(artifact + "-" + VERSION + "." + extension);
        Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Finds an artifact under test on the class path: the one just packaged, or an installed one. */
    private static Path jarWith(String resource) throws IOException, URISyntaxException {
        URL url = TestRepository.class.getResource(resource);
        if (url == null || !(url.openConnection() instanceof JarURLConnection connection)) {
            throw new IllegalStateException(resource + " is in no jar: run the integration tests with mvn verify");
        }
        return Path.of(connection.getJarFileURL().toURI());
    }
}
