package dev.metaprompt.pretrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.RandomStream;
import dev.metaprompt.data.textures.Texture;
import dev.metaprompt.data.textures.TextureRenderer;
import dev.metaprompt.pretrain.Captions.Manner;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CaptionsTest {
    private static final List<String> NAMES = TextureRenderer.classNames();
    private static final int GROUPS = 2000;
    private final Captions captions = new Captions(NAMES);

    private List<Captions.Menu> draw() {
        List<Texture> images = new ArrayList<>();
        for (int c = 0; c < NAMES.size(); c++) {
            images.add(new Texture(c, new byte[0], c % 2 == 0 ? "red" : "blue", 0.5));
        }
        List<Captions.Menu> menus = new ArrayList<>();
        for (int g = 0; g < GROUPS; g++) {
            menus.add(captions.draw(images, RandomStream.of(1, "captions", g)));
        }
        return menus;
    }

    @Test
    void looseMannersMisnameTheTabledClassesAsOftenAsStated() {
        Map<Manner, double[]> seen = new EnumMap<>(Manner.class);
        for (Captions.Menu menu : draw()) {
            double[] count = seen.computeIfAbsent(menu.manner(), m -> new double[3]);
            count[0]++;
            if (menu.menu().size() == NAMES.size()) {
                count[1] += menu.choice()[NAMES.indexOf("banded")] == NAMES.indexOf("banded") ? 0 : 1;
                count[2] += menu.choice()[NAMES.indexOf("dotted")] == NAMES.indexOf("dotted") ? 0 : 1;
            }
        }
        assertEquals(5, seen.size());
        assertEquals(0, seen.get(Manner.ACCURATE)[1]);
        rate(Captions.MISNAMED_TEXTURE, seen.get(Manner.TEXTURE));
        rate(Captions.MISNAMED_PHOTO, seen.get(Manner.PHOTO));
        seen.values().forEach(count -> assertEquals(0, count[2], "a well known class is never misnamed"));
    }

    /** Within four standard errors. */
    private static void rate(double expected, double[] count) {
        double error = Math.sqrt(expected * (1 - expected) / count[0]);
        assertEquals(expected, count[1] / count[0], 4 * error);
    }

    @Test
    void menusHoldEachTextOnceAndEveryChoice() {
        for (Captions.Menu menu : draw()) {
            assertEquals(menu.menu().size(), new HashSet<>(menu.menu()).size());
            for (int choice : menu.choice()) {
                assertTrue(choice >= 0 && choice < menu.menu().size());
            }
            menu.menu().forEach(text -> assertTrue(text.indexOf('{') < 0, text));
        }
    }

    @Test
    void neighboursAreClassesAndNeverMisnamedThemselves() {
        for (Map<String, String> table : List.of(Naming.RARE, Naming.LOOSE)) {
            table.forEach((name, other) -> {
                assertTrue(NAMES.contains(name), name);
                assertTrue(NAMES.contains(other), other);
                assertEquals(NAMES.indexOf(name) < 24, NAMES.indexOf(other) < 24, "half of " + name);
                assertEquals(other, Naming.loosely(other));
            });
        }
    }
}
