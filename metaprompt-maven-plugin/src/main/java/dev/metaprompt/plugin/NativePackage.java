package dev.metaprompt.plugin;

import java.util.Locale;
import java.util.Optional;
import org.apache.maven.plugin.MojoFailureException;

/**
 * Chooses the package that holds PyTorch's native library.
 *
 * <p>Maven Central has the CPU build of the version the core needs, and no CUDA build of it: those weigh gigabytes
 * and come from PyTorch itself. A GPU is used with a library the user has installed, which DJL finds by the variable
 * {@value #LIBRARY_PATH}.
 */
final class NativePackage {
    static final String GROUP = "ai.djl.pytorch";
    static final String ARTIFACT = "pytorch-native-cpu";
    static final String LIBRARY_PATH = "PYTORCH_LIBRARY_PATH";

    private NativePackage() {}

    /**
     * Returns the classifier of the package the child needs.
     *
     * @param device the option {@code device}, where the user gave one
     * @param libraryPath value of {@value #LIBRARY_PATH} in the child's environment, or null
     * @param os Java's {@code os.name}
     * @param arch Java's {@code os.arch}
     * @param pytorchVersion what the core needs
     * @return empty if the user's own library is used
     * @throws MojoFailureException if there is no package for the system or the device
     */
    static Optional<String> classifier(
            Optional<RawOption> device, String libraryPath, String os, String arch, String pytorchVersion)
            throws MojoFailureException {
        boolean ownLibrary = libraryPath != null && !libraryPath.isBlank();
        boolean gpu = device.isPresent() && device.get().value().startsWith("gpu");
        if (gpu && !ownLibrary) {
            throw new MojoFailureException("device is " + device.get().value() + " ("
                    + device.get().origin() + ") but no CUDA build of PyTorch " + pytorchVersion
                    + " can be fetched from a Maven repository; install libtorch " + pytorchVersion
                    + " for CUDA and set "
                    + LIBRARY_PATH + " to its lib folder, or use device=cpu.");
        }
        boolean cpu = device.isPresent() && device.get().value().equals("cpu");
        return ownLibrary && !cpu ? Optional.empty() : Optional.of(ofSystem(os, arch, pytorchVersion));
    }

    private static String ofSystem(String os, String arch, String pytorchVersion) throws MojoFailureException {
        String system = os.toLowerCase(Locale.ROOT);
        boolean arm = arch.equals("aarch64") || arch.equals("arm64");
        boolean intel = arch.equals("amd64") || arch.equals("x86_64");
        if (system.startsWith("linux") && (arm || intel)) {
            return arm ? "linux-aarch64" : "linux-x86_64";
        }
        if (system.startsWith("mac") && arm) {
            return "osx-aarch64";
        }
        if (system.startsWith("windows") && intel) {
            return "win-x86_64";
        }
        throw new MojoFailureException("PyTorch " + pytorchVersion + " has no package for " + os + " on " + arch
                + "; use Linux (x86_64, aarch64), macOS (aarch64) or Windows (x86_64), or set " + LIBRARY_PATH
                + " to the lib folder of your own libtorch.");
    }
}
