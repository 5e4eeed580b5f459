package dev.metaprompt.app;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.types.DataType;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.config.Configuration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Where and how tensors are computed.
 *
 * @param devices those that encode images; the first computes all the rest
 * @param threads threads of computation on the processor
 * @param imagePrecision arithmetic of the image tower
 */
record Compute(List<Device> devices, int threads, DataType imagePrecision) {
    private static final Map<String, DataType> PRECISIONS =
            Map.of("fp32", DataType.FLOAT32, "fp16", DataType.FLOAT16, "bf16", DataType.BFLOAT16);

    /** Sets the engine up. Its thread count is read once, when it loads: this must be the first use of it. */
    static Compute of(Configuration config) {
        NativeFolder.prepare(config);
        int threads = config.autoInteger("threads").orElse(Runtime.getRuntime().availableProcessors());
        System.setProperty("ai.djl.pytorch.num_threads", String.valueOf(threads));
        System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
        System.setProperty(
                "java.util.concurrent.ForkJoinPool.common.parallelism", String.valueOf(Math.max(1, threads - 1)));
        List<Device> devices = devices(config);
        String precision = config.text("precision");
        if (!precision.equals("fp32") && !devices.get(0).isGpu()) {
            throw new InvalidInputException(
                    config.describe("precision")
                            + " but the device is the processor; fp32 is allowed there. Leave precision out, or use device=gpu.");
        }
        return new Compute(devices, threads, PRECISIONS.get(precision));
    }

    Device device() {
        return devices.get(0);
    }

    private static List<Device> devices(Configuration config) {
        String wanted = config.text("device");
        return wanted.equals("cpu")
                ? List.of(Device.cpu())
                : devices(config, wanted, Engine.getInstance().getGpuCount());
    }

    /** Chooses among the GPUs that the engine sees. */
    static List<Device> devices(Configuration config, String wanted, int gpus) {
        if (wanted.equals("auto") && gpus == 0) {
            return List.of(Device.cpu());
        }
        boolean all = !wanted.startsWith("gpu:");
        int first = all ? 0 : Integer.parseInt(wanted.substring("gpu:".length()));
        if (first >= gpus) {
            throw new InvalidInputException(config.describe("device") + " but the engine sees " + gpus
                    + " GPUs. Use device=cpu, or point PYTORCH_LIBRARY_PATH to a CUDA build of PyTorch.");
        }
        return IntStream.range(first, all ? gpus : first + 1)
                .mapToObj(Device::gpu)
                .toList();
    }
}
