package dev.metaprompt.plugin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * What the build wrote down about this plugin.
 *
 * @param version of the plugin, and so of the core it forks
 * @param pytorchVersion of the native package that fits the core
 * @param temporalVersion of the client that the distributed runner needs
 */
record PluginInfo(String version, String pytorchVersion, String temporalVersion) {
    static PluginInfo read() {
        try (InputStream in = PluginInfo.class.getResourceAsStream("plugin.properties")) {
            Properties properties = new Properties();
            properties.load(in);
            return new PluginInfo(
                    properties.getProperty("version"),
                    properties.getProperty("pytorch.version"),
                    properties.getProperty("temporal.version"));
        } catch (IOException e) {
            throw new UncheckedIOException("plugin.properties", e);
        }
    }
}
