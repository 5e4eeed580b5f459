package dev.metaprompt.app;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.clip.ModelFolder;
import dev.metaprompt.clip.Models;
import dev.metaprompt.config.ConfigFile;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.config.Setting;
import dev.metaprompt.fetch.Download;
import dev.metaprompt.fetch.Hub;
import dev.metaprompt.fetch.Patience;
import dev.metaprompt.io.Quoted;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/** Finds the model that the configuration names: the embedded one, one on disk, or one of the hub. */
final class ModelFinder {
    private ModelFinder() {}

    /** Finds the model, and fetches it where it is a hub's and not here yet. */
    static ModelFolder find(Configuration config, Progress progress) {
        return Activations.with(config, place(config, progress), progress);
    }

    private static ModelFolder place(Configuration config, Progress progress) {
        String name = config.text("model");
        Path base = config.baseDirectory();
        if (isHere(name, base) || !Hub.isId(name)) {
            return Models.find(name, base, Settings.cache(config));
        }
        Hub hub =
                new Hub(System.getenv(), Settings.cache(config), config.flag("offline"), new Download(Patience.USUAL));
        try {
            return new ModelFolder(name, hub.find(name, progress));
        } catch (InvalidInputException e) {
            throw new InvalidInputException(
                    e.getMessage() + " (There is no folder " + Quoted.path(base.resolve(name)) + " either.)", e);
        }
    }

    /**
     * The settings that the model's maker recommends. Only what the user put on this disk is asked: a model that comes
     * over the network sets nothing.
     */
    static List<Setting> recommendations(String name, Configuration places) {
        Path base = places.baseDirectory();
        if (!isHere(name, base) && Hub.isId(name)) {
            return List.of();
        }
        return Models.find(name, base, Settings.cache(places))
                .recommendations()
                .map(file -> ConfigFile.read(file, name + "/" + file.getFileName()))
                .orElse(List.of());
    }

    private static boolean isHere(String name, Path base) {
        try {
            return name.equals(Models.NANO_CLIP) || Files.exists(base.resolve(name));
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
