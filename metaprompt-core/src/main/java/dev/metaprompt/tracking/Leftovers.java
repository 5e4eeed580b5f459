package dev.metaprompt.tracking;

import java.util.Optional;

/** What a server does not take of a run that it takes otherwise: the rest is sent, and then it is said. */
final class Leftovers {
    /** A step of sending. */
    interface Step {
        void run() throws ServerFault;
    }

    private Optional<ServerFault> first = Optional.empty();

    /** Does a step; a fault that is about what was sent is kept for the end. */
    void attempt(Step step) throws ServerFault {
        try {
            step.run();
        } catch (ServerFault e) {
            if (e.blame() != ServerFault.Blame.ITEM) {
                throw e;
            }
            add(e);
        }
    }

    void add(ServerFault fault) {
        first = first.or(() -> Optional.of(fault));
    }

    /**
     * Ends the sending.
     *
     * @throws ServerFault the first fault, if there was one
     */
    void requireNone() throws ServerFault {
        if (first.isPresent()) {
            throw first.get();
        }
    }
}
