package dev.metaprompt.app;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.io.Quoted;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Where native libraries are unpacked and loaded from: a folder that nobody else of this machine can write, in the cache
 * if that is such a place. What the libraries' own variables name is looked at in the same way, and refused by name.
 */
final class NativeFolder {
    private static final String ENGINE = "ENGINE_CACHE_DIR";
    private static final String DJL = "DJL_CACHE_DIR";
    private static final String NETTY = "io.grpc.netty.shaded.io.netty.native.workdir";
    private static final String ADVICE = " Native libraries are loaded from there: it must belong to you or the system,"
            + " and nobody else may write it or a folder above it.";

    /** Lists of files and folders from which the engine and the tokenizers load libraries, if the user says so. */
    private static final List<String> OWN_LIBRARIES =
            List.of("PYTORCH_LIBRARY_PATH", "LIBSTDCXX_LIBRARY_PATH", "RUST_LIBRARY_PATH");

    private static boolean prepared;

    private final Map<String, String> environment;
    private final UnaryOperator<String> properties;
    private final UserCache userCache;

    /**
     * Creates it.
     *
     * @param environment as {@link System#getenv()} gives it
     * @param properties as {@link System#getProperty(String)} gives them
     * @param userCache where a cache lies that no key names
     */
    NativeFolder(Map<String, String> environment, UnaryOperator<String> properties, UserCache userCache) {
        this.environment = environment;
        this.properties = properties;
        this.userCache = userCache;
    }

    /**
     * Has the libraries of this process loaded from the right place; before the first of them is loaded. Later calls do
     * nothing: a process loads them once.
     *
     * @throws InvalidInputException if others could change what a variable names
     */
    static synchronized void prepare(Configuration config) {
        if (prepared) {
            return;
        }
        NativeFolder rule = new NativeFolder(System.getenv(), System::getProperty, UserCache.ofProcess());
        Path folder = rule.choose(config.path("cache"));
        setIfMissing(ENGINE, folder);
        setIfMissing(DJL, folder);
        setIfMissing("jna.tmpdir", folder.resolve("jna"));
        setIfMissing(NETTY, folder.resolve("netty"));
        prepared = true;
    }

    private static void setIfMissing(String property, Path value) {
        if (System.getProperty(property, "").isEmpty()) {
            System.setProperty(property, value.toString());
        }
    }

    /**
     * Chooses and looks at the folder.
     *
     * @param cache what the key {@code cache} names
     * @return a folder that is there
     */
    Path choose(Optional<Path> cache) {
        OWN_LIBRARIES.forEach(this::requireTrustedList);
        variable("jna.tmpdir").ifPresent(value -> requireTrusted("jna.tmpdir", Path.of(value)));
        Optional.ofNullable(properties.apply(NETTY))
                .filter(text -> !text.isEmpty())
                .ifPresent(value -> requireTrusted(NETTY, Path.of(value)));
        List<Path> named = new ArrayList<>();
        for (String name : List.of(ENGINE, DJL)) {
            variable(name).ifPresent(value -> named.add(requireTrusted(name, Path.of(value))));
        }
        if (!named.isEmpty()) {
            return named.get(0);
        }
        if (environment.containsKey(DJL)) {
            throw new InvalidInputException(DJL + " is set to nothing. Unset it, or name a folder.");
        }
        return ofCache(cache);
    }

    /** DJL's own order: the environment beats the property. */
    private Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name))
                .or(() -> Optional.ofNullable(properties.apply(name)))
                .filter(text -> !text.isEmpty());
    }

    private void requireTrustedList(String name) {
        String value = variable(name).orElse("");
        for (String entry : value.split(File.pathSeparator)) {
            if (!entry.isBlank() && Files.exists(Path.of(entry))) {
                requireTrusted(name, Path.of(entry));
            }
        }
    }

    private static Path requireTrusted(String name, Path path) {
        try {
            if (!Files.exists(path)) {
                Files.createDirectories(path);
            }
            Optional<String> objection = TrustedPath.objection(path);
            if (objection.isEmpty()) {
                objection = TrustedPath.objectionWithin(path);
            }
            if (objection.isPresent()) {
                throw new InvalidInputException(name + " is " + path + ", but " + objection.get() + "." + ADVICE);
            }
            return path;
        } catch (IOException e) {
            throw new InvalidInputException(
                    name + " is " + path + ", which cannot be used (" + Quoted.fault(e) + ").", e);
        }
    }

    private Path ofCache(Optional<Path> cache) {
        List<Path> places = new ArrayList<>();
        cache.ifPresent(places::add);
        places.addAll(userCache.homes());
        return places.stream()
                .flatMap(place -> usable(place).stream())
                .findFirst()
                .orElseGet(() -> usable(userCache.inTemporary())
                        .orElseThrow(() -> new InvalidInputException("there is no folder for native libraries that"
                                + " others cannot write. Name one with -Dmetaprompt.cache=<folder>, or set HOME.")));
    }

    /** Makes the folder in a cache, if nobody else can write there and this user can. */
    private static Optional<Path> usable(Path cache) {
        try {
            if (TrustedPath.objection(existing(cache)).isPresent()) {
                return Optional.empty();
            }
            Path folder = Files.createDirectories(cache).resolve("native");
            UserCache.makePrivate(folder);
            if (!Files.isWritable(folder) || TrustedPath.objection(folder).isPresent()) {
                return Optional.empty();
            }
            TrustedPath.objectionWithin(folder).ifPresent(objection -> {
                throw new InvalidInputException(
                        folder + ": " + objection + "." + ADVICE + " Remove " + folder + "; it is made anew.");
            });
            return Optional.of(folder.toRealPath());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Path existing(Path path) {
        return Stream.iterate(path.toAbsolutePath(), above -> above != null, Path::getParent)
                .filter(Files::exists)
                .findFirst()
                .orElse(path);
    }
}
