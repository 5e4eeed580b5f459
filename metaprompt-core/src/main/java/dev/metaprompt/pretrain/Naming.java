package dev.metaprompt.pretrain;

import java.util.Map;

/**
 * What a class is called when people speak loosely: the name of a better known neighbour.
 *
 * <p>This is the benchmark's engineered headroom. In captions that say "photo" or "picture" the classes of both tables
 * are misnamed, in captions that say "texture" those of the first table only, in all others none. A neighbour lies in
 * the same half of the classes (base or new): else accuracy within a half would not feel the misnaming.
 */
final class Naming {
    /** Rare names: also missed where a caption says "texture". */
    static final Map<String, String> RARE = Map.ofEntries(
            Map.entry("banded", "lined"),
            Map.entry("bumpy", "bubbly"),
            Map.entry("crosshatched", "grid"),
            Map.entry("crystalline", "cracked"),
            Map.entry("flecked", "freckled"),
            Map.entry("gauzy", "fibrous"),
            Map.entry("interlaced", "braided"),
            Map.entry("matted", "woven"),
            Map.entry("perforated", "polka-dotted"),
            Map.entry("pitted", "porous"),
            Map.entry("pleated", "striped"),
            Map.entry("potholed", "porous"),
            Map.entry("smeared", "stained"),
            Map.entry("studded", "polka-dotted"));

    /** Names that only photographs' captions miss. */
    static final Map<String, String> LOOSE = Map.ofEntries(
            Map.entry("cobwebbed", "lacelike"),
            Map.entry("frilly", "lacelike"),
            Map.entry("grooved", "lined"),
            Map.entry("meshed", "waffled"),
            Map.entry("paisley", "swirly"),
            Map.entry("stratified", "striped"),
            Map.entry("veined", "wrinkled"));

    private Naming() {}

    /** Returns what the class is called loosely: its own name where no table has it. */
    static String loosely(String name) {
        return RARE.getOrDefault(name, LOOSE.getOrDefault(name, name));
    }

    /** Returns what a rare class is called instead: its own name if it is not rare. */
    static String rarely(String name) {
        return RARE.getOrDefault(name, name);
    }
}
