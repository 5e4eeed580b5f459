package dev.metaprompt.tensor;

import dev.metaprompt.tensor.PickleValues.Fields;
import dev.metaprompt.tensor.PickleValues.Global;
import dev.metaprompt.tensor.PickleValues.Tuple;
import java.nio.BufferUnderflowException;
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
    private final PickleInput in;
    private final PickleStack stack = new PickleStack();
    private final Map<Long, Object> memo = new HashMap<>();

    private PickleReader(byte[] pickle) {
        in = new PickleInput(pickle);
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
        if (in.next() != 0x80) {
            throw new PickleException("does not begin with a protocol number");
        }
        int protocol = in.next();
        if (protocol < FIRST_PROTOCOL || protocol > LAST_PROTOCOL) {
            throw new PickleException("is of protocol " + protocol + "; 2 to 5 can be read");
        }
        for (int count = 0; count < MOST_OPCODES; count++) {
            int opcode = in.next();
            if (opcode == '.') {
                return stack.pop();
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
            case 'N' -> stack.push(PickleValues.NONE);
            case 0x88 -> stack.push(true);
            case 0x89 -> stack.push(false);
            case 'K' -> stack.push((long) in.next());
            case 'M' -> stack.push((long) in.int16());
            case 'J' -> stack.push((long) in.int32());
            case 0x8A -> stack.push(in.whole(in.next()));
            case 0x8B -> stack.push(in.whole(in.length(in.int32())));
            case 'G' -> stack.push(in.float64());
            case 'X' -> stack.push(in.text(in.length(in.unsigned())));
            case 0x8C -> stack.push(in.text(in.length(in.next())));
            case 0x8D -> stack.push(in.text(in.length(in.int64())));
            case 'C' -> stack.push(in.bytes(in.length(in.next())));
            case 'B' -> stack.push(in.bytes(in.length(in.unsigned())));
            case 0x8E, 0x96 -> stack.push(in.bytes(in.length(in.int64())));
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean container(int opcode) {
        switch (opcode) {
            case '}' -> stack.push(new Fields(false));
            case ']', 0x8F -> stack.push(new ArrayList<>());
            case ')' -> stack.push(new Tuple(List.of()));
            case '(' -> stack.mark();
            case 't' -> stack.push(new Tuple(stack.popToMark()));
            case 0x85, 0x86, 0x87 -> stack.push(new Tuple(stack.pop(opcode - 0x84)));
            case 0x91 -> stack.push(stack.popToMark());
            case 'a' -> append(stack.pop(1));
            case 'e', 0x90 -> append(stack.popToMark());
            case 's' -> set(stack.pop(2));
            case 'u' -> set(stack.popToMark());
            case '0' -> stack.pop();
            case '1' -> stack.popToMark();
            case '2' -> stack.push(stack.peek());
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean memory(int opcode) {
        switch (opcode) {
            case 'q' -> remember(in.next());
            case 'r' -> remember(in.unsigned());
            case 0x94 -> remember(memo.size());
            case 'h' -> stack.push(recall(in.next()));
            case 'j' -> stack.push(recall(in.unsigned()));
            case 0x95 -> in.length(in.int64());
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean call(int opcode) {
        switch (opcode) {
            case 'c' -> stack.push(PickleCalls.global(in.line(), in.line()));
            case 0x93 -> {
                List<Object> names = stack.pop(2);
                stack.push(PickleCalls.global(string(names.get(0)), string(names.get(1))));
            }
            case 'Q' -> stack.push(PickleCalls.storage(stack.pop()));
            case 'R', 0x81 -> {
                List<Object> parts = stack.pop(2);
                stack.push(PickleCalls.call(
                        of(Global.class, parts.get(0)),
                        of(Tuple.class, parts.get(1)).items()));
            }
            case 'b' -> {
                Object state = stack.pop();
                PickleCalls.build(stack.peek(), state);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void append(List<Object> values) {
        if (!(stack.peek() instanceof List)) {
            throw new PickleException("appends to " + PickleCalls.kind(stack.peek()));
        }
        @SuppressWarnings("unchecked")
        List<Object> list = (List<Object>) stack.peek();
        list.addAll(values);
    }

    private void set(List<Object> pairs) {
        PickleCalls.put(of(Fields.class, stack.peek()), pairs);
    }

    private void remember(long index) {
        if (index >= MOST_OPCODES) {
            throw new PickleException(
                    "remembers a value under the number " + index + "; numbers below " + MOST_OPCODES + " are allowed");
        }
        memo.put(index, stack.peek());
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
