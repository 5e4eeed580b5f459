package dev.metaprompt.plugin;

import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.maven.plugin.logging.Log;

/** Maven's log, which shows each line of what it is given by itself, and no line that does anything but be read. */
final class SafeLog implements Log {
    private final Log log;

    SafeLog(Log log) {
        this.log = log;
    }

    private static void each(CharSequence content, Consumer<String> show) {
        ConsoleText.lines(String.valueOf(content)).forEach(show);
    }

    private static void each(CharSequence content, Throwable error, BiConsumer<String, Throwable> show) {
        show.accept(ConsoleText.text(String.valueOf(content)), SafeError.of(error));
    }

    @Override
    public boolean isDebugEnabled() {
        return log.isDebugEnabled();
    }

    @Override
    public void debug(CharSequence content) {
        each(content, log::debug);
    }

    @Override
    public void debug(CharSequence content, Throwable error) {
        each(content, error, log::debug);
    }

    @Override
    public void debug(Throwable error) {
        log.debug(SafeError.of(error));
    }

    @Override
    public boolean isInfoEnabled() {
        return log.isInfoEnabled();
    }

    @Override
    public void info(CharSequence content) {
        each(content, log::info);
    }

    @Override
    public void info(CharSequence content, Throwable error) {
        each(content, error, log::info);
    }

    @Override
    public void info(Throwable error) {
        log.info(SafeError.of(error));
    }

    @Override
    public boolean isWarnEnabled() {
        return log.isWarnEnabled();
    }

    @Override
    public void warn(CharSequence content) {
        each(content, log::warn);
    }

    @Override
    public void warn(CharSequence content, Throwable error) {
        each(content, error, log::warn);
    }

    @Override
    public void warn(Throwable error) {
        log.warn(SafeError.of(error));
    }

    @Override
    public boolean isErrorEnabled() {
        return log.isErrorEnabled();
    }

    @Override
    public void error(CharSequence content) {
        each(content, log::error);
    }

    @Override
    public void error(CharSequence content, Throwable error) {
        each(content, error, log::error);
    }

    @Override
    public void error(Throwable error) {
        log.error(SafeError.of(error));
    }
}
