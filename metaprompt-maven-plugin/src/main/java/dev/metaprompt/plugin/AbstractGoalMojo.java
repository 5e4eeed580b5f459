package dev.metaprompt.plugin;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import javax.inject.Inject;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugin.logging.Log;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.apache.maven.rtinfo.RuntimeInformation;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.apache.maven.toolchain.Toolchain;
import org.apache.maven.toolchain.ToolchainManager;
import org.eclipse.aether.RepositorySystem;

/**
 * What all goals have in common: skip, or gather the options, fork one JVM and translate its end.
 *
 * <p>The fields for keys ({@code way}, {@code options} …) in the goals below are declared so that Maven, its help and
 * editors know them; their values are read by {@link Options}.
 */
abstract class AbstractGoalMojo extends AbstractKeysMojo {
    private static final String MAIN_CLASS = "dev.metaprompt.app.Main";

    /**
     * Skips every goal of this plugin. Example: {@code -Dmetaprompt.skip}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.skip", defaultValue = "false")
    private boolean skip;

    /**
     * Arguments for the forked JVM, separated by spaces. Default: none. Example:
     * {@code -Dmetaprompt.fork.jvmArgs="-Xmx8g -Dai.djl.logging.level=debug"}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.fork.jvmArgs")
    private String forkJvmArgs;

    /**
     * {@code true} lets the forked JVM wait for a debugger on port 5005 of this machine; other text is taken as the
     * JVM arguments to use instead. Default: {@code false}. Example: {@code -Dmetaprompt.fork.debug}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.fork.debug")
    private String forkDebug;

    /**
     * Environment variables added to the forked JVM's. Default: none. POM only. This plugin logs no values of them, but
     * Maven's own {@code -X} shows what a POM says: a password is safer in the environment of Maven itself, which the
     * forked JVM inherits. Example: {@code <forkEnvironment><PYTORCH_LIBRARY_PATH>/opt/libtorch/lib</PYTORCH_LIBRARY_PATH></forkEnvironment>}.
     *
     * @since 0.1.0
     */
    @Parameter
    private Map<String, String> forkEnvironment = new HashMap<>();

    @Parameter(defaultValue = "${session}", readonly = true, required = true)
    private MavenSession session;

    @Parameter(defaultValue = "${project}", readonly = true, required = true)
    private MavenProject project;

    @Parameter(defaultValue = "${mojoExecution}", readonly = true, required = true)
    private MojoExecution execution;

    @Inject
    private RepositorySystem repositorySystem;

    @Inject
    private ToolchainManager toolchains;

    @Inject
    private RuntimeInformation maven;

    @Inject
    private SettingsDecrypter decrypter;

    /** Tells whether this goal's own skip parameter is set. */
    abstract boolean skipGoal();

    private String goal() {
        return execution.getGoal();
    }

    @Override
    public final Log getLog() {
        return new SafeLog(super.getLog());
    }

    @Override
    public final void execute() throws MojoExecutionException, MojoFailureException {
        try {
            forkUnlessSkipped();
        } catch (MojoExecutionException e) {
            MojoExecutionException safe =
                    new MojoExecutionException(ConsoleText.text(e.getMessage()), SafeError.of(e.getCause()));
            safe.setStackTrace(e.getStackTrace());
            throw safe;
        } catch (MojoFailureException e) {
            MojoFailureException safe =
                    new MojoFailureException(ConsoleText.text(e.getMessage()), SafeError.of(e.getCause()));
            safe.setStackTrace(e.getStackTrace());
            throw safe;
        }
    }

