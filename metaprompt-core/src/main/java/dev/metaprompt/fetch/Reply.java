package dev.metaprompt.fetch;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.Network;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server's answer; closing it drops what was not read.
 *
 * @param response status, headers and body
 */
record Reply(HttpResponse<Chunks> response) implements AutoCloseable {
    /** Signed addresses have some thousand characters; what is longer counts as not sent. */
    private static final int LONGEST_HEADER = 1 << 14;

    private static final Pattern RANGE = Pattern.compile("bytes (?:(\\d{1,18})-(\\d{1,18})|\\*)/(\\d{1,18}|\\*)");

    /**
     * What part of the file an answer holds, from Content-Range.
     *
     * @param first the first byte's index; -1 if the server has none to give
     * @param last the last byte's index, inclusive; -1 as above
     * @param total the whole file's length; -1 if the server does not say
     */
    record Range(long first, long last, long total) {}

    int status() {
        return response.statusCode();
    }

    URI uri() {
        return response.uri();
    }

    Chunks body() {
        return response.body();
    }

    Optional<String> header(String name) {
        return response.headers()
                .firstValue(name)
                .filter(value -> value.length() <= LONGEST_HEADER)
                .map(String::strip);
    }

    OptionalLong length() {
        return number(header("Content-Length").orElse(""));
    }

    Optional<Range> range() {
        Matcher matcher = RANGE.matcher(header("Content-Range").orElse(""));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long total = number(matcher.group(3)).orElse(-1);
        return matcher.group(1) == null
                ? Optional.of(new Range(-1, -1, total))
                : Optional.of(new Range(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)), total));
    }

    /** What says that the file is still the same: a strong ETag, else the date of the last change, else nothing. */
    String validator() {
        Optional<String> etag = header("ETag").filter(tag -> !tag.startsWith("W/"));
        return etag.or(() -> header("Last-Modified")).orElse("");
    }

    boolean redirects() {
        int status = status();
        return (status >= 301 && status <= 303 || status == 307 || status == 308)
                && header("Location").isPresent();
    }

    boolean isWebPage() {
        return header("Content-Type")
                .map(type -> type.regionMatches(true, 0, "text/html", 0, 9))
                .orElse(false);
    }

    /**
     * Turns an answer that is no success into what it means.
     *
     * @param file what was asked for
     * @param clock for a Retry-After that names a date
     * @return a fault that passes, to be tried again
     * @throws InvalidInputException if it will not pass
     */
    Trouble refusal(RemoteFile file, Clock clock) {
        int status = status();
        if (status == 408 || status == 425 || status == 429 || status >= 500) {
            return new Trouble(
                    "the server answered " + status,
                    retryAfter(header("Retry-After").orElse(""), clock));
        }
        String meaning =
                switch (status) {
                    case 401 -> " (not signed in)";
                    case 403 -> " (forbidden)";
                    case 404 -> " (not there)";
                    case 407 -> " (a proxy on the way does not know who asks: " + Network.LOGIN_ADVICE + ")";
                    default -> "";
                };
        throw new InvalidInputException(
                Words.uri(file.uri()) + ": the server answered " + status + meaning + ". " + file.advice());
    }

    /** Reads Retry-After: seconds or a date; empty if it is neither or lies in the past. */
    static Optional<Duration> retryAfter(String text, Clock clock) {
        OptionalLong seconds = number(text);
        if (seconds.isPresent()) {
            return Optional.of(Duration.ofSeconds(Math.min(seconds.getAsLong(), Integer.MAX_VALUE)));
        }
        try {
            ZonedDateTime then = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME);
            Duration wait = Duration.between(clock.instant(), then.toInstant());
            return wait.isNegative() ? Optional.empty() : Optional.of(wait);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static OptionalLong number(String text) {
        return text.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    @Override
    public void close() {
        body().cancel();
    }
}
