package dev.metaprompt.tensor;

import dev.metaprompt.tensor.PickleValues.Fields;
import dev.metaprompt.tensor.PickleValues.Global;
import dev.metaprompt.tensor.PickleValues.Tuple;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A machine for pickles of protocols 2 to 5 that can build tensors, dictionaries, lists, tuples and plain values, and
 * nothing else: a pickle is a program, and all it can call here is what {@link PickleCalls} lists. It takes time and
 * memory in proportion to the pickle's length, whatever the pickle says.
 *
 * <p>Opcodes are those of Python's {@code pickletools}.
 */
final class PickleReader {
    /** A CLIP with its optimiser's state needs some ten thousand. */
    static final int MOST_OPCODES = 1_000_000;

    private static final int FIRST_PROTOCOL = 2;
    private static final int LAST_PROTOCOL = 5;
    private final ByteBuffer in;
    private final List<Object> stack = new ArrayList<>();
    private final List<Integer> marks = new ArrayList<>();
    private final Map<Long, Object> memo = new HashMap<>();

    private PickleReader(byte[] pickle) {
        in = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Runs a pickle.
     *
     * @param pickle the program
     * @return what it leaves
     * @throws PickleException if it is no pickle or asks for anything else
     */
    static Object read(byte[] pickle) {
        try {
            return new PickleReader(pickle).run();
        } catch (BufferUnderflowException e) {
            throw new PickleException("ends in the middle of an instruction");
        }
    }

    private Object run() {
        if (next() != 0x80) {
            throw new PickleException("does not begin with a protocol number");
        }
        int protocol = next();
        if (protocol < FIRST_PROTOCOL || protocol > LAST_PROTOCOL) {
            throw new PickleException("is of protocol " + protocol + "; 2 to 5 can be read");
        }
        for (int count = 0; count < MOST_OPCODES; count++) {
            int opcode = next();
            if (opcode == '.') {
                return pop();
            }
            if (!value(opcode) && !container(opcode) && !memory(opcode) && !call(opcode)) {
                throw new PickleException(String.format(
                        "holds the instruction 0x%02x at byte %d, which no tensor needs", opcode, in.position() - 1));
            }
        }
        throw new PickleException("has more than " + MOST_OPCODES + " instructions");
    }

    private boolean value(int opcode) {
        switch (opcode) {
            case 'N' -> push(PickleValues.NONE);
            case 0x88 -> push(true);
            case 0x89 -> push(false);
            case 'K' -> push((long) next());
            case 'M' -> push((long) (in.getShort() & 0xFFFF));
            case 'J' -> push((long) in.getInt());
            case 0x8A -> push(whole(next()));
            case 0x8B -> push(whole(length(in.getInt())));
            case 'G' -> push(Double.longBitsToDouble(Long.reverseBytes(in.getLong())));
            case 'X' -> push(text(length(unsigned())));
            case 0x8C -> push(text(length(next())));
            case 0x8D -> push(text(length(in.getLong())));
            case 'C' -> push(bytes(length(next())));
            case 'B' -> push(bytes(length(unsigned())));
            case 0x8E, 0x96 -> push(bytes(length(in.getLong())));
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean container(int opcode) {
        switch (opcode) {
            case '}' -> push(new Fields(false));
            case ']', 0x8F -> push(new ArrayList<>());
            case ')' -> push(new Tuple(List.of()));
            case '(' -> marks.add(stack.size());
            case 't' -> push(new Tuple(popToMark()));
            case 0x85, 0x86, 0x87 -> push(new Tuple(pop(opcode - 0x84)));
            case 0x91 -> push(popToMark());
            case 'a' -> append(pop(1));
            case 'e', 0x90 -> append(popToMark());
            case 's' -> set(pop(2));
            case 'u' -> set(popToMark());
            case '0' -> pop();
            case '1' -> popToMark();
            case '2' -> push(peek());
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean memory(int opcode) {
        switch (opcode) {
            case 'q' -> remember(next());
            case 'r' -> remember(unsigned());
            case 0x94 -> remember(memo.size());
            case 'h' -> push(recall(next()));
            case 'j' -> push(recall(unsigned()));
            case 0x95 -> length(in.getLong());
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean call(int opcode) {
        switch (opcode) {
            case 'c' -> push(PickleCalls.global(line(), line()));
            case 0x93 -> {
                List<Object> names = pop(2);
                push(PickleCalls.global(string(names.get(0)), string(names.get(1))));
            }
            case 'Q' -> push(PickleCalls.storage(pop()));
            case 'R', 0x81 -> {
                List<Object> parts = pop(2);
                push(PickleCalls.call(
                        of(Global.class, parts.get(0)),
                        of(Tuple.class, parts.get(1)).items()));
            }
            case 'b' -> {
                Object state = pop();
                PickleCalls.build(peek(), state);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private int next() {
        return in.get() & 0xFF;
    }

    private long unsigned() {
        return in.getInt() & 0xFFFFFFFFL;
    }

    private int length(long length) {
        if (length < 0 || length > in.remaining()) {
            throw new PickleException("says that " + Long.toUnsignedString(length) + " bytes follow; there are "
                    + in.remaining() + " left");
        }
        return (int) length;
    }

    // Little-endian two's complement; longer numbers than Java's long count nothing that a file can hold.
    private long whole(int length) {
        if (length > Long.BYTES) {
            throw new PickleException("holds a number of " + length + " bytes; 8 are allowed");
        }
        long value = 0;
        for (int i = 0; i < length; i++) {
            value |= (long) next() << 8 * i;
        }
        int unused = Long.SIZE - 8 * length;
        return length == 0 ? 0 : value << unused >> unused;
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private String text(int length) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes(length)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new PickleException("holds a text that is not UTF-8");
        }
    }

    private String line() {
        int start = in.position();
        while (next() != '\n') {
            // The name ends with its line, or the buffer does.
        }
        int length = in.position() - 1 - start;
        return new String(in.array(), start, length, StandardCharsets.UTF_8);
    }

    private void push(Object value) {
        stack.add(value);
    }

    private Object pop() {
        return pop(1).get(0);
    }

    private Object peek() {
        if (stack.size() == base()) {
            throw new PickleException("takes a value from an empty stack");
        }
        return stack.get(stack.size() - 1);
    }

    // Values below the last mark belong to a container that has only begun.
    private int base() {
        return marks.isEmpty() ? 0 : marks.get(marks.size() - 1);
    }

    private List<Object> pop(int count) {
        if (stack.size() - count < base()) {
            throw new PickleException("takes a value from an empty stack");
        }
        List<Object> top = stack.subList(stack.size() - count, stack.size());
        List<Object> values = new ArrayList<>(top);
        top.clear();
        return values;
    }

    private List<Object> popToMark() {
        if (marks.isEmpty()) {
            throw new PickleException("ends a container that has not begun");
        }
        List<Object> values = pop(stack.size() - base());
        marks.remove(marks.size() - 1);
        return values;
    }

    private void append(List<Object> values) {
        if (!(peek() instanceof List)) {
            throw new PickleException("appends to " + PickleCalls.kind(peek()));
        }
        @SuppressWarnings("unchecked")
        List<Object> list = (List<Object>) peek();
        list.addAll(values);
    }

    private void set(List<Object> pairs) {
        PickleCalls.put(of(Fields.class, peek()), pairs);
    }

    private void remember(long index) {
        if (index >= MOST_OPCODES) {
            throw new PickleException(
                    "remembers a value under the number " + index + "; numbers below " + MOST_OPCODES + " are allowed");
        }
        memo.put(index, peek());
    }

    private Object recall(long index) {
        Object value = memo.get(index);
        if (value == null) {
            throw new PickleException("recalls value " + index + ", which it has not remembered");
        }
        return value;
    }

    private static String string(Object value) {
        return of(String.class, value);
    }

    private static <T> T of(Class<T> type, Object value) {
        if (!type.isInstance(value)) {
            throw new PickleException("has " + PickleCalls.kind(value) + " where a "
                    + type.getSimpleName().toLowerCase(java.util.Locale.ROOT) + " belongs");
        }
        return type.cast(value);
    }
}
