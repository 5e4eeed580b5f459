package dev.metaprompt;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Holds the packages to their arrows: each room may use what the table gives it and nothing else of ours. */
class ArchitectureTest {
    private static final String ROOT = "dev.metaprompt.";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.metaprompt");

    /** For each room, the rooms it may use beside itself, {@code io} and the root package. */
    private static final Map<String, List<String>> MAY_USE = new LinkedHashMap<>();

    static {
        MAY_USE.put("io", List.of());
        MAY_USE.put("fetch", List.of());
        MAY_USE.put("tensor", List.of());
        MAY_USE.put("image", List.of());
        MAY_USE.put("text", List.of());
        MAY_USE.put("data", List.of("image", "fetch"));
        MAY_USE.put("clip", List.of("tensor", "image", "text"));
        MAY_USE.put("episode", List.of("data"));
        MAY_USE.put("feature", List.of("clip", "data", "image", "tensor"));
        MAY_USE.put("method", List.of("clip", "episode", "tensor", "text"));
        MAY_USE.put("run", List.of());
        MAY_USE.put("statistics", List.of());
        MAY_USE.put("evaluate", List.of("method", "feature", "run", "statistics"));
        MAY_USE.put("train", List.of("method", "feature", "episode", "evaluate", "run", "tensor"));
        MAY_USE.put("pretrain", List.of("clip", "data", "tensor", "text", "image"));
        MAY_USE.put("gate", List.of("run", "statistics"));
        MAY_USE.put("tracking", List.of("run"));
        MAY_USE.put("report", List.of("run", "statistics"));
        MAY_USE.put("experiment", List.of("run", "statistics"));
        MAY_USE.put("config", List.of("experiment"));
    }

    @Test
    void everyRoomUsesOnlyTheRoomsAboveIt() {
        MAY_USE.forEach((room, allowed) -> {
            List<String> packages = new ArrayList<>(List.of("dev.metaprompt", in("io"), in(room)));
            allowed.forEach(other -> packages.add(in(other)));
            DescribedPredicate<JavaClass> ours = resideInAnyPackage("dev.metaprompt..");
            noClasses()
                    .that()
                    .resideInAPackage(in(room))
                    .should()
                    .dependOnClassesThat(
                            ours.and(DescribedPredicate.not(resideInAnyPackage(packages.toArray(String[]::new)))))
                    .because(room + " may use only " + allowed)
                    .check(CLASSES);
        });
    }

    private static String in(String room) {
        return ROOT + room + "..";
    }

    @Test
    void everyPackageIsARoomOfTheTable() {
        for (JavaClass type : CLASSES) {
            String name = type.getPackageName();
            if (name.equals("dev.metaprompt")) {
                continue;
            }
            String room = name.substring(ROOT.length()).split("\\.")[0];
            if (!MAY_USE.containsKey(room) && !room.equals("app")) {
                throw new AssertionError(type.getName() + " is in no room of the table");
            }
        }
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.metaprompt.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void nothingWritesToStandardStreams() {
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(CLASSES);
    }

    @Test
    void onlyTheRoomsThatComputeUseTheEngine() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        in("tensor"),
                        in("text"),
                        in("clip"),
                        in("feature"),
                        in("method"),
                        in("train"),
                        in("evaluate"),
                        in("pretrain"),
                        in("app"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ai.djl..")
                .check(CLASSES);
    }

    @Test
    void onlyConfigReadsConfigurationFiles() {
        noClasses()
                .that()
                .resideOutsideOfPackage(in("config"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.commons.configuration2..", "org.yaml.snakeyaml..")
                .check(CLASSES);
    }

    @Test
    void onlyTheDistributedRunnerTalksToTemporal() {
        noClasses()
                .that()
                .resideOutsideOfPackage(in("experiment.temporal"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.temporal..")
                .check(CLASSES);
    }

    @Test
    void onlyTrackingTalksToMlflow() {
        noClasses()
                .that()
                .resideOutsideOfPackage(in("tracking"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.mlflow..", "org.mlflow_project..")
                .check(CLASSES);
    }
}
