package dev.metaprompt.plugin;

import java.util.concurrent.TimeUnit;

/** A child that says nothing. */
public final class MuteChild {
    private MuteChild() {}

    public static void main(String[] args) throws InterruptedException {
        TimeUnit.MINUTES.sleep(5);
    }
}