    private void forkUnlessSkipped() throws MojoExecutionException, MojoFailureException {
        if (flag("metaprompt.skip", skip)) {
            getLog().info("Skipped: metaprompt.skip is set.");
        } else if (flag("metaprompt." + goal() + ".skip", skipGoal())) {
            getLog().info("Skipped: metaprompt." + goal() + ".skip is set.");
        } else {
            try {
                fork();
            } catch (IOException e) {
                throw new MojoExecutionException(goal() + " cannot run its forked JVM: " + FaultWords.of(e), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new MojoExecutionException(goal() + " was interrupted.", e);
            } catch (RuntimeException e) {
                if (Locales.isCauseOf(e)) {
                    throw Locales.here().lost("A path of this build");
                }
                throw new MojoExecutionException(goal() + " failed: " + FaultWords.of(e), e);
            }
        }
    }

    private void fork() throws MojoExecutionException, MojoFailureException, IOException, InterruptedException {
        Options gathered = new ProjectOptions(session, project, execution).gather();
        Locales.here()
                .requireKnown(gathered.all(), session.getSystemProperties().getProperty("user.dir", ""));
        PluginInfo info = PluginInfo.read();
        Optional<String> nativeClassifier = NativePackage.classifier(
                gathered.strongest("device"),
                environment(NativePackage.LIBRARY_PATH),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                info.pytorchVersion());
        List<Path> classPath = new ForkClassPath(
                        repositorySystem, session.getRepositorySession(), project.getRemotePluginRepositories())
                .resolve(info, nativeClassifier, distributed(gathered));
        WorkFolder folder = hasPom()
                ? WorkFolder.inProject(Path.of(project.getBuild().getDirectory()), goal(), LocalDateTime.now())
                : WorkFolder.outsideProject(goal());
        List<String> arguments = JavaArguments.list(
                classPath,
                MAIN_CLASS,
                folder,
                text("metaprompt.fork.jvmArgs", forkJvmArgs),
                text("metaprompt.fork.debug", forkDebug));
        ForkedJvm.Launch launch = new ForkedJvm.Launch(java(), arguments, forkEnvironment, startDirectory());
        run(launch, folder, request(gathered, info));
    }

    private boolean distributed(Options gathered) {
        boolean temporal = gathered.strongest("runner")
                .map(option -> option.value().equals("temporal"))
                .orElse(false);
        return goal().equals("worker")
                || temporal
                || gathered.strongest("attach").isPresent();
    }

    private void run(ForkedJvm.Launch launch, WorkFolder folder, Map<String, Object> request)
            throws MojoExecutionException, MojoFailureException, IOException, InterruptedException {
        boolean live = GoalConsole.wantsLiveLine(
                session.getRequest().isInteractiveMode(), System.console() != null, System.getenv("TERM"));
        GoalConsole console = new GoalConsole(getLog(), System.out, live, System::nanoTime);
        getLog().debug("forks " + launch);
        try (ForkLog log = new ForkLog(folder.log(), getLog()::debug)) {
            ForkedJvm child = new ForkedJvm(folder, log);
            ForkedJvm.Ended ended = child.run(launch, request, console);
            console.close();
            if (ended.said().isEmpty()) {
                throw new MojoExecutionException(child.crashMessage(goal(), ended.exitCode(), console.inProgress()));
            }
            translate(ended.said().get(), folder, log);
        } finally {
            console.close();
        }
        folder.tidy();
    }

    private void translate(ChildEnd end, WorkFolder folder, ForkLog log)
            throws MojoExecutionException, MojoFailureException {
        switch (end.outcome()) {
            case "SUCCESS" -> getLog().debug(goal() + " succeeded");
            case "INVALID" -> throw new MojoFailureException(end.message());
            case "INTERRUPTED" -> throw new MojoExecutionException(goal() + " was interrupted.");
            default -> {
                end.trace().lines().forEach(log::add);
                throw new MojoExecutionException(goal() + " failed: " + end.message() + " (log: " + folder.log() + ")");
            }
        }
    }

    private Map<String, Object> request(Options gathered, PluginInfo info) {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("goal", goal());
        request.put("options", gathered.all());
        request.put("baseDirectory", startDirectory().toString());
        request.put(
                "facts",
                Facts.gather(
                        info,
                        Optional.ofNullable(maven.getMavenVersion()),
                        hasPom() ? Optional.of(project.getId()) : Optional.empty(),
                        startDirectory()));
        request.put("network", network());
        return request;
    }

    private Map<String, Object> network() {
        List<String> jvmArgs = JavaArguments.words(text("metaprompt.fork.jvmArgs", forkJvmArgs));
        return NetworkSettings.gather(
                session.getSystemProperties(),
                session.getUserProperties(),
                jvmArgs,
                NetworkSettings.active(session.getSettings().getProxies(), decrypter, getLog()::warn));
    }

    private Path java() {
        Toolchain toolchain = toolchains.getToolchainFromBuildContext("jdk", session);
        String tool = toolchain == null ? null : toolchain.findTool("java");
        return tool == null ? Path.of(System.getProperty("java.home"), "bin", "java") : Path.of(tool);
    }

    private boolean hasPom() {
        return project.getFile() != null;
    }

    private Path startDirectory() {
        Properties system = session.getSystemProperties();
        return Path.of(system.getProperty("user.dir", System.getProperty("user.dir")))
                .toAbsolutePath();
    }

    private String environment(String name) {
        return forkEnvironment.getOrDefault(name, System.getenv(name));
    }

    /** As for keys, the command line beats the POM. */
    private String text(String property, String injected) {
        return session.getUserProperties().getProperty(property, injected);
    }

    /** {@code -Dmetaprompt.skip} alone means true. */
    private boolean flag(String property, boolean injected) {
        String typed = session.getUserProperties().getProperty(property);
        return typed == null ? injected : typed.isEmpty() || Boolean.parseBoolean(typed);
    }
}
