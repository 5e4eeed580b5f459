package dev.metaprompt.experiment;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Sha256;
import dev.metaprompt.io.PlainFiles;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.run.AtomicFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Writes and reads {@value #NAME}: the plan of an experiment, beside its runs. */
public final class PlanFile {
    /** The file's name. */
    public static final String NAME = "experiment.json";

    /** A plan of a million cells has half of it. */
    public static final long LARGEST = 1L << 30;

    private static final int SCHEMA = 1;
    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    private PlanFile() {}

    /**
     * Writes a plan.
     *
     * @param folder the experiment's folder; exists
     * @param plan the plan
     * @throws InvalidInputException if the file cannot be written; an earlier one is then intact
     */
    public static void write(Path folder, Plan plan) {
        AtomicFiles.writeText(folder.resolve(NAME), toJson(plan));
    }

    /**
     * Returns a plan's text.
     *
     * @param plan the plan
     * @return JSON, ending with a line end
     */
    public static String toJson(Plan plan) {
        return GSON.toJson(json(plan)) + "\n";
    }

    private static JsonObject json(Plan plan) {
        JsonObject json = new JsonObject();
        json.addProperty("schema", SCHEMA);
        GSON.toJsonTree(plan).getAsJsonObject().entrySet().forEach(field -> json.add(field.getKey(), field.getValue()));
        // Plans of versions that knew none have the digest of a text without it.
        json.getAsJsonArray("cells").forEach(cell -> removeUnknown(cell.getAsJsonObject(), "reading"));
        return json;
    }

    private static void removeUnknown(JsonObject cell, String key) {
        if (cell.get(key).getAsString().isEmpty()) {
            cell.remove(key);
        }
    }

    /** Returns SHA-256, in lower-case hexadecimal, of a plan's text without its id. */
    static String digest(Plan plan) {
        JsonObject json = json(plan);
        json.remove("id");
        return Sha256.hex(GSON.toJson(json).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Reads a plan.
     *
     * @param folder the experiment's folder
     * @return the plan
     * @throws InvalidInputException if there is none, or it is damaged or of a newer schema
     */
    public static Plan read(Path folder) {
        Path file = folder.resolve(NAME);
        try {
            return fromJson(PlainFiles.text(file, LARGEST), file.toString());
        } catch (IOException e) {
            throw new InvalidInputException(
                    file + ": cannot be read (" + Quoted.reason(e) + "). Run the experiment, which writes it.", e);
        }
    }

    /**
     * Reads a plan's text.
     *
     * @param text JSON
     * @param label how the user knows it
     * @return the plan
     * @throws InvalidInputException if it is damaged or of a newer schema
     */
    public static Plan fromJson(String text, String label) {
        try {
            JsonObject json = GSON.fromJson(text, JsonObject.class);
            int schema = json.get("schema").getAsInt();
            if (schema != SCHEMA) {
                throw new InvalidInputException(label + ": has schema " + schema + ", but this version reads " + SCHEMA
                        + ". Use the version that wrote it.");
            }
            return GSON.fromJson(json, Plan.class);
        } catch (InvalidInputException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            // Gson wraps what a record's constructor refuses in exceptions of no common kind.
            throw new InvalidInputException(
                    label + ": is no plan of an experiment (" + reason(e)
                            + "). Run the experiment again, which writes it.",
                    e);
        }
    }

    private static String reason(Throwable thrown) {
        Throwable t = thrown;
        while (t.getCause() != null) {
            t = t.getCause();
        }
        return Quoted.reason(t);
    }
}
