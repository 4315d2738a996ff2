// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamella.base.DivergedException;
import org.lamella.base.Progress;
import org.lamella.base.Seed;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.data.Truth;
import org.lamella.eval.Evaluation;
import org.lamella.model.Batch;
import org.lamella.model.Batches;
import org.lamella.model.Head;
import org.lamella.model.Pass;
import org.lamella.model.Transformer;
import org.lamella.tensor.AdamW;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;
import org.lamella.tensor.Torch;

/** One training: initial values, the steps, the log. Used once. */
final class Trainer {

    // A batch goes through in groups of like length, whose gradients add up: what backward needs is kept for one group
    // at a time, and short texts are not padded to long ones. Measured on MiniLM and R8 (benchmarks.md): 0.6 of the
    // memory.
    private static final int CELLS = 1536;
    // a token of a decoder keeps ten times as much: it is deeper, and so are its answers
    private static final int CELLS_OF_WORDS = 512;

    private final Lora recipe;
    private final Transformer model;
    private final Split split;
    private final Training training;
    private final List<List<int[]>> plan;
    private final int leftOut; // steps in which nothing would be scored
    private final Batches batches;
    private final Adapter adapter;
    private final Head head;
    private RunLog log = new RunLog();
    private int step;

    private Trainer(
            Lora recipe,
            Transformer model,
            Split split,
            Training training,
            List<List<int[]>> plan,
            Adapter adapter,
            Batches batches) {
        this.recipe = recipe;
        this.model = model;
        this.split = split;
        this.training = training;
        this.plan = plan.stream().filter(step -> scored(step, batches) > 0).toList();
        leftOut = plan.size() - this.plan.size();
        this.adapter = adapter;
        this.batches = batches;
        this.head = adapter.head().orElseGet(Head::words);
    }

    static Trainer of(Lora recipe, Transformer model, Split split, Training training) {
        recipe.requireFits(model);
        Truth.require(split, "to be trained on");
        if (split.task().kind() == Task.Kind.GENERATION) {
            model.answering(split.task()); // refuses a model that does not write
        }
        training.evaluated().ifPresent(measured -> EvaluatedSplit.require(measured, split));
        Transformer cutting = model.maxTokens(Math.min(training.maxTokens(), model.maxTokens()));
        Batches batches = cutting.batches(split);
        FreeMemory.require(cutting, recipe, training, batches);
        Adapter adapter = FreshAdapter.of(recipe, cutting, split, training);
        return new Trainer(recipe, cutting, split, training, plan(split.size(), training), adapter, batches);
    }

    /** Returns the trainer that starts from a given adapter and takes given batches in a given order. */
    static Trainer of(
            Lora recipe, Transformer model, Training training, Adapter start, Batches batches, List<List<int[]>> plan) {
        return new Trainer(recipe, model, batches.split(), training, plan, start.fittedTo(model), batches);
    }

    // a step in which nothing is scored would only decay the weights and let old gradients act once more: it is no step
    private static int scored(List<int[]> step, Batches batches) {
        return step.stream().flatMapToInt(Arrays::stream).map(batches::weight).sum();
    }

    // each epoch in an order of its own; the last micro-batch and the last step may be smaller
    private static List<List<int[]>> plan(int examples, Training training) {
        List<List<int[]>> steps = new ArrayList<>();
        for (int epoch = 0; epoch < training.epochs(); epoch++) {
            int[] order = new Seed(training.seed()).child("shuffle", epoch).permutation(examples);
            List<int[]> micro = new ArrayList<>();
            for (int start = 0; start < examples; start += training.batchSize()) {
                micro.add(Arrays.copyOfRange(order, start, Math.min(start + training.batchSize(), examples)));
            }
            for (int start = 0; start < micro.size(); start += training.accumulation()) {
                steps.add(List.copyOf(micro.subList(start, Math.min(start + training.accumulation(), micro.size()))));
            }
        }
        return steps;
    }

    /** Returns how many places the padded grid of a group has at most; a group of one text may have more. */
    static int cells(boolean words) {
        return words ? CELLS_OF_WORDS : CELLS;
    }

    /** Trains to the end, or to where the person stops it. */
    Run train() {
        try (OneTraining only = OneTraining.begin()) {
            return trainAlone();
        }
    }

    private Run trainAlone() {
        RunNotes notes = RunNotes.begin(recipe, model, split, training, batches, leftOut);
        Optional<Checkpoint> checkpoint = training.checkpoints().map(folder -> new Checkpoint(folder, key()));
        try (AdamW optimizer = optimizer();
                Progress progress = Progress.start("training", plan.size(), "steps")) {
            Checkpoint.State state =
                    checkpoint.map(file -> file.restore(trained(), optimizer)).orElseGet(Checkpoint.State::beginning);
            log = state.log();
            long start = System.nanoTime() - (long) (state.seconds() * 1e9);
            for (Path folder : training.checkpoints().stream().toList()) {
                notes = notes.resumed(state.step(), folder);
                progress.step(state.step());
            }
            return run(steps(state.step(), optimizer, progress, checkpoint, notes, start), start);
        }
    }

