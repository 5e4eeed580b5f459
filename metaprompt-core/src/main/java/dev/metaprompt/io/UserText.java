package dev.metaprompt.io;

import dev.metaprompt.InvalidInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The one reader of texts that a person may have written, with whatever program: UTF-8, with or without a byte order
 * mark, lines that end in any way, the last one perhaps not at all. Other encodings are refused by name and never
 * guessed.
 */
public final class UserText {
    private static final byte[] MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};
    private static final byte[] LITTLE = {(byte) 0xff, (byte) 0xfe};
    private static final byte[] BIG = {(byte) 0xfe, (byte) 0xff};
    private static final byte[] LITTLE_32 = {(byte) 0xff, (byte) 0xfe, 0, 0};
    private static final byte[] BIG_32 = {0, 0, (byte) 0xfe, (byte) 0xff};

    /** Enough to know an encoding by. */
    private static final int LOOKED_AT = 1 << 16;

    private UserText() {}

    /**
     * Reads a small text that a person named, who may name a link.
     *
     * @param file a path
     * @param most the most bytes that it may have
     * @return its text, without a byte order mark
     * @throws InvalidInputException if it is no UTF-8; the message names the file, and the encoding or the line
     * @throws IOException if it is missing, no regular file, or larger
     */
    public static String read(Path file, long most) throws IOException {
        return of(file, PlainFiles.bytesBehindLinks(file, most));
    }

    /**
     * Decodes what was read of a file.
     *
     * @param file a path, for messages
     * @param bytes all that it holds
     * @return its text, without a byte order mark
     * @throws InvalidInputException if it is no UTF-8; the message names the file, and the encoding or the line
     */
    public static String of(Path file, byte[] bytes) {
        byte[] narrow = narrow(file, bytes);
        Optional<String> fault = fault(narrow);
        if (fault.isPresent()) {
            throw refused(file, fault.get());
        }
        return new String(narrow, StandardCharsets.UTF_8);
    }

    /**
     * Returns the bytes of a text that needs to be ASCII in parts only, as those of certificates.
     *
     * @param file a path, for messages
     * @param bytes all that it holds
     * @return what follows the byte order mark, if there is one
     * @throws InvalidInputException if characters take two or four bytes each; the message names the file
     */
    public static byte[] narrow(Path file, byte[] bytes) {
        wide(bytes).ifPresent(encoding -> {
            throw refused(file, "is " + encoding + " text");
        });
        return unmarked(bytes);
    }

    /**
     * Cuts a text into lines.
     *
     * @param text of a file
     * @return its lines without their ends, which are those of any system; what follows the last end is a line too
     *     unless it is empty
     */
    public static List<String> lines(String text) {
        return text.lines().toList();
    }

    private static InvalidInputException refused(Path file, String found) {
        return new InvalidInputException(
                "file " + Quoted.path(file) + " " + found + "; allowed is UTF-8 text: save it as UTF-8.");
    }

    /** Returns what follows the byte order mark, if there is one. */
    static byte[] unmarked(byte[] bytes) {
        return startsWith(bytes, MARK) ? Arrays.copyOfRange(bytes, MARK.length, bytes.length) : bytes;
    }

    /** Tells what is wrong with bytes as text in UTF-8, as the end of a sentence. */
    static Optional<String> fault(byte[] bytes) {
        Optional<String> wide = wide(bytes);
        if (wide.isPresent()) {
            return Optional.of("is " + wide.get() + " text");
        }
        int line = lineOfFault(bytes);
        if (line == 0) {
            return Optional.empty();
        }
        // Where letters are no ASCII, few characters have a zero beside them: the ends of lines alone.
        boolean oneSide = zeroes(bytes, 2, 0) > 0 != zeroes(bytes, 2, 1) > 0;
        return Optional.of(
                oneSide && bytes.length % 2 == 0 ? "seems to be UTF-16 text" : "is no UTF-8 text in line " + line);
    }

    /** Names an encoding of two or four bytes a character, by its mark or, where there is none, by its zeroes. */
    private static Optional<String> wide(byte[] bytes) {
        if (startsWith(bytes, LITTLE_32) || startsWith(bytes, BIG_32)) {
            return Optional.of("UTF-32");
        }
        if (startsWith(bytes, LITTLE) || startsWith(bytes, BIG)) {
            return Optional.of("UTF-16");
        }
        boolean four = areAscii(bytes, 4, 3, 2, 0) || areAscii(bytes, 4, 0, 1, 3);
        boolean two = areAscii(bytes, 2, 1, 1, 0) || areAscii(bytes, 2, 0, 0, 1);
        return four ? Optional.of("UTF-32") : two ? Optional.of("UTF-16") : Optional.empty();
    }

    /** Tells whether most characters of that width are ASCII: zero at two of their places, and at a third not. */
    private static boolean areAscii(byte[] bytes, int width, int zero, int another, int letter) {
        int half = (Math.min(bytes.length, LOOKED_AT) / width + 1) / 2;
        return half > 0
                && bytes.length % width == 0
                && zeroes(bytes, width, zero) >= half
                && zeroes(bytes, width, another) >= half
                && zeroes(bytes, width, letter) < half;
    }

    private static int zeroes(byte[] bytes, int width, int place) {
        int count = 0;
        for (int i = place; i < Math.min(bytes.length, LOOKED_AT); i += width) {
            count += bytes[i] == 0 ? 1 : 0;
        }
        return count;
    }

    /** Returns the line of the first byte that is no UTF-8, from 1; 0 if there is none. */
    private static int lineOfFault(byte[] bytes) {
        var decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(LOOKED_AT);
        CoderResult result = CoderResult.OVERFLOW;
        while (result.isOverflow()) {
            out.clear();
            result = decoder.decode(in, out, true);
        }
        return result.isError() ? line(bytes, in.position()) : 0;
    }

    private static int line(byte[] bytes, int place) {
        int line = 1;
        for (int i = 0; i < place; i++) {
            boolean ends = bytes[i] == '\n' || bytes[i] == '\r' && (i + 1 == bytes.length || bytes[i + 1] != '\n');
            line += ends ? 1 : 0;
        }
        return line;
    }

    private static boolean startsWith(byte[] bytes, byte[] mark) {
        return bytes.length >= mark.length && Arrays.equals(bytes, 0, mark.length, mark, 0, mark.length);
    }
}
