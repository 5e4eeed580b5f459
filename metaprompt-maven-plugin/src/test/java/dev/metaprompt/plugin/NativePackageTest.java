package dev.metaprompt.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.apache.maven.plugin.MojoFailureException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NativePackageTest {
    private static Optional<RawOption> device(String value) {
        return Optional.of(RawOption.user("device", value, "-Dmetaprompt.device"));
    }

    @ParameterizedTest
    @CsvSource({
        "Linux, amd64, linux-x86_64",
        "Linux, aarch64, linux-aarch64",
        "Mac OS X, aarch64, osx-aarch64",
        "Windows 11, amd64, win-x86_64"
    })
    void everySystemThatHasAPackageGetsIt(String os, String arch, String classifier) throws Exception {
        assertEquals(Optional.of(classifier), NativePackage.classifier(Optional.empty(), null, os, arch, "2.7.1"));
    }

    @ParameterizedTest
    @CsvSource({"Mac OS X, x86_64", "Linux, riscv64", "SunOS, sparcv9"})
    void aSystemWithoutPackageIsNamed(String os, String arch) {
        MojoFailureException e = assertThrows(
                MojoFailureException.class, () -> NativePackage.classifier(Optional.empty(), null, os, arch, "2.7.1"));
        assertTrue(e.getMessage().contains(os + " on " + arch), e.getMessage());
    }

    @Test
    void aGpuNeedsTheUsersOwnLibrary() throws Exception {
        MojoFailureException e = assertThrows(
                MojoFailureException.class,
                () -> NativePackage.classifier(device("gpu:1"), null, "Linux", "amd64", "2.7.1"));
        assertEquals(
                "device is gpu:1 (-Dmetaprompt.device) but no CUDA build of PyTorch 2.7.1 can be fetched from a Maven"
                        + " repository; install libtorch 2.7.1 for CUDA and set PYTORCH_LIBRARY_PATH to its lib folder,"
                        + " or use device=cpu.",
                e.getMessage());
        assertEquals(Optional.empty(), NativePackage.classifier(device("gpu:1"), "/opt", "Linux", "amd64", "2.7.1"));
    }

    @Test
    void theUsersOwnLibraryServesAutoButNotCpu() throws Exception {
        assertEquals(Optional.empty(), NativePackage.classifier(device("auto"), "/opt", "Linux", "amd64", "2.7.1"));
        assertEquals(
                Optional.of("linux-x86_64"),
                NativePackage.classifier(device("cpu"), "/opt", "Linux", "amd64", "2.7.1"));
    }
}
