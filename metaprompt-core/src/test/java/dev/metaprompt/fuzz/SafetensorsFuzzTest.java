package dev.metaprompt.fuzz;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.RandomStream;
import dev.metaprompt.tensor.Safetensors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Safetensors files: lengths, headers, offsets. */
class SafetensorsFuzzTest extends FuzzTest {
    private static final List<String> TYPES =
            List.of("F32", "F16", "BF16", "F64", "I64", "I32", "I16", "I8", "U8", "BOOL");
    private static final List<Integer> BYTES = List.of(4, 2, 2, 8, 8, 4, 2, 1, 1, 1);

    @Override
    String fileName() {
        return "input.safetensors";
    }

    @Override
    List<byte[]> seeds() {
        return List.of(
                file("{\"a\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]}}", 24),
                file(
                        "{\"__metadata__\":{\"format\":\"pt\"},\"a\":{\"dtype\":\"F16\",\"shape\":[4],"
                                + "\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"BF16\",\"shape\":[],\"data_offsets\":[8,10]},"
                                + "\"c\":{\"dtype\":\"I32\",\"shape\":[1,0,2],\"data_offsets\":[10,10]}}   ",
                        10),
                file("{}", 0));
    }

    static byte[] file(String header, int dataBytes) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return file(json.length, json, dataBytes);
    }

    private static byte[] file(long length, byte[] json, int dataBytes) {
        return ByteBuffer.allocate(8 + json.length + dataBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .put(json)
                .array();
    }

    /** A header of tensors one behind the other, with a lie in every second file. */
    @Override
    Optional<byte[]> generate(RandomStream random) {
        JsonObject header = new JsonObject();
        int position = 0;
        int tensors = random.nextInt(6);
        for (int i = 0; i < tensors; i++) {
            int type = random.nextInt(TYPES.size());
            int rows = random.nextInt(5);
            int bytes = BYTES.get(type) * rows * 3;
            header.add(
                    "t" + i,
                    JsonParser.parseString("{\"dtype\":\"" + TYPES.get(type) + "\",\"shape\":[" + rows
                            + ",3],\"data_offsets\":[" + position + "," + (position + bytes) + "]}"));
            position += bytes;
        }
        String text = header.toString();
        if (random.nextInt(2) == 0) {
            text = new JsonTrees(random).damaged(text);
        }
        byte[] json = text.getBytes(StandardCharsets.UTF_8);
        long length = random.nextInt(8) == 0 ? json.length + random.nextInt(40) - 20 : json.length;
        return Optional.of(file(length, json, Math.max(0, position + (random.nextInt(8) == 0 ? 1 : 0))));
    }

    @Override
    void read(Path file) {
        try (Safetensors tensors = Safetensors.open(file)) {
            tensors.metadata();
            for (String name : tensors.names()) {
                tensors.shape(name);
                readValues(tensors, name);
            }
        }
    }

    private static void readValues(Safetensors tensors, String name) {
        try {
            tensors.readFloats(name);
        } catch (InvalidInputException e) {
            tensors.readInts(name);
        }
    }
}
