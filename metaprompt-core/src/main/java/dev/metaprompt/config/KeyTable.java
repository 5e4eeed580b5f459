package dev.metaprompt.config;

import java.util.ArrayList;
import java.util.List;

/** The rows of the table of keys, in the order people read them. */
final class KeyTable extends KeyRows {
    /** The largest whole number that every reader of JSON keeps exactly. */
    private static final long LARGEST = (1L << 53) - 1;

    private static final int MANY = 1_000_000;

    private KeyTable() {}

    static List<Key> rows(List<String> methods) {
        KeyTable table = new KeyTable();
        table.main(methods);
        table.dataset();
        table.promptAndEpisode();
        table.training();
        table.loss();
        table.prototype();
        table.evaluation();
        table.features();
        table.places();
        table.prepare();
        table.check();
        table.tracking();
        List<Key> rows = new ArrayList<>(table.rows());
        rows.addAll(ExperimentKeys.all());
        KeyTable last = new KeyTable();
        last.encodeAndPretrain();
        rows.addAll(last.rows());
        return List.copyOf(rows);
    }

    private void main(List<String> methods) {
        begin(Group.MAIN);
        add(
                "model",
                Type.TEXT,
                "nano-clip",
                Allowed.anyText("nano-clip, a hub id, a folder or a checkpoint file"),
                "The frozen CLIP model: the embedded nano-clip, a hub id such as openai/clip-vit-base-patch16, or what is on disk.",
                true);
        text(
                "model.activation",
                null,
                Allowed.choice("gelu", "quickgelu"),
                "The activation of a weight file without a configuration beside it, where neither tells it.");
        optionalText(
                "tokenizer",
                "a tokenizer.json file or a folder that has one",
                "Where the tokenizer is, if not in the model's folder.");
        add(
                "dataset",
                Type.TEXT,
                "textures",
                Allowed.anyText("textures, dtd or another data set of CoOp's, a folder, or a .pack file"),
                "The images: the embedded benchmark textures, a data set by name, a folder, or a feature pack.",
                true);
        add(
                "method",
                Type.TEXT,
                "metaprompt",
                Allowed.choice(methods.toArray(String[]::new)),
                "What is trained: the paper's method, CoOp, a linear probe, or nothing (zero-shot CLIP).",
                true);
        add(
                "way",
                Type.INTEGER,
                5L,
                Allowed.integer(2, 10_000),
                "Classes of an episode; at most as many as there are base classes.",
                true);
        add(
                "shot",
                Type.INTEGER,
                2L,
                Allowed.integer(1, 10_000),
                "Support images a class in an episode; fewer than episode.imagesPerClass.",
                true);
        add(
                "seed",
                Type.INTEGER,
                1L,
                Allowed.integer(0, LARGEST),
                "Seed of the few-shot draw, the episodes and the initial values.",
                true);
        text(
                "preset",
                null,
                Allowed.choice("literal"),
                "A named set of keys: literal is the most literal reading of the paper.");
    }

    private void dataset() {
        begin(Group.DATASET);
        integer("dataset.shots", 16, 1, 10_000, "Training images a base class, drawn once per seed.");
        optionalText(
                "dataset.split",
                "a split file in CoOp's JSON format, official:<1 to 10> (DTD) or random:<seed>",
                "How images become train, val and test, if not by the only split_zhou_*.json of the dataset's folder.");
        optionalText("dataset.root", "a folder", "The folder in which data sets lie under CoOp's folder names.");
        text(
                "dataset.draw",
                "seed",
                Allowed.pattern("seed, coop, coop:<seed> or file:<path>", "seed|coop|coop:(0|[1-9]\\d{0,8})|file:.+"),
                "How training images are drawn: ours by seed, CoOp's own by the run's or a given seed, or a list.");
        text(
                "dataset.classSplit",
                "coop",
                Allowed.pattern("coop or random:<seed>", "coop|random:(0|[1-9]\\d{0,14})"),
                "How classes become base and new: the first half by label, or a random half.");
        names("dataset.classes.base", "The base classes by name, instead of dataset.classSplit.");
        names("dataset.classes.new", "The new classes by name, beside dataset.classes.base; may be left out.");
        integer("dataset.seed", 1, 0, LARGEST, "Generator seed of the embedded benchmark textures.");
    }

