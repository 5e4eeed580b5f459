package dev.metaprompt.evaluate;

import ai.djl.ndarray.NDArray;
import dev.metaprompt.method.Method;
import dev.metaprompt.statistics.Summary;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The evaluation at the end of a run.
 *
 * @param method what was trained
 * @param zeroShot zero-shot CLIP by template, in the order shown
 * @param data what it is evaluated on
 * @param scale s
 * @param way N of the test episodes
 * @param shot K
 * @param episodes how many test episodes, at least 2
 * @param seed the run's seed
 */
public record FinalEvaluation(
        Method method,
        Map<String, Method> zeroShot,
        EvaluationData data,
        double scale,
        int way,
        int shot,
        int episodes,
        long seed) {

    /**
     * Evaluates.
     *
     * @param parameters what was learned
     * @return the scores
     */
    public FinalScores run(Map<String, NDArray> parameters) {
        Map<String, SplitScores> templates = new LinkedHashMap<>();
        zeroShot.forEach((template, clip) -> templates.put(template, scores(clip, Map.of())));
        Evaluator evaluator = new Evaluator(method, scale, shot, seed);
        Evaluator.Both base = evaluator.both(parameters, data.base(), data.baseSupport());
        Optional<Evaluator.Both> newClasses = data.newClasses()
                .map(images -> data.newSupport()
                        .map(supports -> evaluator.both(parameters, images, supports))
                        .orElseGet(() -> new Evaluator.Both(evaluator.text(parameters, images), Optional.empty())));
        return new FinalScores(
                new SplitScores(base.text().orElseThrow(), newClasses.flatMap(Evaluator.Both::text)),
                templates,
                base.multimodal(),
                newClasses.flatMap(Evaluator.Both::multimodal),
                testEpisodes(parameters));
    }

    private SplitScores scores(Method scored, Map<String, NDArray> parameters) {
        Evaluator evaluator = new Evaluator(scored, scale, shot, seed);
        Scores base = evaluator.text(parameters, data.base()).orElseThrow();
        return new SplitScores(base, data.newClasses().flatMap(images -> evaluator.text(parameters, images)));
    }

    // Episodes of classes that training never saw, where there are such classes with supports.
    private Optional<Summary> testEpisodes(Map<String, NDArray> parameters) {
        TestEpisodes runner = new TestEpisodes(method, scale, way, shot, seed);
        if (data.newClasses().isPresent() && data.newSupport().isPresent()) {
            return runner.run(
                    parameters, data.newClasses().get(), data.newSupport().get(), episodes);
        }
        return runner.run(parameters, data.base(), data.baseSupport(), episodes);
    }
}
