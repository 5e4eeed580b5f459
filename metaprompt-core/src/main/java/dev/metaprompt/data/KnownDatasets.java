package dev.metaprompt.data;

import dev.metaprompt.data.KnownDataset.Layout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The eleven datasets of CoOp's benchmark ("Learning to Prompt for Vision-Language Models", IJCV 2022), one row each.
 * Folders, split files and templates are those of CoOp's repository (its DATASETS.md and zero-shot trainer).
 */
public final class KnownDatasets {
    static final String PLAIN_TEMPLATE = "a photo of a {}.";
    static final String TEXTURE_TEMPLATE = "{} texture.";

    private static final String DTD_SPLIT = "split_zhou_DescribableTextures.json";
    private static final String DTD_SHA256 = "f26ebeccd2b58e68d70f07a0dc39fe49bf7b69024bac34396b954dfd87969c38";

    private static final Map<String, String> CALTECH_NAMES = Map.of(
            "airplanes", "airplane",
            "Faces", "face",
            "Leopards", "leopard",
            "Motorbikes", "motorbike");

    private static final Map<String, String> EUROSAT_NAMES = Map.of(
            "AnnualCrop", "Annual Crop Land",
            "HerbaceousVegetation", "Herbaceous Vegetation Land",
            "Highway", "Highway or Road",
            "Industrial", "Industrial Buildings",
            "Pasture", "Pasture Land",
            "PermanentCrop", "Permanent Crop Land",
            "Residential", "Residential Buildings",
            "SeaLake", "Sea or Lake");

    private static final List<KnownDataset> ALL = List.of(
            new KnownDataset(
                    "caltech101",
                    "caltech-101",
                    "101_ObjectCategories",
                    Layout.SPLIT_FILE,
                    "split_zhou_Caltech101.json",
                    Optional.empty(),
                    PLAIN_TEMPLATE,
                    CALTECH_NAMES,
                    Set.of("BACKGROUND_Google", "Faces_easy")),
            plain("oxford_pets", "oxford_pets", "images", "OxfordPets", "a photo of a {}, a type of pet."),
            plain("stanford_cars", "stanford_cars", "", "StanfordCars", PLAIN_TEMPLATE),
            plain("oxford_flowers", "oxford_flowers", "jpg", "OxfordFlowers", "a photo of a {}, a type of flower."),
            plain("food101", "food-101", "images", "Food101", "a photo of {}, a type of food."),
            listed("fgvc_aircraft", Layout.VARIANT_LISTS, "a photo of a {}, a type of aircraft."),
            plain("sun397", "sun397", "SUN397", "SUN397", PLAIN_TEMPLATE),
            new KnownDataset(
                    "dtd",
                    "dtd",
                    "images",
                    Layout.SPLIT_FILE,
                    DTD_SPLIT,
                    Optional.of(DTD_SHA256),
                    TEXTURE_TEMPLATE,
                    Map.of(),
                    Set.of()),
            new KnownDataset(
                    "eurosat",
                    "eurosat",
                    "2750",
                    Layout.SPLIT_FILE,
                    "split_zhou_EuroSAT.json",
                    Optional.empty(),
                    "a centered satellite photo of {}.",
                    EUROSAT_NAMES,
                    Set.of()),
            plain("ucf101", "ucf101", "UCF-101-midframes", "UCF101", "a photo of a person doing {}."),
            listed("imagenet", Layout.CLASS_FOLDERS, PLAIN_TEMPLATE));

    private static final Map<String, String> ALIASES =
            Map.of("flowers102", "oxford_flowers", "caltech-101", "caltech101", "food-101", "food101");

    private KnownDatasets() {}

    private static KnownDataset plain(String key, String folder, String images, String name, String template) {
        String split = "split_zhou_" + name + ".json";
        return new KnownDataset(
                key, folder, images, Layout.SPLIT_FILE, split, Optional.empty(), template, Map.of(), Set.of());
    }

    private static KnownDataset listed(String key, Layout layout, String template) {
        return new KnownDataset(key, key, "images", layout, "", Optional.empty(), template, Map.of(), Set.of());
    }

    /**
     * Returns the benchmark's datasets.
     *
     * @return eleven, in CoOp's usual order with ImageNet last
     */
    public static List<KnownDataset> all() {
        return ALL;
    }

    /**
     * Finds a dataset by the value of the option {@code dataset}.
     *
     * @param name a key, {@code flowers102}, or CoOp's folder name
     * @return the dataset, if it is one of the eleven
     */
    public static Optional<KnownDataset> find(String name) {
        String key = ALIASES.getOrDefault(name, name);
        return ALL.stream().filter(known -> known.key().equals(key)).findFirst();
    }

    /** Finds a dataset by the name of its split file. */
    static Optional<KnownDataset> bySplitFile(String name) {
        return ALL.stream()
                .filter(known -> !name.isEmpty() && known.splitFile().equals(name))
                .findFirst();
    }

    /** Recognises a dataset by what lies in its folder: its split file, or else a layout that no other has. */
    static Optional<KnownDataset> recognise(Path folder) {
        List<KnownDataset> bySplit = ALL.stream()
                .filter(known -> known.layout() == Layout.SPLIT_FILE)
                .filter(known -> Files.isRegularFile(folder.resolve(known.splitFile())))
                .toList();
        if (!bySplit.isEmpty()) {
            return bySplit.size() == 1 ? Optional.of(bySplit.get(0)) : Optional.empty();
        }
        if (VariantLists.areIn(folder)) {
            return find("fgvc_aircraft");
        }
        if (DtdLabels.areIn(folder)) {
            return find("dtd");
        }
        return ImageNetFolders.areIn(folder) ? find("imagenet") : Optional.empty();
    }
}