    private void promptAndEpisode() {
        begin(Group.PROMPT);
        integer("prompt.length", 4, 1, 64, "Context vectors of the learned prompt.");
        text(
                "prompt.init",
                "a photo of a",
                Allowed.anyText("random or a text of prompt.length tokens"),
                "The text whose token embeddings the context vectors start from, or random.");
        text(
                "prompt.template",
                "a photo of a {}.",
                Allowed.pattern("a text with {} once", "[^{}]*\\{\\}[^{}]*"),
                "Zero-shot CLIP's template; {} stands for the class name.");
        begin(Group.EPISODE);
        integer("episode.tasks", 4, 1, 10_000, "Tasks whose losses one optimiser step averages.");
        integer("episode.imagesPerClass", 16, 2, 10_000, "Images a class in an episode, support and query together.");
        flag("episode.shuffleSupport", false, "Control: gives each class another class's support images.");
    }

    private void training() {
        begin(Group.TRAIN);
        integer("train.epochs", 100, 1, MANY, "Epochs of training.");
        add(
                "train.iterations",
                Type.AUTO_INTEGER,
                10L,
                Allowed.autoInteger(1, MANY),
                "Optimiser steps an epoch; auto is one pass over the training images.",
                false);
        integer("train.batch", 32, 1, MANY, "Images a step of the methods that train on mini-batches.");
        number("train.learningRate", 2e-3, Allowed.positive(1000), "Learning rate after the warm-up.");
        number("train.momentum", 0.9, Allowed.number(0, 0.9999), "Momentum of SGD.");
        number("train.weightDecay", 5e-4, Allowed.number(0, 10), "Weight decay of SGD.");
        text(
                "train.schedule",
                "cosine",
                Allowed.choice("cosine", "constant"),
                "Course of the learning rate after the warm-up.");
        integer("train.warmupEpochs", 1, 0, MANY, "First epochs, at train.warmupLearningRate.");
        number("train.warmupLearningRate", 1e-5, Allowed.positive(1000), "Learning rate of the warm-up.");
        text(
                "train.select",
                "last",
                Allowed.choice("last", "best-val"),
                "Which epoch's tensors are kept: the last, or the best on validation images.");
    }

    private void loss() {
        begin(Group.LOSS);
        number("loss.klWeight", 0.2, Allowed.number(0, 1000), "Weight of the KL term (the paper's lambda).");
        text(
                "loss.klDirection",
                "mm-text",
                Allowed.choice("mm-text", "text-mm"),
                "KL(multi-modal || text), or the reverse.");
        text(
                "loss.klReduction",
                "batch",
                Allowed.choice("batch", "element"),
                "Mean of the KL term over the queries, or over queries and classes.");
        flag("loss.detachMultimodal", false, "Stops the KL term's gradient through the multi-modal prediction.");
    }

    private void prototype() {
        begin(Group.PROTOTYPE);
        text(
                "prototype",
                "attention",
                Allowed.choice("attention", "mean", "text"),
                "A class's prototype: cross-attention, or as a control the mean of text and supports, or text alone.");
        add(
                "crossAttention.heads",
                Type.AUTO_INTEGER,
                "auto",
                Allowed.autoInteger(1, 1024),
                "Attention heads, a divisor of the projection width; auto is its largest divisor up to 8.",
                false);
        text(
                "crossAttention.scope",
                "class",
                Allowed.choice("class", "task"),
                "Keys and values: the class's own supports, or all supports of the task.");
        flag("crossAttention.norm", false, "Layer norm before the query, key and value projections.");
        text(
                "crossAttention.init",
                "zero",
                Allowed.choice("zero", "xavier"),
                "Initial values of the output projections Wo and W2.");
        text(
                "crossAttention.input",
                "unit",
                Allowed.choice("unit", "raw"),
                "Features the attention sees: of unit length, or as CLIP gives them.");
        integer("mlp.ratio", 4, 1, 64, "Hidden width of the MLP over the projection width.");
        flag("mlp.residual", true, "Residual connection around the MLP.");
        flag("mlp.norm", false, "Layer norm before the MLP.");
        begin(Group.AUGMENT);
        text(
                "augment",
                "views:8",
                Allowed.pattern("online, views:<1 to 999> or none", "online|none|views:[1-9]\\d{0,2}"),
                "Views of training images: a fresh one at each use, one of V encoded once, or the centre crop alone.");
    }

    private void evaluation() {
        begin(Group.EVALUATE);
        integer("evaluate.episodes", 600, 2, MANY, "Test episodes of the N-way K-shot accuracy.");
    }

    private void features() {
        begin(Group.IMAGE);
        text(
                "image.colorOrder",
                "convert-first",
                Allowed.choice("convert-first", "resize-first"),
                "When palette, 1-bit, alpha and CMYK images become RGB: before they are resized, as in transformers and CoOp, or"
                        + " after, as in OpenAI's code, open_clip and earlier versions.");
        begin(Group.FEATURE);
        text(
                "feature.precision",
                "fp32",
                Allowed.choice("fp32", "fp16"),
                "Precision in which image features are kept and used.");
        number(
                "cache.limit",
                20,
                Allowed.positive(1e6),
                "Size in GiB above which the oldest kept features are removed.");
    }

