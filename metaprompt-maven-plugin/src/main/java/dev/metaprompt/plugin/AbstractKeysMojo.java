package dev.metaprompt.plugin;

import java.util.Map;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugins.annotations.Parameter;

/** The parameter that takes every key; a test holds its text against the core's table. */
abstract class AbstractKeysMojo extends AbstractMojo {
    /**
     * Any key by its full dotted name; {@code -Dmetaprompt.<key>=…} beats it. Default: none. Example:
     * {@code <options><loss.klWeight>0.1</loss.klWeight></options>}. The keys that are no parameters of their own, with
     * their defaults:
     * <ul>
     * <li>{@code model.activation} (unset): The activation of a weight file without a configuration beside it, where
     *     neither tells it.
     * <li>{@code tokenizer} (unset): Where the tokenizer is, if not in the model's folder.
     * <li>{@code dataset.shots} (16): Training images a base class, drawn once per seed.
     * <li>{@code dataset.split} (unset): How images become train, val and test, if not by the only
     *     split_zhou_*.json of the dataset's folder.
     * <li>{@code dataset.root} (unset): The folder in which data sets lie under CoOp's folder names.
     * <li>{@code dataset.draw} (seed): How training images are drawn: ours by seed, CoOp's own by the run's or a
     *     given seed, or a list.
     * <li>{@code dataset.classSplit} (coop): How classes become base and new: the first half by label, or a
     *     random half.
     * <li>{@code dataset.classes.base} (unset): The base classes by name, instead of dataset.classSplit.
     * <li>{@code dataset.classes.new} (unset): The new classes by name, beside dataset.classes.base; may be left
     *     out.
     * <li>{@code dataset.seed} (1): Generator seed of the embedded benchmark textures.
     * <li>{@code prompt.length} (4): Context vectors of the learned prompt.
     * <li>{@code prompt.init} (a photo of a): The text whose token embeddings the context vectors start from, or
     *     random.
     * <li>{@code prompt.template} (a photo of a {}.): Zero-shot CLIP's template; {} stands for the class name.
     * <li>{@code episode.tasks} (4): Tasks whose losses one optimiser step averages.
     * <li>{@code episode.imagesPerClass} (16): Images a class in an episode, support and query together.
     * <li>{@code episode.shuffleSupport} (false): Control: gives each class another class's support images.
     * <li>{@code train.epochs} (100): Epochs of training.
     * <li>{@code train.iterations} (10): Optimiser steps an epoch; auto is one pass over the training images.
     * <li>{@code train.batch} (32): Images a step of the methods that train on mini-batches.
     * <li>{@code train.learningRate} (0.002): Learning rate after the warm-up.
     * <li>{@code train.momentum} (0.9): Momentum of SGD.
     * <li>{@code train.weightDecay} (5.0E-4): Weight decay of SGD.
     * <li>{@code train.schedule} (cosine): Course of the learning rate after the warm-up.
     * <li>{@code train.warmupEpochs} (1): First epochs, at train.warmupLearningRate.
     * <li>{@code train.warmupLearningRate} (1.0E-5): Learning rate of the warm-up.
     * <li>{@code train.select} (last): Which epoch's tensors are kept: the last, or the best on validation
     *     images.
     * <li>{@code loss.klWeight} (0.2): Weight of the KL term (the paper's lambda).
     * <li>{@code loss.klDirection} (mm-text): KL(multi-modal || text), or the reverse.
     * <li>{@code loss.klReduction} (batch): Mean of the KL term over the queries, or over queries and classes.
     * <li>{@code loss.detachMultimodal} (false): Stops the KL term's gradient through the multi-modal prediction.
     * <li>{@code crossAttention.heads} (auto): Attention heads, a divisor of the projection width; auto is its
     *     largest divisor up to 8.
     * <li>{@code crossAttention.scope} (class): Keys and values: the class's own supports, or all supports of the
     *     task.
     * <li>{@code crossAttention.norm} (false): Layer norm before the query, key and value projections.
     * <li>{@code crossAttention.init} (zero): Initial values of the output projections Wo and W2.
     * <li>{@code crossAttention.input} (unit): Features the attention sees: of unit length, or as CLIP gives
     *     them.
     * <li>{@code mlp.ratio} (4): Hidden width of the MLP over the projection width.
     * <li>{@code mlp.residual} (true): Residual connection around the MLP.
     * <li>{@code mlp.norm} (false): Layer norm before the MLP.
     * <li>{@code evaluate.episodes} (600): Test episodes of the N-way K-shot accuracy.
     * <li>{@code image.colorOrder} (convert-first): When palette, 1-bit, alpha and CMYK images become RGB: before
     *     they are resized, as in transformers and CoOp, or after, as in OpenAI's code, open_clip and earlier
     *     versions.
     * <li>{@code feature.precision} (fp32): Precision in which image features are kept and used.
     * <li>{@code cache.limit} (20.0): Size in GiB above which the oldest kept features are removed.
     * <li>{@code offline} (false): Fetches nothing; Maven's -o sets it.
     * <li>{@code precision} (fp32): Arithmetic of the frozen image encoder on a GPU; the text encoder is always
     *     fp32.
     * <li>{@code pack} (unset): Writes the image features of model and dataset to a feature pack.
     * <li>{@code pack.licence} (unset): The licence of the images, as the feature pack states it.
     * <li>{@code cache.clean} (false): Removes all kept image features first.
     * <li>{@code selfcheck} (false): Compares zero-shot CLIP ViT-B/16 on DTD with the published figures.
     * <li>{@code tracking.uri} (unset): The server that mirrors runs; MLFLOW_TRACKING_URI if unset. Credentials:
     *     MLflow's own variables only.
     * <li>{@code tracking.experiment} (unset): MLflow's experiment; metaprompt/{@literal <}dataset> if unset.
     * <li>{@code tracking.allowPlain} (false): Lets user, password and token go to a public host over http, for others to
     *     read on the way.
     * <li>{@code experiment.allowLarge} (false): Allows more than 10,000 cells.
     * <li>{@code temporal.namespace} (default): Temporal's namespace.
     * <li>{@code temporal.taskQueue} (metaprompt): Task queue; cells go to it with -cpu or -gpu behind.
     * <li>{@code temporal.heartbeat} (60): Seconds without a sign of life after which a cell goes to another
     *     worker.
     * <li>{@code temporal.tls} (false): Encrypts the connection; on where an API key or a certificate is given.
     * <li>{@code temporal.tls.ca} (unset): Certificates to trust, if not the system's.
     * <li>{@code temporal.tls.certificate} (unset): The client's certificate chain.
     * <li>{@code temporal.tls.key} (unset): The client's private key.
     * <li>{@code pretrain.steps} (1500): Optimiser steps of the contrastive training.
     * <li>{@code pretrain.groups} (4): Groups of one captioned image of each class a step.
     * <li>{@code pretrain.learningRate} (0.003): Peak learning rate.
     * <li>{@code pretrain.warmup} (100): Steps over which the learning rate rises.
     * <li>{@code pretrain.seed} (20): Seed of the captioned images and the initial weights.
     * <li>{@code pretrain.imagesPerClass} (400): Distinct captioned images a class.
     * </ul>
     *
     * @since 0.1.0
     */
    @Parameter
    private Map<String, String> options;
}
