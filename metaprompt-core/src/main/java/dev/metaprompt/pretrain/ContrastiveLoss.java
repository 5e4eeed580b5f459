package dev.metaprompt.pretrain;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.metaprompt.tensor.Scalars;
import java.util.List;

/** CLIP's symmetric loss over groups, for menus on which several images may choose the same text. */
final class ContrastiveLoss {
    private static final float NOT_ON_THE_MENU = -1e4f;

    private ContrastiveLoss() {}

    /**
     * Computes the mean of both directions' cross-entropy. An image's target is its text; a text's target is shared
     * equally by the images that chose it, and a text that nobody chose has none.
     *
     * @param images unnormalised features [G·C, D]
     * @param texts unnormalised features [G·M, D], every menu filled up to M rows
     * @param logitScale logarithm of s, a single value
     * @param menus the G menus
     * @return a single value
     */
    static NDArray of(NDArray images, NDArray texts, NDArray logitScale, List<Captions.Menu> menus) {
        long groups = menus.size();
        long classes = images.getShape().get(0) / groups;
        long size = texts.getShape().get(0) / groups;
        long width = images.getShape().get(1);
        NDArray x = unit(images).reshape(groups, classes, width);
        NDArray w = unit(texts).reshape(groups, size, width);
        NDManager manager = images.getManager();
        NDArray logits = x.matMul(w.transpose(0, 2, 1)).mul(logitScale.exp()).add(mask(manager, menus, (int) size));
        NDArray[] targets = targets(manager, menus, (int) classes, (int) size);
        NDArray byImage = logits.logSoftmax(2).mul(targets[0]).sum();
        NDArray byText = logits.logSoftmax(1).mul(targets[1]).sum();
        return Scalars.mul(byImage.add(byText), -0.5);
    }

    private static NDArray unit(NDArray features) {
        return features.div(features.square().sum(new int[] {1}, true).sqrt());
    }

    private static NDArray mask(NDManager manager, List<Captions.Menu> menus, int size) {
        float[] mask = new float[menus.size() * size];
        for (int g = 0; g < menus.size(); g++) {
            for (int m = menus.get(g).menu().size(); m < size; m++) {
                mask[g * size + m] = NOT_ON_THE_MENU;
            }
        }
        return manager.create(mask, new Shape(menus.size(), 1, size));
    }

    /** Weights of image → text and of text → image, each summing to 1 over all groups. */
    private static NDArray[] targets(NDManager manager, List<Captions.Menu> menus, int classes, int size) {
        float[] byImage = new float[menus.size() * classes * size];
        float[] byText = new float[byImage.length];
        for (int g = 0; g < menus.size(); g++) {
            int[] choice = menus.get(g).choice();
            int[] count = new int[size];
            int chosen = 0;
            for (int c : choice) {
                chosen += count[c]++ == 0 ? 1 : 0;
            }
            for (int i = 0; i < classes; i++) {
                int at = (g * classes + i) * size + choice[i];
                byImage[at] = 1f / (menus.size() * classes);
                byText[at] = 1f / (menus.size() * chosen * count[choice[i]]);
            }
        }
        Shape shape = new Shape(menus.size(), classes, size);
        return new NDArray[] {manager.create(byImage, shape), manager.create(byText, shape)};
    }
}
