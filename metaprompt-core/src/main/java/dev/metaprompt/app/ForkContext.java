package dev.metaprompt.app;

import dev.metaprompt.Progress;
import dev.metaprompt.io.Network;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The context of a command that runs in a forked JVM. */
final class ForkContext implements CommandContext {
    private final ForkRequest request;
    private final ParentLink link;
    private final Interruption interruption;
    private final Progress progress;

    ForkContext(ForkRequest request, ParentLink link, Interruption interruption) {
        this.request = request;
        this.link = link;
        this.interruption = interruption;
        this.progress = new LinkProgress(link, System::nanoTime);
    }

    @Override
    public String goal() {
        return request.goal();
    }

    @Override
    public List<RawOption> options() {
        return request.options();
    }

    @Override
    public Path baseDirectory() {
        return Path.of(request.baseDirectory());
    }

    @Override
    public Map<String, String> facts() {
        return request.facts();
    }

    @Override
    public Network network() {
        return request.network();
    }

    /** Ends the work at its next sign of life once it is to be wound up. */
    @Override
    public Progress progress() {
        return interruption.ending(progress);
    }

    @Override
    public void result(List<String> lines) {
        link.result(lines);
    }

    @Override
    public boolean interrupted() {
        return interruption.requested();
    }

    @Override
    public void onInterrupt(Runnable action) {
        interruption.onRequest(action);
    }
}