    private RunNotes steps(
            int first,
            AdamW optimizer,
            Progress progress,
            Optional<Checkpoint> checkpoint,
            RunNotes begun,
            long start) {
        RunNotes notes = begun;
        Seed dropout = new Seed(training.seed()).child("dropout");
        boolean stopped = false;
        try (LastGood good = new LastGood(trained())) {
            Pass pass = model.pass().withDropout(training.baseDropout(), recipe.dropout());
            for (int step = first; step < plan.size() && !stopped; step++) {
                long began = System.nanoTime();
                Torch.seed(dropout.child("step", step).value()); // a step that is taken again drops the same
                Step done = step(pass, optimizer, good, step);
                if (!done.finite()) {
                    throw diverged(step + 1, good.restore(), notes, start);
                }
                double rate = done.tokens() / ((System.nanoTime() - began) / 1e9);
                log.step(step + 1, done, training.learningRate(step, plan.size()), rate);
                notes = measure(step + 1, notes);
                Map<String, Double> numbers = new LinkedHashMap<>();
                numbers.put("loss", done.loss());
                numbers.put("tokens per second", rate);
                stopped = !progress.step(step + 1, numbers);
                boolean due = stopped || step + 1 == plan.size() || (step + 1) % training.checkpointsEvery() == 0;
                if (checkpoint.isPresent() && due) {
                    double seconds = (System.nanoTime() - start) / 1e9;
                    checkpoint.get().write(step + 1, trained(), optimizer, log, seconds);
                }
                snapshot(step + 1);
            }
        }
        return notes.finished(log.steps(), plan.size());
    }

    private void snapshot(int step) {
        boolean due = step == plan.size() || step % training.snapshotsEvery() == 0;
        training.snapshots().filter(asked -> due).ifPresent(folder -> adapter.save(folder.resolve("step-" + step)));
    }

    // all that decides the numbers of this training
    private String key() {
        return model.name() + " (" + model.depth() + " x " + model.width() + "), "
                + split.task().name() + " " + split.name() + " (" + split.hash() + "), " + recipe.recipe() + ", "
                + training.steps();
    }

    private Run run(RunNotes notes, long start) {
        double seconds = (System.nanoTime() - start) / 1e9;
        Adapter trained = adapter.origin(adapter.origin().took(seconds));
        return new Run(model, trained, log, notes.provenance());
    }

    private DivergedException diverged(int step, int keptSteps, RunNotes notes, long start) {
        Run kept = run(notes.diverged(step, keptSteps).finished(log.steps(), plan.size()), start);
        return new DivergedException(
                step,
                log.lastLoss(),
                training.seed(),
                "a smaller learning rate or a longer warm-up usually helps; " + Run.saveDiverged(kept));
    }

    /** What one optimizer step did. */
    record Step(double loss, double gradientNorm, int tokens) {
        boolean finite() {
            return Double.isFinite(loss) && Double.isFinite(gradientNorm);
        }
    }

    // a step whose loss, gradient or update is not finite answers with a norm that is not a number
    Step step(Pass pass, AdamW optimizer, LastGood good, int number) {
        step = number;
        List<int[]> micro = plan.get(number);
        double weight = scored(micro, batches);
        double loss = 0;
        int tokens = 0;
        for (int[] batch : micro) {
            for (int[] group : batches.byLength(batch, cells(head.writes()))) {
                try (Scope scope = Scope.open()) {
                    Batch laidOut = batches.of(group, scope);
                    tokens += laidOut.tokens();
                    if (!head.writes() || laidOut.answerTokens() > 0) {
                        loss += backward(pass, laidOut, 1 / weight, scope);
                    }
                }
            }
        }
        if (!Double.isFinite(loss)) {
            return new Step(loss, Double.NaN, tokens);
        }
        good.keep(number);
        double norm = optimizer.step(training.learningRate(number, plan.size()), training.clip());
        return new Step(loss, good.finite() ? norm : Double.NaN, tokens);
    }

    /** Adds the gradients of a batch's summed loss times a factor, and returns that loss. */
    double backward(Pass pass, Batch batch, double factor, Scope scope) {
        return new GroupGradients(model, adapter, head, split, pass)
                .add(
                        batch,
                        factor,
                        training.gradientCheckpointing() ? Optional.of(draws(batch)) : Optional.empty(),
                        scope);
    }

    // what dropout draws when layers are computed twice
    private Seed draws(Batch batch) {
        return new Seed(training.seed()).child("dropout", step).child("group", Arrays.hashCode(batch.examples()));
    }

    AdamW optimizer() {
        List<Tensor> decayed = new ArrayList<>();
        List<Tensor> faster = new ArrayList<>(); // with LoRA+: every B, and all vectors
        List<Tensor> plain = new ArrayList<>();
        adapter.everyPair().forEach(pair -> {
            decayed.add(pair.down());
            faster.add(pair.up());
            pair.magnitude().ifPresent(faster::add);
            pair.bias().ifPresent(plain::add);
        });
        decayed.addAll(adapter.whole().decayed());
        plain.addAll(adapter.whole().undecayed());
        head.parameters().forEach((name, tensor) -> {
            if (name.endsWith("bias")) {
                plain.add(tensor);
            } else {
                decayed.add(tensor);
            }
        });
        trained().forEach(Tensor::requireGradient);
        double ratio = training.loraPlus();
        return AdamW.over(List.of(
                new AdamW.Group(decayed, training.weightDecay()),
                new AdamW.Group(faster, training.weightDecay(), ratio),
                new AdamW.Group(plain, 0, ratio)));
    }

    List<Tensor> trained() {
        List<Tensor> trained = new ArrayList<>();
        adapter.everyPair().forEach(pair -> trained.addAll(pair.trained()));
        trained.addAll(adapter.whole().saved().values());
        trained.addAll(head.parameters().values());
        return trained;
    }

    // a measurement that the person stopped saw the shortest texts only, so it is not compared with the others
    private RunNotes measure(int step, RunNotes notes) {
        Optional<Split> due =
                training.evaluated().filter(asked -> step % training.evaluatedEvery() == 0 || step == plan.size());
        if (due.isEmpty()) {
            return notes;
        }
        Split measured = due.get();
        Evaluation evaluation = Evaluation.measure(model.with(adapter), measured);
        if (evaluation.predictions().size() < measured.size()) {
            return notes.measurementStopped(step);
        }
        log.measured(step, evaluation);
        return notes;
    }
}
