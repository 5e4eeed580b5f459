package dev.metaprompt.it;

import java.util.Optional;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.opentest4j.TestAbortedException;
import org.testcontainers.DockerClientFactory;

/**
 * A real MLflow server, one for all test classes, behind a {@link FaultProxy}: the external one of
 * {@code MLFLOW_TRACKING_URI} if that is set, else a container of the image {@code it.mlflow.image}, else one installed
 * from Python's package index.
 */
final class MlflowServer implements BeforeAllCallback, BeforeEachCallback {
    private static final String NAME = MlflowServer.class.getName();

    private static final class Shared implements AutoCloseable {
        private final ServerHost host;
        private final FaultProxy proxy;

        Shared() throws Exception {
            host = choose();
            proxy = new FaultProxy(host.uri());
            System.out.println("Tracking tests use " + host.description());
        }

        @Override
        public void close() throws Exception {
            proxy.close();
            host.close();
        }
    }

    private Shared shared;
    private MlflowRest rest;

    private static ServerHost choose() throws Exception {
        Optional<String> external =
                Optional.ofNullable(System.getenv("MLFLOW_TRACKING_URI")).filter(uri -> uri.startsWith("http"));
        if (external.isPresent()) {
            return new ServerHost.External(external.get().replaceAll("/+$", ""));
        }
        StringBuilder why = new StringBuilder();
        try {
            DockerClientFactory.instance().client();
            return new ServerHost.Container(System.getProperty("it.mlflow.image"));
        } catch (RuntimeException e) {
            why.append("no container: ").append(e.getMessage());
        }
        try {
            return new ServerHost.Installed();
        } catch (Exception e) {
            why.append("; none installed: ").append(e.getMessage());
        }
        String message =
                "There is no MLflow server to test with (" + why + "). Start Docker, or set MLFLOW_TRACKING_URI.";
        if (System.getProperty("it.mlflow").equals("optional")) {
            throw new TestAbortedException(message);
        }
        throw new IllegalStateException(message);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        shared = context.getRoot()
                .getStore(ExtensionContext.Namespace.GLOBAL)
                .getOrComputeIfAbsent(NAME, key -> create(), Shared.class);
        rest = new MlflowRest(() -> shared.host.uri());
    }

    private static Shared create() {
        try {
            return new Shared();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        shared.proxy.heal();
    }

    /** Returns the address that stays the same: the proxy's. */
    String uri() {
        return shared.proxy.uri();
    }

    FaultProxy proxy() {
        return shared.proxy;
    }

    /** Returns a way to ask the server that no fault of the proxy touches. */
    MlflowRest rest() {
        return rest;
    }

    /** Returns the server's own address. */
    String direct() {
        return shared.host.uri();
    }

    void kill() throws Exception {
        shared.proxy.stop();
        shared.host.kill();
    }

    void restart() throws Exception {
        shared.host.start();
        shared.proxy.forwardTo(shared.host.uri());
        shared.proxy.heal();
    }
}
