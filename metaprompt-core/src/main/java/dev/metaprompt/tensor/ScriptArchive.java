package dev.metaprompt.tensor;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Packs TorchScript sources, and one module of theirs with its constants, as {@code torch.jit.load} reads them. */
final class ScriptArchive {
    // Of the archive's layout, not of the language.
    private static final String VERSION = "3\n";
    private static final byte[] NO_CONSTANTS = {(byte) 0x80, 2, ')', '.'};

    private ScriptArchive() {}

    /**
     * Packs.
     *
     * @param module the class of the module, in the file {@code __torch__}
     * @param constants its attributes: integers, doubles and booleans
     * @param sources texts by file, without ending: {@code __torch__}, {@code __torch__/other}
     * @return the archive
     */
    static InputStream of(String module, Map<String, Object> constants, Map<String, String> sources) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            put(zip, "data.pkl", state(module, constants));
            for (Map.Entry<String, String> source : sources.entrySet()) {
                put(zip, "code/" + source.getKey() + ".py", source.getValue().getBytes(StandardCharsets.UTF_8));
            }
            put(zip, "constants.pkl", NO_CONSTANTS);
            put(zip, "version", VERSION.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ByteArrayInputStream(bytes.toByteArray());
    }

    private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
        zip.putNextEntry(new ZipEntry("module/" + name));
        zip.write(content);
        zip.closeEntry();
    }

    // Pickle, protocol 2: an object of the class without arguments, then its attributes.
    private static byte[] state(String module, Map<String, Object> constants) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream pickle = new DataOutputStream(bytes);
        pickle.write(new byte[] {(byte) 0x80, 2});
        pickle.writeBytes("c__torch__\n" + module + "\n)\u0081}(");
        for (Map.Entry<String, Object> constant : constants.entrySet()) {
            byte[] name = constant.getKey().getBytes(StandardCharsets.UTF_8);
            pickle.write('X');
            pickle.writeInt(Integer.reverseBytes(name.length));
            pickle.write(name);
            value(pickle, constant.getValue());
        }
        pickle.writeBytes("ub.");
        return bytes.toByteArray();
    }

    private static void value(DataOutputStream pickle, Object value) throws IOException {
        if (value instanceof Boolean flag) {
            pickle.write(flag ? 0x88 : 0x89);
        } else if (value instanceof Integer number) {
            pickle.write('J');
            pickle.writeInt(Integer.reverseBytes(number));
        } else if (value instanceof Double number) {
            pickle.write('G');
            pickle.writeDouble(number);
        } else {
            throw new IllegalArgumentException("no constant of a script: " + value);
        }
    }
}
