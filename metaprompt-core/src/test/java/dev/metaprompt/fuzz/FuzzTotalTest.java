package dev.metaprompt.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/** Holds the profile to its promise: that many inputs over all targets. */
class FuzzTotalTest {
    @Test
    void theTargetsGetAsManyInputsAsArePromised() throws Exception {
        long total = 0;
        for (JavaClass type : new ClassFileImporter().importPackagesOf(FuzzTest.class)) {
            if (type.isAssignableTo(FuzzTest.class) && !type.getModifiers().contains(JavaModifier.ABSTRACT)) {
                total += ((FuzzTest) type.reflect().getDeclaredConstructor().newInstance()).inputs();
            }
        }
        long promised = Long.getLong("fuzz.total", 1000);
        assertTrue(total >= promised, total + " inputs, " + promised + " promised: raise fuzz.inputs in the profile");
    }
}
