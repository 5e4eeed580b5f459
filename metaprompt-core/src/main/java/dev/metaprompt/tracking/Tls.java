package dev.metaprompt.tracking;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.Quoted;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * How a server's certificate is checked and which certificate is shown to it, as the variables of MLflow's client say:
 * for calls and files alike.
 */
final class Tls {
    static final String INSECURE = "MLFLOW_TRACKING_INSECURE_TLS";
    static final String SERVER_CERTIFICATES = "MLFLOW_TRACKING_SERVER_CERT_PATH";
    static final String CLIENT_CERTIFICATE = "MLFLOW_TRACKING_CLIENT_CERT_PATH";

    private Tls() {}

    /**
     * Makes the context for a server.
     *
     * @param environment variables
     * @return nothing if none of them is set: Java's own certificates then count
     * @throws InvalidInputException if a variable, or the file that it names, cannot be used
     */
    static Optional<SSLContext> of(Map<String, String> environment) {
        boolean insecure = isInsecure(environment);
        Optional<String> server = variable(environment, SERVER_CERTIFICATES);
        Optional<String> client = variable(environment, CLIENT_CERTIFICATE);
        if (insecure && server.isPresent()) {
            throw new InvalidInputException(SERVER_CERTIFICATES + " is set, and " + INSECURE
                    + " is true, which checks no certificate. Unset one of them.");
        }
        if (!insecure && server.isEmpty() && client.isEmpty()) {
            return Optional.empty();
        }
        try {
            TrustManager[] trust = insecure ? new TrustManager[] {new Anyone()} : trust(server);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(client), trust, null);
            return Optional.of(context);
        } catch (GeneralSecurityException | IOException e) {
            throw new InvalidInputException("the certificates that MLflow's variables name cannot be used ("
                    + Quoted.fault(e) + "). Check " + SERVER_CERTIFICATES + " and " + CLIENT_CERTIFICATE + ".");
        }
    }

    private static Optional<String> variable(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    private static boolean isInsecure(Map<String, String> environment) {
        String value = variable(environment, INSECURE).orElse("false").strip();
        if (List.of("true", "1").stream().anyMatch(value::equalsIgnoreCase)) {
            return true;
        }
        if (List.of("false", "0").stream().anyMatch(value::equalsIgnoreCase)) {
            return false;
        }
        throw new InvalidInputException(
                INSECURE + " is neither true nor false. Set it to true to check no certificate," + " or unset it.");
    }

    /** Those of the file and no others, as with MLflow's client; null for Java's own. */
    private static TrustManager[] trust(Optional<String> file) throws GeneralSecurityException, IOException {
        if (file.isEmpty()) {
            return null;
        }
        KeyStore store = empty();
        for (X509Certificate certificate :
                PemFile.read(SERVER_CERTIFICATES, file.get()).certificates()) {
            store.setCertificateEntry("ca" + store.size(), certificate);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyManager[] keys(Optional<String> file) throws GeneralSecurityException, IOException {
        if (file.isEmpty()) {
            return null;
        }
        PemFile pem = PemFile.read(CLIENT_CERTIFICATE, file.get());
        List<X509Certificate> chain = pem.certificates();
        PrivateKey key = pem.key(chain.get(0).getPublicKey().getAlgorithm());
        char[] password = {};
        KeyStore store = empty();
        store.setKeyEntry("client", key, password, chain.toArray(Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, password);
        return factory.getKeyManagers();
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    /** Trusts every server, whatever its name: the user asked for it. */
    private static final class Anyone extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
