package dev.metaprompt.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassSplitTest {
    private final Dataset five = TestDatasets.inMemory(5, 1);

    @Test
    void coopTakesTheFirstHalfRoundedUp() {
        ClassSplit split = ClassSplit.coop(five);
        assertEquals(List.of("classz", "classy", "classx"), split.base());
        assertEquals(List.of("classw", "classv"), split.newClasses());
        assertEquals(1, ClassSplit.coop(TestDatasets.inMemory(1, 1)).base().size());
        for (int classes = 1; classes < 26; classes++) {
            ClassSplit any = ClassSplit.coop(TestDatasets.inMemory(classes, 1));
            assertEquals((classes + 1) / 2, any.base().size());
            assertEquals(classes / 2, any.newClasses().size());
        }
    }

    @Test
    void randomPartsAllClassesInTheOrderOfTheirLabels() {
        Dataset dataset = TestDatasets.inMemory(25, 1);
        HashSet<List<String>> seen = new HashSet<>();
        for (long seed = 0; seed < 50; seed++) {
            ClassSplit split = ClassSplit.random(dataset, seed);
            assertEquals(13, split.base().size());
            List<String> all = new ArrayList<>(split.base());
            all.addAll(split.newClasses());
            assertEquals(new HashSet<>(dataset.classes()), new HashSet<>(all));
            assertEquals(25, all.size());
            assertEquals(
                    dataset.classes().stream().filter(split.base()::contains).toList(), split.base());
            assertEquals(split, ClassSplit.random(dataset, seed));
            seen.add(split.base());
        }
        assertTrue(seen.size() > 45, "only " + seen.size() + " different splits of 50 seeds");
    }

    @Test
    void valueOfTheOptionIsUnderstood() {
        assertEquals(ClassSplit.coop(five), ClassSplit.of(five, "coop"));
        assertEquals(ClassSplit.random(five, 7), ClassSplit.of(five, "random:7"));
        assertEquals(ClassSplit.random(five, -3), ClassSplit.of(five, "random:-3"));
        assertNotEquals(ClassSplit.random(five, 1), ClassSplit.random(five, 2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "half", "random", "random:", "random:x", "random:1.5", "random:99999999999999999999"})
    void otherValuesAreNamed(String value) {
        String message = assertThrows(InvalidInputException.class, () -> ClassSplit.of(five, value))
                .getMessage();
        assertTrue(message.startsWith("dataset.classSplit is " + value + ";"), message);
    }

    @Test
    void explicitListsAreTakenInTheOrderOfTheLabels() {
        ClassSplit split = ClassSplit.explicit(five, List.of("classw", "classz"), List.of("classv"));
        assertEquals(List.of("classz", "classw"), split.base());
        assertEquals(List.of("classv"), split.newClasses());
        assertEquals(
                List.of(),
                ClassSplit.explicit(five, List.of("classz"), List.of()).newClasses());
    }

    @Test
    void wrongExplicitListsAreNamedByTheirKey() {
        refused(List.of(), List.of("classz"), "dataset.classes.base is empty");
        refused(List.of("classz", "lined"), List.of(), "dataset.classes.base names lined, which");
        refused(List.of("classz"), List.of("lined"), "dataset.classes.new names lined, which");
        refused(List.of("classz", "classz"), List.of(), "dataset.classes.base names classz a second time");
        refused(List.of("classz"), List.of("classz"), "dataset.classes.new names classz a second time");
    }

    private void refused(List<String> base, List<String> newClasses, String begin) {
        String message = assertThrows(InvalidInputException.class, () -> ClassSplit.explicit(five, base, newClasses))
                .getMessage();
        assertTrue(message.startsWith(begin), message);
        assertFalse(message.contains("\n"), message);
    }
}
