package dev.metaprompt.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which values of the variables name a proxy. */
class EnvironmentProxiesTest {
    private static Optional<ProxyServer> of(String value) {
        return new EnvironmentProxies(Map.of("https_proxy", value)).of("https", "example.org", 443);
    }

    @ParameterizedTest
    @CsvSource({
        "http://my_proxy:3128, my_proxy:3128",
        "my_proxy:3128, my_proxy:3128",
        "http://_a_.b-c_d:3128/, _a_.b-c_d:3128",
        "http://proxy.example:3128/path, proxy.example:3128",
        "HTTP://proxy.example, proxy.example:80",
        "http://proxy.example:, proxy.example:80",
        "http://127.0.0.1:1, 127.0.0.1:1",
        "http://127.0.0.1:65535, 127.0.0.1:65535",
        "http://[::1]:3128, [::1]:3128",
        "http://[2001:db8::1], [2001:db8::1]:80",
    })
    void namesAndAddressesAreRead(String value, String proxy) {
        assertEquals(proxy, of(value).orElseThrow().toString());
        assertFalse(of(value).orElseThrow().hasLogin());
        assertEquals(List.of(), new EnvironmentProxies(Map.of("https_proxy", value)).warnings());
    }

    @ParameterizedTest
    @ValueSource(strings = {"proxy.example", "my_proxy", "[::1]"})
    void userAndPasswordStandBeforeAnyName(String host) {
        ProxyServer named = of("http://ann:p%40ss%3A+word@" + host + ":3128").orElseThrow();
        assertEquals(new ProxyServer(host, 3128, "ann", "p@ss:+word"), named);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://p:0",
                "http://p:65536",
                "http://p:99999",
                "http://p:4294967299",
                "http://p:99999999999999999999",
                "http://p:-1",
                "http://p:port",
                "http://my_proxy:3128:1",
                "http://my_proxy:99999",
                "http://ann:secret@",
                "http://:3128",
                "http://my proxy:3128",
                "https://proxy:3128",
                "socks5://my_proxy:3128",
                "http://",
            })
    void whatNamesNoneIsAWarningWithoutTheValue(String value) {
        EnvironmentProxies variables = new EnvironmentProxies(Map.of("https_proxy", value));
        assertEquals(Optional.empty(), variables.of("https", "example.org", 443));
        assertEquals(1, variables.warnings().size());
        assertFalse(variables.warnings().get(0).contains("secret"));
    }

    @Test
    void whatStandsBehindTheHostIsNoPartOfIt() {
        assertEquals("a:80", of("http://a/b@c:1").orElseThrow().toString());
    }
}
