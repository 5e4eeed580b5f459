package dev.metaprompt.app;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.types.DataType;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.config.Configuration;

/**
 * Where and how tensors are computed.
 *
 * @param device the device
 * @param threads threads of computation on the processor
 * @param imagePrecision arithmetic of the image tower
 */
record Compute(Device device, int threads, DataType imagePrecision) {
    /** Sets the engine up. Its thread count is read once, when it loads: this must be the first use of it. */
    static Compute of(Configuration config) {
        int threads = config.autoInteger("threads").orElse(Runtime.getRuntime().availableProcessors());
        System.setProperty("ai.djl.pytorch.num_threads", String.valueOf(threads));
        System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
        System.setProperty(
                "java.util.concurrent.ForkJoinPool.common.parallelism", String.valueOf(Math.max(1, threads - 1)));
        Device device = device(config);
        String precision = config.text("precision");
        if (!precision.equals("fp32") && !device.isGpu()) {
            throw new InvalidInputException(
                    config.describe("precision")
                            + " but the device is the processor; fp32 is allowed there. Leave precision out, or use device=gpu.");
        }
        return new Compute(device, threads, precision.equals("fp16") ? DataType.FLOAT16 : DataType.FLOAT32);
    }

    private static Device device(Configuration config) {
        String wanted = config.text("device");
        if (wanted.equals("cpu")) {
            return Device.cpu();
        }
        int gpus = Engine.getInstance().getGpuCount();
        if (wanted.equals("auto")) {
            return gpus > 0 ? Device.gpu() : Device.cpu();
        }
        int index = wanted.startsWith("gpu:") ? Integer.parseInt(wanted.substring("gpu:".length())) : 0;
        if (index >= gpus) {
            throw new InvalidInputException(config.describe("device") + " but the engine sees " + gpus
                    + " GPUs. Use device=cpu, or point PYTORCH_LIBRARY_PATH to a CUDA build of PyTorch.");
        }
        return Device.gpu(index);
    }
}
