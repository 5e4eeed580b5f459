package dev.metaprompt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.thirdparty.org.objectweb.asm.ClassReader;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.ClassVisitor;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.Handle;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.Label;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.MethodVisitor;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.Opcodes;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.Type;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Holds that nobody shows what an exception of a library says of itself: it may be the name of a class, or a path
 * alone. {@code Quoted.reason} and {@code Quoted.fault} put it in words. What exceptions of our own say are words
 * already.
 */
class FaultWordsTest {
    private static final Path CLASSES = Path.of("target", "classes");
    private static final Path SOURCES = Path.of("src", "main", "java");
    private static final Set<String> TELLING = Set.of("getMessage", "getLocalizedMessage", "toString");

    /** Places that look at such words and do not show them as they are, or know who wrote them. */
    private static final Map<String, String> ALLOWED = Map.of(
            "dev.metaprompt.io.Reason", "puts them in words",
            "dev.metaprompt.io.Quoted", "shows what exceptions of ours say",
            "dev.metaprompt.config.ConfigFile", "shows what PlainYaml says, in an exception of the library");

    private static final Pattern CAUGHT = Pattern.compile("catch \\([^)]* (\\w+)\\)");

    @Test
    void nobodyAsksAnExceptionOfALibraryWhatItSays() throws IOException {
        Set<String> found = new TreeSet<>();
        for (Path file : files(CLASSES, ".class")) {
            try (InputStream in = Files.newInputStream(file)) {
                new ClassReader(in).accept(new Asking(found), ClassReader.SKIP_FRAMES);
            }
        }
        found.removeIf(place -> ALLOWED.containsKey(place.split("[#$]")[0]));
        assertEquals(Set.of(), found);
    }

    @Test
    void nobodyShowsTheNameOfAnExceptionsClass() throws IOException {
        Set<String> found = new TreeSet<>();
        for (Path file : files(SOURCES, ".java")) {
            String source = Files.readString(file);
            Set<String> names = new TreeSet<>(List.of("fault", "thrown", "cause", "t"));
            CAUGHT.matcher(source).results().forEach(caught -> names.add(caught.group(1)));
            Pattern.compile("\\b(?:" + String.join("|", names)
                            + ")(?:\\.getCause\\(\\))?\\.getClass\\(\\)\\.get\\w*Name")
                    .matcher(source)
                    .results()
                    .forEach(shown -> found.add(SOURCES.relativize(file) + ": " + shown.group()));
        }
        // It looks whether an exception is ours.
        found.remove(Path.of("dev", "metaprompt", "io", "Reason.java") + ": thrown.getClass().getName");
        assertEquals(Set.of(), found);
    }

    @Test
    void thePlacesAreLookedAt() throws IOException {
        assertTrue(files(CLASSES, ".class").size() > 400);
        Set<String> found = new TreeSet<>();
        try (InputStream in = Shows.class.getResourceAsStream("FaultWordsTest$Shows.class")) {
            new ClassReader(in).accept(new Asking(found), ClassReader.SKIP_FRAMES);
        }
        assertEquals(5, found.size(), found.toString());
    }

    /** What is not allowed, in all ways, and one that is. */
    @SuppressWarnings("unused")
    private static final class Shows {
        static String asked(IOException e) {
            return e.getMessage();
        }

        static String joined(IOException e) {
            return "fault: " + e;
        }

        static String valueOf(Exception e) {
            return String.valueOf(e.getCause());
        }

        static Stream<String> referred(Stream<RuntimeException> all) {
            return all.map(Throwable::getMessage);
        }

        static String whole(IllegalStateException e) {
            return e.toString();
        }

        static String own(InvalidInputException e) {
            return e.getMessage();
        }
    }

    private static List<Path> files(Path folder, String suffix) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return new ArrayList<>(
                    all.filter(file -> file.toString().endsWith(suffix)).toList());
        }
    }

    /** Collects the methods in which an exception is asked, or joined to a text. */
    private static final class Asking extends ClassVisitor {
        private final Set<String> found;
        private String name;

        Asking(Set<String> found) {
            super(Opcodes.ASM9);
            this.found = found;
        }

        @Override
        public void visit(int version, int access, String type, String signature, String parent, String[] interfaces) {
            name = type.replace('/', '.');
        }

        @Override
        public MethodVisitor visitMethod(int access, String method, String descriptor, String signature, String[] e) {
            return new Method(method);
        }

        /** Remembers what the instruction before left on the stack: a variable, or what a method returned. */
        private final class Method extends MethodVisitor {
            private final String method;
            private final Map<Label, Integer> places = new HashMap<>();
            private final List<int[]> shown = new ArrayList<>();
            private int place;
            private int line;
            private int variable = -1;
            private String returned = "";

            Method(String method) {
                super(Opcodes.ASM9);
                this.method = method;
            }

            @Override
            public void visitLabel(Label label) {
                places.put(label, place);
            }

            @Override
            public void visitLineNumber(int number, Label start) {
                line = number;
            }

            @Override
            public void visitVarInsn(int opcode, int number) {
                place++;
                variable = opcode == Opcodes.ALOAD ? number : -1;
                returned = "";
            }

            @Override
            public void visitMethodInsn(int opcode, String owner, String called, String type, boolean isInterface) {
                place++;
                // A constructor of an exception hands on its own text.
                if (opcode == Opcodes.INVOKEVIRTUAL && TELLING.contains(called) && isForeignFault(owner)) {
                    add(line);
                }
                if (owner.equals("java/lang/String")
                        && called.equals("valueOf")
                        && type.startsWith("(Ljava/lang/Obj")) {
                    show();
                }
                variable = -1;
                returned = Type.getReturnType(type).getClassName();
            }

            private void show() {
                if (variable >= 0) {
                    shown.add(new int[] {variable, place, line});
                } else if (isFault(returned)) {
                    add(line);
                }
            }

            @Override
            public void visitLocalVariable(String n, String type, String signature, Label start, Label end, int index) {
                for (int[] one : shown) {
                    boolean same = one[0] == index && one[1] >= places.get(start) && one[1] <= places.get(end);
                    if (same && isFault(Type.getType(type).getClassName())) {
                        add(one[2]);
                    }
                }
            }

            @Override
            public void visitInvokeDynamicInsn(String called, String type, Handle by, Object... arguments) {
                place++;
                boolean joins = by.getOwner().endsWith("StringConcatFactory")
                        && Stream.of(Type.getArgumentTypes(type))
                                .anyMatch(argument -> isFault(argument.getClassName()));
                boolean asks = Stream.of(arguments)
                        .anyMatch(argument -> argument instanceof Handle handle
                                && TELLING.contains(handle.getName())
                                && isForeignFault(handle.getOwner()));
                if (joins || asks) {
                    add(line);
                }
                variable = -1;
                returned = "";
            }

            private void add(int at) {
                found.add(name + "#" + method + ", line " + at);
            }
        }

        private static boolean isForeignFault(String type) {
            return isFault(type) && !type.startsWith("dev/metaprompt/");
        }

        private static boolean isFault(String type) {
            try {
                return Throwable.class.isAssignableFrom(
                        Class.forName(type.replace('/', '.'), false, FaultWordsTest.class.getClassLoader()));
            } catch (ClassNotFoundException | LinkageError e) {
                return false;
            }
        }
    }
}
