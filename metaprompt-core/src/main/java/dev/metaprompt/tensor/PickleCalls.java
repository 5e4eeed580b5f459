package dev.metaprompt.tensor;

import dev.metaprompt.io.Quoted;
import dev.metaprompt.tensor.PickleValues.Fields;
import dev.metaprompt.tensor.PickleValues.Global;
import dev.metaprompt.tensor.PickleValues.Storage;
import dev.metaprompt.tensor.PickleValues.Tensor;
import dev.metaprompt.tensor.PickleValues.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Everything a pickle may name, and what calling it does: all of it is written here, nothing is looked up. */
final class PickleCalls {
    /** The types of TorchScript's modules; their objects are read as attributes, their code is not read at all. */
    private static final String SCRIPT = "__torch__";

    private static final int MOST_DIMENSIONS = 32;
    private static final Map<String, ElementType> STORAGES = Map.of(
            "DoubleStorage", ElementType.F64,
            "FloatStorage", ElementType.F32,
            "HalfStorage", ElementType.F16,
            "BFloat16Storage", ElementType.BF16,
            "LongStorage", ElementType.I64,
            "IntStorage", ElementType.I32,
            "ShortStorage", ElementType.I16,
            "CharStorage", ElementType.I8,
            "ByteStorage", ElementType.U8,
            "BoolStorage", ElementType.BOOL);
    private static final Map<String, ElementType> TYPES = Map.ofEntries(
            Map.entry("float64", ElementType.F64),
            Map.entry("float32", ElementType.F32),
            Map.entry("float16", ElementType.F16),
            Map.entry("bfloat16", ElementType.BF16),
            Map.entry("int64", ElementType.I64),
            Map.entry("int32", ElementType.I32),
            Map.entry("int16", ElementType.I16),
            Map.entry("int8", ElementType.I8),
            Map.entry("uint64", ElementType.U64),
            Map.entry("uint32", ElementType.U32),
            Map.entry("uint16", ElementType.U16),
            Map.entry("uint8", ElementType.U8),
            Map.entry("bool", ElementType.BOOL));
    private static final Set<String> CALLS = Set.of(
            "collections.OrderedDict",
            "torch.Size",
            "torch._utils._rebuild_tensor",
            "torch._utils._rebuild_tensor_v2",
            "torch._utils._rebuild_tensor_v3",
            "torch._utils._rebuild_parameter",
            "torch._utils._rebuild_parameter_with_state",
            "torch.jit._pickle.build_intlist",
            "torch.jit._pickle.build_doublelist",
            "torch.jit._pickle.build_boollist",
            "torch.jit._pickle.build_tensorlist",
            "torch.jit._pickle.restore_type_tag",
            "builtins.set",
            "__builtin__.set");

    private PickleCalls() {}

    static Global global(String module, String name) {
        Global global = new Global(module, name);
        if (!script(global) && !CALLS.contains(global.toString()) && storageType(global) == null) {
            throw new PickleException(
                    "asks for " + Quoted.of(global)
                            + ", which is no part of a tensor: only tensors and dictionaries are read, and nothing is executed");
        }
        return global;
    }

    private static boolean script(Global global) {
        return global.module().equals(SCRIPT) || global.module().startsWith(SCRIPT + ".");
    }

    // An untyped storage counts bytes; a dtype is named where the storage does not say it.
    private static ElementType storageType(Global global) {
        return switch (global.module()) {
            case "torch" ->
                STORAGES.containsKey(global.name())
                        ? STORAGES.get(global.name())
                        : global.name().equals("UntypedStorage") ? ElementType.U8 : TYPES.get(global.name());
            case "torch.storage" -> global.name().equals("UntypedStorage") ? ElementType.U8 : null;
            default -> null;
        };
    }

    static Storage storage(Object id) {
        List<Object> parts = id instanceof Tuple tuple ? tuple.items() : List.of();
        if (parts.size() < 5
                || !"storage".equals(parts.get(0))
                || !(parts.get(1) instanceof Global type)
                || storageType(type) == null
                || !(parts.get(2) instanceof String key)
                || !(parts.get(4) instanceof Long elements)) {
            throw new PickleException("refers to " + (id instanceof Tuple ? "something" : kind(id))
                    + " outside itself that is no storage of a tensor");
        }
        if (!key.matches("\\w{1,64}")) {
            throw new PickleException("names a storage " + Quoted.of(key) + "; letters and digits are allowed");
        }
        ElementType elementType = storageType(type);
        if (elements < 0 || elements > Long.MAX_VALUE / elementType.bytes()) {
            throw new PickleException("gives storage " + key + " " + elements + " elements");
        }
        return new Storage(key, elementType, elements);
    }

