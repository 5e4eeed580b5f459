package dev.metaprompt.tracking;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.Quoted;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One pass over what is to be sent: a fault that is about one item leaves it out, a fault of the server ends the pass.
 * Where a fault may be either, the next item tells.
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

    private record Doubt(String what, ServerFault fault) {}

    private final List<String> leftOut = new ArrayList<>();
    private Optional<Doubt> doubt = Optional.empty();
    private int sent;
    private int complete;
    private int refused;

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
                        throw e;
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

    /** The server answers, so an earlier fault was about its item. */
    private void settle() {
        doubt.ifPresent(earlier -> refuse(earlier.what + ": " + earlier.fault.getMessage()));
        doubt = Optional.empty();
    }

    /**
     * Ends the pass.
     *
     * @throws ServerFault if the last item met a fault that may be the server's
     */
    void end() throws ServerFault {
        if (doubt.isPresent()) {
            throw doubt.get().fault;
        }
    }

    RunSync.Summary summary() {
        return new RunSync.Summary(sent, complete, List.copyOf(leftOut), refused);
    }
}
