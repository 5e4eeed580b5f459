package dev.metaprompt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WarningsTest {
    private final List<String> heard = new ArrayList<>();

    private final Warnings warnings = new Warnings(new Progress() {
        @Override
        public void phase(String text) {
            heard.add(text);
        }

        @Override
        public void update(String what, long done, long total, String detail) {
            heard.add(what + " " + done + "/" + total + detail);
        }
    });

    @Test
    void eachWarningIsSaidOnceAndKeptAndAllElseIsPassedOn() {
        warnings.phase("opening");
        warnings.phase("warning: two files are left out");
        warnings.phase("opening");
        warnings.phase("warning: two files are left out");
        warnings.phase("warning: GELU is assumed");
        warnings.update("images", 1, 2, "");
        assertEquals(
                List.of(
                        "opening",
                        "warning: two files are left out",
                        "opening",
                        "warning: GELU is assumed",
                        "images 1/2"),
                heard);
        assertEquals(List.of("two files are left out", "GELU is assumed"), warnings.sentences());
    }
}
