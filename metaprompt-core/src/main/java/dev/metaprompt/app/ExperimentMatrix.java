package dev.metaprompt.app;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.config.BuiltInMatrices;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.config.MatrixFile;
import dev.metaprompt.config.MatrixOverrides;
import dev.metaprompt.experiment.Matrix;
import dev.metaprompt.io.Quoted;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds the matrix that {@code experiment} names, with what the command line says instead. */
final class ExperimentMatrix {
    private static final long LARGE = 10_000;

    private ExperimentMatrix() {}

    static Matrix read(CommandContext context, Configuration asked) {
        String name = asked.optional("experiment")
                .orElseThrow(() -> new InvalidInputException("experiment is unset; name a matrix file, or one of "
                        + String.join(", ", BuiltInMatrices.NAMES) + ": -Dmetaprompt.experiment=n-way."));
        boolean file = name.endsWith(".yaml") || name.endsWith(".yml") || name.contains("/") || name.contains("\\");
        Matrix matrix = file
                ? fromFile(context, asked.path("experiment").orElseThrow(), name)
                : BuiltInMatrices.open(name, asked.origin("experiment"));
        Matrix overridden = overridden(context, asked, matrix);
        if (overridden.size() > LARGE && !asked.flag("experiment.allowLarge")) {
            throw new InvalidInputException(name + ": axes make " + overridden.size() + " cells ("
                    + overridden.axes().stream()
                            .map(axis -> Quoted.of(axis.name()) + ": "
                                    + axis.values().size() + " at " + axis.origin())
                            .collect(Collectors.joining(", "))
                    + "); allowed: " + LARGE + ". Shorten an axis, or set -Dmetaprompt.experiment.allowLarge.");
        }
        return overridden;
    }

    private static Matrix fromFile(CommandContext context, Path file, String name) {
        Matrix matrix = MatrixFile.read(file, name);
        Set<String> typed = context.options().stream()
                .filter(option -> option.layer() == RawOption.Layer.USER)
                .map(RawOption::key)
                .collect(Collectors.toSet());
        Path folder = file.toAbsolutePath().normalize().getParent();
        new TravellingPlaces("a matrix", context.baseDirectory(), List.of(folder), typed).check(matrix);
        return matrix;
    }

    private static Matrix overridden(CommandContext context, Configuration asked, Matrix matrix) {
        Matrix result = matrix;
        if (asked.optional("experiment.seeds").isPresent()) {
            result = MatrixOverrides.seeds(result, asked.text("experiment.seeds"), asked.origin("experiment.seeds"));
        }
        List<RawOption> typed = context.options().stream()
                .filter(option -> option.layer() == RawOption.Layer.USER)
                .toList();
        for (RawOption option : typed) {
            result = MatrixOverrides.oneValue(result, option.key(), option.value(), option.origin());
        }
        return result;
    }
}