    private void prepare() {
        begin(Group.PREPARE);
        optionalText("pack", "a file", "Writes the image features of model and dataset to a feature pack.");
        optionalText("pack.licence", "a text", "The licence of the images, as the feature pack states it.");
        flag("cache.clean", false, "Removes all kept image features first.");
        flag("selfcheck", false, "Compares zero-shot CLIP ViT-B/16 on DTD with the published figures.");
    }

    private void check() {
        begin(Group.CHECK);
        floor("check.minBase", "base accuracy");
        floor("check.minNew", "new accuracy");
        floor("check.minHarmonicMean", "harmonic mean");
        optionalText(
                "check.baseline",
                "a JSON file or mlflow:<experiment>",
                "What the runs are compared with: a file that check.update wrote, or the best run of a server.");
        number("check.tolerance", 1.0, Allowed.number(0, 100), "Points that a figure may fall below the baseline's.");
        number("check.confidence", 0.95, Allowed.number(0.5, 0.9999), "One-sided confidence of the bound of the drop.");
        text(
                "check.runs",
                "*",
                Allowed.anyText("ids of runs with commas between them; * and ? stand for any characters"),
                "Which runs of the runs folder are checked.");
        text(
                "check.mixed",
                "refuse",
                Allowed.choice("refuse", "newest", "join"),
                "Runs of one configuration that different code computed: refused, the newest code's alone, or joined.");
        flag("check.update", false, "Writes the baseline file from the runs instead of comparing.");
    }

    private void floor(String name, String figure) {
        add(name, Type.NUMBER, null, Allowed.number(0, 100), "Lowest allowed " + figure + " in percent.", false);
    }

    private void tracking() {
        begin(Group.TRACKING);
        optionalText(
                "tracking.uri",
                "the http(s) address of an MLflow server",
                "The server that mirrors runs; MLFLOW_TRACKING_URI if unset. Credentials: MLflow's own variables only.");
        optionalText("tracking.experiment", "a text", "MLflow's experiment; metaprompt/<dataset> if unset.");
        flag(
                "tracking.allowPlain",
                false,
                "Lets user, password and token go to a public host over http, for others to read on the way.");
    }

    private void places() {
        begin(Group.PLACE);
        text("runs", "runs", Allowed.anyText("a folder"), "The folder of run directories.");
        optionalText(
                "run",
                "the id of a run in the runs folder, or a run's folder",
                "The run to go on with (train) or to evaluate (default there: the newest finished one).");
        optionalText("cache", "a folder", "Where prepared data and image features are kept.");
        optionalText("config", "a .yaml, .yml or .properties file", "A file that sets keys.");
        flag("offline", false, "Fetches nothing; Maven's -o sets it.");
        text(
                "device",
                "auto",
                Allowed.pattern("auto, cpu, gpu or gpu:<index>", "auto|cpu|gpu(:\\d{1,3})?"),
                "Where tensors are computed; gpu encodes images on all GPUs and does the rest on the first, gpu:<index> uses"
                        + " that one alone. auto is gpu where there is one.");
        add(
                "threads",
                Type.AUTO_INTEGER,
                "auto",
                Allowed.autoInteger(1, 1024),
                "Threads of computation; auto is one a processor core.",
                false);
        text(
                "precision",
                "fp32",
                Allowed.choice("fp32", "fp16", "bf16"),
                "Arithmetic of the frozen image encoder on a GPU; the text encoder is always fp32.");
    }

    private void encodeAndPretrain() {
        begin(Group.ENCODE);
        optionalText("images", "a folder of images", "Images to encode, in sorted order of their names.");
        optionalText("texts", "a file of texts, one a line", "Texts to encode, in the order of their lines.");
        flag(
                "encode.truncate",
                false,
                "Cuts texts that have more tokens than the model takes, instead of refusing them.");
        optionalText("out", "a file (encode, report) or a folder (pretrain)", "What to write.");
        begin(Group.PRETRAIN);
        integer("pretrain.steps", 1500, 1, 10_000_000, "Optimiser steps of the contrastive training.");
        integer("pretrain.groups", 4, 1, 1000, "Groups of one captioned image of each class a step.");
        number("pretrain.learningRate", 3e-3, Allowed.positive(1), "Peak learning rate.");
        integer("pretrain.warmup", 100, 1, 10_000_000, "Steps over which the learning rate rises.");
        integer("pretrain.seed", 20, 0, LARGEST, "Seed of the captioned images and the initial weights.");
        integer("pretrain.imagesPerClass", 400, 1, 1_000_000, "Distinct captioned images a class.");
    }
}
