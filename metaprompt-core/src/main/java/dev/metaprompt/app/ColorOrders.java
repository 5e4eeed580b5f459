package dev.metaprompt.app;

import dev.metaprompt.config.Configuration;
import dev.metaprompt.feature.FeaturePack;
import dev.metaprompt.image.ColorOrder;
import java.util.Map;
import java.util.Optional;

/**
 * Who decides when images become RGB: the user, a record, a pack of features, a plan that was made before; or nobody.
 */
final class ColorOrders {
    /** The key. */
    static final String KEY = "image.colorOrder";

    /** Where its value comes from in a plan that was made when there was no such key. */
    static final String OLDER_PLAN = "plan of an older version";

    private ColorOrders() {}

    static ColorOrder of(Configuration config) {
        return ColorOrder.of(config.text(KEY));
    }

    /** The order in which a run's images were prepared; one that says nothing was made when there was one order. */
    static String ofRecord(Map<String, Object> config) {
        return config.getOrDefault(KEY, ColorOrder.RESIZE_FIRST.word()).toString();
    }

    /**
     * Returns the configuration with the pack's order, unless something else decided.
     *
     * @throws dev.metaprompt.InvalidInputException if that decided otherwise
     */
    static Configuration with(Optional<FeaturePack> pack, Configuration config) {
        if (pack.isEmpty()) {
            return config;
        }
        Optional<ColorOrder> asked = Optional.of(of(config)).filter(any -> isDecided(config));
        return with(pack.get().order(asked), "feature pack", config);
    }

    /** Tells whether anybody decided. */
    static boolean isDecided(Configuration config) {
        return !config.origin(KEY).equals("default");
    }

    /** Returns the configuration with an order; where it has that already, its origin stays. */
    static Configuration with(ColorOrder order, String origin, Configuration config) {
        return of(config) == order ? config : config.with(KEY, order.word(), origin);
    }
}
