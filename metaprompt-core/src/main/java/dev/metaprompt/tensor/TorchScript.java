package dev.metaprompt.tensor;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A module of our own in TorchScript: many operations in one call, among them such as DJL does not offer. Its sources
 * are resources beside the class that uses them; nothing that a user names is ever read as a script.
 *
 * <p>The engine runs it operation by operation, as written, without rewriting it on the way: the first calls compute what
 * later ones do.
 */
public final class TorchScript {
    // The engine's option, read at every call, that has scripts rewritten while they run.
    private static final String OPTIMIZER = "ai.djl.pytorch.graph_optimizer";

    private static final String METHOD = "module_method:";
    private static final String LIST = "weights[]";

    private final NDManager manager;
    private final Block block;
    private final ParameterStore parameters;
    private final Map<String, NDArray> methods = new ConcurrentHashMap<>();

    private TorchScript(NDManager manager, Block block) {
        this.manager = manager;
        this.block = block;
        this.parameters = new ParameterStore(manager, false);
    }

    /**
     * Loads a module.
     *
     * @param manager owner of the module, on the module's device
     * @param place the class beside which the sources lie
     * @param module the class of the module
     * @param constants its attributes: integers, doubles and booleans
     * @param sources resources by the file that they are to the script: {@code __torch__} holds the module
     * @return the module
     * @throws ai.djl.engine.EngineException if this build of the engine lacks an operation
     */
    public static TorchScript load(
            NDManager manager,
            Class<?> place,
            String module,
            Map<String, Object> constants,
            Map<String, String> sources) {
        System.setProperty(OPTIMIZER, "false");
        Map<String, String> texts = new LinkedHashMap<>();
        sources.forEach((file, resource) -> texts.put(file, text(place, resource)));
        Map<String, Object> attributes = new LinkedHashMap<>(constants);
        attributes.put("training", false);
        Model model = Model.newInstance(module, manager.getDevice());
        try (InputStream archive = ScriptArchive.of(module, attributes, texts)) {
            model.load(archive);
            // The engine makes an empty folder for it; a killed process would leave that behind.
            Files.deleteIfExists(model.getModelPath());
        } catch (IOException | MalformedModelException e) {
            model.close();
            throw new IllegalStateException("the script " + module + " cannot be loaded", e);
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
        manager.attachInternal(model.toString() + System.identityHashCode(model), model);
        return new TorchScript(manager, model.getBlock());
    }

    private static String text(Class<?> place, String resource) {
        try (InputStream input = place.getResourceAsStream(resource)) {
            return new String(input.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Marks tensors as one argument, a list.
     *
     * @param tensors the list's tensors; they are named so
     * @return the same tensors
     */
    public static List<NDArray> list(List<NDArray> tensors) {
        tensors.forEach(tensor -> tensor.setName(LIST));
        return tensors;
    }

    /**
     * Calls a method that gives one tensor; no gradient passes through it.
     *
     * @param method the method's name
     * @param x the first argument
     * @param list the second argument, from {@link #list}; none where it is empty
     * @param others further arguments
     * @return the result, owned by the caller's scope
     */
    public NDArray call(String method, NDArray x, List<NDArray> list, NDArray... others) {
        return run(method, false, x, list, others).singletonOrThrow();
    }

    /**
     * As {@link #call}, with gradients as through any operation: where they are collected and an argument requires one.
     *
     * @param method the method's name
     * @param x the first argument
     * @param list the second argument, from {@link #list}; none where it is empty
     * @param others further arguments
     * @return the result, owned by the caller's scope
     */
    public NDArray callDifferentiably(String method, NDArray x, List<NDArray> list, NDArray... others) {
        return run(method, true, x, list, others).singletonOrThrow();
    }

    /**
     * As {@link #callDifferentiably}, of a method that gives a list of tensors.
     *
     * @param method the method's name
     * @param x the first argument
     * @param list the second argument, from {@link #list}; none where it is empty
     * @param others further arguments
     * @return the results, owned by the caller's scope
     */
    public NDList callForList(String method, NDArray x, List<NDArray> list, NDArray... others) {
        return run(method, true, x, list, others);
    }

    private NDList run(String method, boolean gradient, NDArray x, List<NDArray> list, NDArray... others) {
        NDList arguments = new NDList(list.size() + others.length + 2);
        arguments.add(x);
        arguments.addAll(list);
        arguments.addAll(List.of(others));
        arguments.add(methods.computeIfAbsent(method, this::named));
        return block.forward(parameters, arguments, gradient);
    }

    // The engine takes the method's name from the name of an array.
    private NDArray named(String method) {
        NDArray array = manager.create(0);
        NDScope.unregister(array);
        array.setName(METHOD + method);
        return array;
    }
}
