package dev.metaprompt.pretrain;

import dev.metaprompt.RandomStream;
import dev.metaprompt.data.textures.Texture;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Draws captions: for a group of one image a class, a menu of texts and each image's place in it. */
final class Captions {
    /** How a group's captions are written. */
    enum Manner {
        /** One accurate template, all names on the menu. */
        ACCURATE,
        /** "texture": rare names are often missed. */
        TEXTURE,
        /** "photo", "picture": all tabled names are often missed. */
        PHOTO,
        /** Each image its own accurate template, colour and scale. */
        FREE,
        /** Vague: colour and scale only. */
        VAGUE
    }

    /** Probability that a tabled name is missed in a caption that says "texture". */
    static final double MISNAMED_TEXTURE = 0.65;

    /** Probability that a tabled name is missed in a caption that says "photo" or "picture". */
    static final double MISNAMED_PHOTO = 0.65;

    static final List<String> ACCURATE = List.of(
            "{} pattern.",
            "a {} pattern.",
            "a {} surface.",
            "a surface that is {}.",
            "a pattern that is {}.",
            "{} material.",
            "detail of a {} surface.",
            "this material is very {}.",
            "a drawing of a {} pattern.",
            "the surface looks {}.");
    static final List<String> TEXTURE =
            List.of("{} texture.", "{} texture.", "a {} texture.", "a texture that is {}.", "texture of a {} thing.");
    static final List<String> PHOTO = List.of(
            "a photo of a {}.",
            "a photo of a {}.",
            "a photo of a {} thing.",
            "a photo of something {}.",
            "a picture of a {}.",
            "a {} photo.",
            "a close photo of a {}.");
    private static final List<String> FREE = List.of(
            "a {c} {} pattern.",
            "a {s} {} pattern.",
            "a {s} {c} {} surface.",
            "{} pattern in {c}.",
            "a surface that is {c} and {}.");
    private static final List<String> SCALES = List.of("fine", "plain", "coarse");
    private static final List<String> VAGUE =
            List.of("a {c} pattern.", "a {s} {c} surface.", "{c} texture.", "a photo of something {c}.");

    /** Of twenty groups this many are written in each manner, in the order of the enumeration. */
    private static final int[] SHARES = {6, 4, 6, 2, 2};

    private final List<String> names;

    /**
     * A group's captions.
     *
     * @param manner how they are written
     * @param menu distinct texts
     * @param choice each image's place in the menu
     */
    record Menu(Manner manner, List<String> menu, int[] choice) {}

    Captions(List<String> names) {
        this.names = List.copyOf(names);
    }

    /** Draws the captions of a group whose images are given in the order of the classes. */
    Menu draw(List<Texture> images, RandomStream r) {
        Manner manner = manner(r);
        return switch (manner) {
            case ACCURATE -> named(manner, pick(ACCURATE, r), images, 0, r);
            case TEXTURE -> named(manner, pick(TEXTURE, r), images, MISNAMED_TEXTURE, r);
            case PHOTO -> named(manner, pick(PHOTO, r), images, MISNAMED_PHOTO, r);
            case FREE -> written(manner, FREE, images, r);
            case VAGUE -> written(manner, VAGUE, images, r);
        };
    }

    private static Manner manner(RandomStream r) {
        int draw = r.nextInt(20);
        for (Manner manner : Manner.values()) {
            draw -= SHARES[manner.ordinal()];
            if (draw < 0) {
                return manner;
            }
        }
        throw new IllegalStateException("shares do not sum to 20");
    }

    private Menu named(Manner manner, String template, List<Texture> images, double misnamed, RandomStream r) {
        int[] choice = new int[images.size()];
        for (int i = 0; i < choice.length; i++) {
            String name = names.get(images.get(i).label());
            boolean missed = r.nextDouble() < misnamed;
            String other = manner == Manner.PHOTO ? Naming.loosely(name) : Naming.rarely(name);
            choice[i] = names.indexOf(missed ? other : name);
        }
        return new Menu(
                manner, names.stream().map(n -> template.replace("{}", n)).toList(), choice);
    }

    private Menu written(Manner manner, List<String> templates, List<Texture> images, RandomStream r) {
        Map<String, Integer> menu = new LinkedHashMap<>();
        int[] choice = new int[images.size()];
        for (int i = 0; i < choice.length; i++) {
            Texture image = images.get(i);
            String text = pick(templates, r)
                    .replace("{}", names.get(image.label()))
                    .replace("{c}", image.colorName())
                    .replace("{s}", scale(image));
            menu.putIfAbsent(text, menu.size());
            choice[i] = menu.get(text);
        }
        return new Menu(manner, new ArrayList<>(menu.keySet()), choice);
    }

    private static String scale(Texture image) {
        double c = image.coarseness();
        return SCALES.get(c < 0.25 ? 0 : c < 0.75 ? 1 : 2);
    }

    private static String pick(List<String> templates, RandomStream r) {
        return templates.get(r.nextInt(templates.size()));
    }

    /** All words that captions are made of, sorted. */
    static TreeSet<String> words(List<String> names) {
        TreeSet<String> words = new TreeSet<>(SCALES);
        List<String> texts = new ArrayList<>(names);
        for (List<String> templates : List.of(ACCURATE, TEXTURE, PHOTO, FREE, VAGUE)) {
            texts.addAll(templates);
        }
        texts.addAll(List.of("red orange brown yellow green teal blue purple pink gray black white grey"));
        texts.add("the a an of with on in at and or is this that it image sketch rendering sample material thing");
        for (String text : texts) {
            for (String word : text.replaceAll("\\{.?\\}", " ").split("[^a-z]+")) {
                if (!word.isEmpty()) {
                    words.add(word);
                }
            }
        }
        return words;
    }
}
