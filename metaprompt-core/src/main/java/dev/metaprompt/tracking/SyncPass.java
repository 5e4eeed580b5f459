package dev.metaprompt.tracking;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.Quoted;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One pass over what is to be sent: a fault that is about one item leaves it out, a fault of the server ends the pass.
 * Where a fault may be either, the next item tells, and after that the server itself is asked.
 */
final class SyncPass {
    /** The item is being sent by another process. */
    static final class Busy extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** Sends an item. */
    interface Sending {
        /** Returns how it went; nothing if there was nothing to send. */
        Optional<RunMirror.Outcome> run() throws ServerFault, IOException, Busy;
    }

    /** Asks the server for something that has nothing to do with the items. */
    interface Question {
        /** Returns if the server answers well. */
        void ask() throws ServerFault;
    }

    private record Doubt(String what, ServerFault fault) {}

    private final Question question;
    private final List<String> leftOut = new ArrayList<>();
    private Optional<Doubt> doubt = Optional.empty();
    private int sent;
    private int complete;
    private int refused;
    private boolean answered;

    /** Begins with nothing sent. */
    SyncPass(Question question) {
        this.question = question;
    }

    /** Returns how many items are done with. */
    int done() {
        return sent + complete + leftOut.size() + (doubt.isPresent() ? 1 : 0);
    }

    /**
     * Sends an item.
     *
     * @throws ServerFault if the server fails
     */
    void item(String what, Sending sending) throws ServerFault {
        try {
            count(what, sending.run());
            settle();
        } catch (ServerFault e) {
            switch (e.blame()) {
                case ITEM -> {
                    refuse(what + ": " + e.getMessage());
                    settle();
                }
                case UNKNOWN -> {
                    if (doubt.isPresent()) {
                        requireAnswer(e);
                    }
                    doubt = Optional.of(new Doubt(what, e));
                }
                default -> throw e;
            }
        } catch (InvalidInputException e) {
            refuse(e.getMessage());
        } catch (IOException e) {
            refuse(what + ": cannot be locked (" + Quoted.reason(e) + ")");
        } catch (Busy e) {
            leftOut.add(what + " is being sent by another process");
        }
    }

    private void count(String what, Optional<RunMirror.Outcome> outcome) {
        if (outcome.isEmpty()) {
            return;
        }
        switch (outcome.get()) {
            case SENT -> sent++;
            case COMPLETE -> complete++;
            case DELETED_THERE ->
                leftOut.add(what + " was deleted on the server; restore it there to have it mirrored again");
        }
    }

    private void refuse(String line) {
        leftOut.add(line);
        refused++;
    }

    /** Two faults in a row may both be about their items, if the server answers something else. */
    private void requireAnswer(ServerFault last) throws ServerFault {
        try {
            question.ask();
        } catch (ServerFault e) {
            // A refusal is an answer.
            if (e.blame() != ServerFault.Blame.ITEM) {
                throw last;
            }
        }
        answered = true;
        settle();
    }

    /** The server answers, so an earlier fault was about its item. */
    private void settle() {
        doubt.ifPresent(earlier -> refuse(earlier.what + ": " + earlier.fault.getMessage()));
        doubt = Optional.empty();
    }

    /**
     * Ends the pass.
     *
     * @throws ServerFault if the last item met a fault that may be the server's, and it was never asked
     */
    void end() throws ServerFault {
        if (doubt.isPresent() && !answered) {
            throw doubt.get().fault;
        }
        settle();
    }

    RunSync.Summary summary() {
        return new RunSync.Summary(sent, complete, List.copyOf(leftOut), refused);
    }
}
