package dev.metaprompt.tracking;

import java.io.IOException;

/** A server sends more than it may. */
final class TooLongException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Creates it; the limit in bytes. */
    TooLongException(long most) {
        super("sends more than the " + most + " bytes that may come here");
    }
}
