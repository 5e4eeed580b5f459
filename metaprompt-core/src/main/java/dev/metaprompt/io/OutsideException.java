package dev.metaprompt.io;

import java.io.IOException;

/** A name leads out of the folder that it must stay in, or through a link. The message ends a sentence about the name. */
public final class OutsideException extends IOException {
    private static final long serialVersionUID = 1L;

    OutsideException(String reason) {
        super(reason);
    }
}
