package dev.metaprompt.plugin;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.maven.plugin.MojoExecutionException;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.RepositorySystemSession;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.collection.CollectRequest;
import org.eclipse.aether.graph.Dependency;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.resolution.ArtifactResult;
import org.eclipse.aether.resolution.DependencyRequest;
import org.eclipse.aether.resolution.DependencyResolutionException;

/** Resolves the child's class path with the running Maven's own resolver: its mirrors, proxies and offline mode. */
final class ForkClassPath {
    private final RepositorySystem system;
    private final RepositorySystemSession session;
    private final List<RemoteRepository> repositories;

    ForkClassPath(RepositorySystem system, RepositorySystemSession session, List<RemoteRepository> repositories) {
        this.system = system;
        this.session = session;
        this.repositories = repositories;
    }

    /**
     * Resolves metaprompt-core with what it needs at run time.
     *
     * @param info which versions
     * @param nativeClassifier of PyTorch's native package; empty for the user's own library
     * @param distributed whether the child talks to a Temporal server
     * @return jars and class folders, the core first
     * @throws MojoExecutionException if something is missing and cannot be fetched
     */
    List<Path> resolve(PluginInfo info, Optional<String> nativeClassifier, boolean distributed)
            throws MojoExecutionException {
        CollectRequest request = new CollectRequest();
        request.setRoot(runtime(new DefaultArtifact("dev.metaprompt", "metaprompt-core", "jar", info.version())));
        nativeClassifier.ifPresent(classifier -> request.addDependency(runtime(new DefaultArtifact(
                NativePackage.GROUP, NativePackage.ARTIFACT, classifier, "jar", info.pytorchVersion()))));
        if (distributed) {
            request.addDependency(
                    runtime(new DefaultArtifact("io.temporal", "temporal-sdk", "jar", info.temporalVersion())));
        }
        request.setRepositories(repositories);
        try {
            return system
                    .resolveDependencies(session, new DependencyRequest(request, null))
                    .getArtifactResults()
                    .stream()
                    .map(ArtifactResult::getArtifact)
                    .map(artifact -> artifact.getFile().toPath().toAbsolutePath())
                    .toList();
        } catch (DependencyResolutionException e) {
            String advice = session.isOffline() ? " Maven is offline: run the goal once without -o." : "";
            throw new MojoExecutionException(
                    "Cannot resolve what the forked JVM needs: " + FaultWords.of(e) + advice, e);
        }
    }

    private static Dependency runtime(DefaultArtifact artifact) {
        return new Dependency(artifact, "runtime");
    }
}