    static Object call(Global global, List<Object> arguments) {
        if (script(global)) {
            return new Fields(true);
        }
        return switch (global.name()) {
            case "OrderedDict" -> dictionary(arguments);
            case "_rebuild_tensor", "_rebuild_tensor_v2" -> tensor(arguments, null);
            case "_rebuild_tensor_v3" -> tensor(arguments, argument(Global.class, arguments, 6, "a type"));
            case "_rebuild_parameter", "_rebuild_parameter_with_state" ->
                argument(Tensor.class, arguments, 0, "a tensor");
            case "build_intlist", "build_doublelist", "build_boollist", "build_tensorlist", "set" ->
                arguments.isEmpty() ? new ArrayList<>() : argument(List.class, arguments, 0, "a list");
            case "restore_type_tag" -> argument(Object.class, arguments, 0, "a value");
            case "Size" -> argument(Tuple.class, arguments, 0, "a tuple");
            default -> throw new PickleException("calls " + Quoted.of(global) + ", which is a type");
        };
    }

    /** Puts keys and values that stand in turn. */
    static void put(Fields fields, List<Object> pairs) {
        if (pairs.size() % 2 != 0) {
            throw new PickleException("gives a dictionary a key without a value");
        }
        for (int i = 0; i < pairs.size(); i += 2) {
            Object key = pairs.get(i);
            if (!(key instanceof String
                    || key instanceof Number
                    || key instanceof Boolean
                    || key == PickleValues.NONE)) {
                throw new PickleException("has " + kind(key) + " as a dictionary's key");
            }
            fields.entries().put(key, pairs.get(i + 1));
        }
    }

    // Filled afterwards, item by item: a list of pairs as argument could be copied again and again.
    private static Fields dictionary(List<Object> arguments) {
        if (!arguments.isEmpty()) {
            throw new PickleException("makes a dictionary of " + kind(arguments.get(0)));
        }
        return new Fields(false);
    }

    /** Sets the attributes of an object: those of a TorchScript module are its content, a dictionary's are left out. */
    static void build(Object target, Object state) {
        if (!(target instanceof Fields fields) || !(state instanceof Fields attributes)) {
            throw new PickleException("sets the state of " + kind(target) + " by " + kind(state));
        }
        if (fields.script()) {
            fields.become(attributes);
        }
    }

    private static Tensor tensor(List<Object> arguments, Global dtype) {
        Storage storage = argument(Storage.class, arguments, 0, "a storage");
        if (dtype != null) {
            ElementType type = dtype.module().equals("torch") ? TYPES.get(dtype.name()) : null;
            if (type == null) {
                throw new PickleException("makes a tensor of type " + Quoted.of(dtype));
            }
            long bytes = storage.elements() * storage.type().bytes();
            storage = new Storage(storage.key(), type, bytes / type.bytes());
        }
        long offset = argument(Long.class, arguments, 1, "an offset");
        long[] shape = longs(argument(Tuple.class, arguments, 2, "a shape"));
        long[] strides = longs(argument(Tuple.class, arguments, 3, "strides"));
        checkExtent(storage, offset, shape, strides);
        return new Tensor(storage, offset, shape, strides);
    }

    private static void checkExtent(Storage storage, long offset, long[] shape, long[] strides) {
        boolean fits = shape.length == strides.length && offset >= 0;
        boolean empty = false;
        try {
            long last = offset;
            long elements = 1;
            for (int i = 0; fits && i < shape.length; i++) {
                fits = shape[i] >= 0 && strides[i] >= 0;
                empty |= shape[i] == 0;
                elements = Math.multiplyExact(elements, Math.max(1, shape[i]));
                last = Math.addExact(last, Math.multiplyExact(Math.max(0, shape[i] - 1), strides[i]));
            }
            fits &= empty ? offset <= storage.elements() : last < storage.elements();
        } catch (ArithmeticException e) {
            fits = false;
        }
        if (!fits) {
            throw new PickleException("has a tensor of shape " + Quoted.of(java.util.Arrays.toString(shape))
                    + " with strides "
                    + Quoted.of(java.util.Arrays.toString(strides)) + " at offset " + offset + ", outside its storage "
                    + storage.key() + " of " + storage.elements() + " elements");
        }
    }

    private static long[] longs(Tuple tuple) {
        List<Object> items = tuple.items();
        if (items.size() > MOST_DIMENSIONS) {
            throw new PickleException("has a tensor of " + items.size() + " dimensions");
        }
        long[] values = new long[items.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = argument(Long.class, items, i, "a whole number");
        }
        return values;
    }

    private static <T> T argument(Class<T> type, List<Object> arguments, int index, String what) {
        Object value = index < arguments.size() ? arguments.get(index) : PickleValues.NONE;
        if (!type.isInstance(value)) {
            throw new PickleException("has " + kind(value) + " where " + what + " belongs");
        }
        return type.cast(value);
    }

    /** Names what a value is; never its content, which can be as large as it likes. */
    static String kind(Object value) {
        if (value == PickleValues.NONE) {
            return "None";
        }
        return "a " + value.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
    }
}
