package dev.metaprompt.tensor;

/** Says, as part of one line, why a pickle is refused; whoever knows the file's name completes it. */
final class PickleException extends RuntimeException {
    private static final long serialVersionUID = 1;

    PickleException(String what) {
        super(what, null, false, false);
    }
}
