package dev.metaprompt.pretrain;

import dev.metaprompt.RandomStream;
import dev.metaprompt.data.textures.Texture;
import dev.metaprompt.image.ImagePipeline;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one step sees: a function of seed and step alone.
 *
 * @param pixels normalised pixels [G·C, 3, S, S]
 * @param menus the captions of the G groups
 * @param texts the distinct captions of all menus
 * @param rows for every row of every menu, filled up to the longest, the place of its text in {@code texts}
 */
@SuppressWarnings("ArrayRecordComponent")
record Batch(float[] pixels, List<Captions.Menu> menus, List<String> texts, int[] rows) {

    static Batch draw(TexturePool pool, ImagePipeline pipeline, Captions captions, int groups, long seed, long step) {
        int classes = pool.classes();
        int size = 3 * pipeline.size() * pipeline.size();
        float[] pixels = new float[groups * classes * size];
        List<Captions.Menu> menus = new ArrayList<>();
        for (int g = 0; g < groups; g++) {
            RandomStream r = RandomStream.of(seed, "group", step, g);
            List<Texture> images = new ArrayList<>();
            for (int c = 0; c < classes; c++) {
                Texture image = pool.view(c, r.nextInt(pool.perClass()));
                images.add(image);
                pipeline.normalize(varied(image.rgb(), pipeline.size(), r), pixels, (g * classes + c) * size);
            }
            menus.add(captions.draw(images, r));
        }
        return collect(pixels, menus);
    }

    private static Batch collect(float[] pixels, List<Captions.Menu> menus) {
        int longest = menus.stream().mapToInt(m -> m.menu().size()).max().orElseThrow();
        Map<String, Integer> places = new LinkedHashMap<>();
        int[] rows = new int[menus.size() * longest];
        for (int g = 0; g < menus.size(); g++) {
            List<String> menu = menus.get(g).menu();
            for (int m = 0; m < menu.size(); m++) {
                places.putIfAbsent(menu.get(m), places.size());
                rows[g * longest + m] = places.get(menu.get(m));
            }
        }
        return new Batch(pixels, menus, List.copyOf(places.keySet()), rows);
    }

    /** Mirrors every other image and varies contrast and brightness, so that a pool lasts longer. */
    private static byte[] varied(byte[] rgb, int size, RandomStream r) {
        boolean mirror = r.nextDouble() < 0.5;
        double contrast = r.nextDouble(0.7, 1.2);
        double brightness = r.nextDouble(-30, 30);
        byte[] levels = new byte[256];
        for (int i = 0; i < 256; i++) {
            double level = 127.5 + contrast * (i - 127.5) + brightness;
            levels[i] = (byte) (int) Math.max(0, Math.min(255, level + 0.5));
        }
        byte[] out = new byte[rgb.length];
        for (int y = 0; y < size; y++) {
            for (int x = 0; x < size; x++) {
                int from = 3 * (y * size + (mirror ? size - 1 - x : x));
                int to = 3 * (y * size + x);
                for (int k = 0; k < 3; k++) {
                    out[to + k] = levels[rgb[from + k] & 255];
                }
            }
        }
        return out;
    }
}
