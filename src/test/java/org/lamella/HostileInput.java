// SPDX-License-Identifier: Apache-2.0
package org.lamella;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.lamella.base.DivergedException;
import org.lamella.base.FormatException;
import org.lamella.base.LayerSet;
import org.lamella.base.Seed;
import org.lamella.boundary.Boundary;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.eval.Evaluation;
import org.lamella.lora.Adapter;
import org.lamella.lora.Lora;
import org.lamella.lora.Run;
import org.lamella.lora.Training;
import org.lamella.model.Position;
import org.lamella.model.Tiny;
import org.lamella.model.Transformer;
import org.lamella.score.Cka;
import org.lamella.score.Protocol;
import org.lamella.tensor.DType;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Script;
import org.lamella.tensor.Tensor;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Does seeded nonsense through the public interface, in a JVM of its own. Every failure must be one of our exceptions,
 * thrown by our code, with a sentence; what is not is printed with {@link #BAD}. Prints {@link #DONE} when it came to
 * its end, which it does not when something ends the JVM.
 *
 * <p>Arguments: seed, number of rounds, an empty folder.
 */
public final class HostileInput {

    static final String BAD = "BAD";
    static final String DONE = "DONE";

    private static final Set<Class<?>> OURS = Set.of(
            IllegalArgumentException.class,
            IllegalStateException.class,
            UncheckedIOException.class,
            FormatException.class,
            DivergedException.class);
    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "\0",
            "oil",
            "\uD800",
            "\uDC00\uD800 x",
            "a\uDFFFb",
            "\uFFFF\uFFFE",
            "\uD83D\uDE00\uD83D\uDE00",
            "e\u0301\u0301\u0301",
            "\u202Eright to left\u202C",
            "[CLS] [SEP] [MASK] [PAD]",
            "\n\t\r",
            "NaN",
            "\u4E2D\u6587",
            "x".repeat(5_000),
            "oil ".repeat(30_000));

    private final SplittableRandom random;
    private final Path folder;
    private final Interrupter interrupter;
    private final Map<String, Integer> outcomes = new TreeMap<>();
    private final List<Transformer> models = new ArrayList<>();
    private final List<Run> runs = new ArrayList<>();
    private int round;

    private HostileInput(long seed, Path folder) throws IOException {
        random = new Seed(seed).child("hostile").random();
        this.folder = folder;
        interrupter = new Interrupter(Thread.currentThread(), new Seed(seed).child("interrupts"));
        Path shallow = Tiny.copy("encoder", folder.resolve("shallow"));
        Path config = shallow.resolve("config.json");
        Files.writeString(
                config, Files.readString(config).replace("\"num_hidden_layers\": 4", "\"num_hidden_layers\": 3"));
        models.add(Tiny.model("model"));
        models.add(Tiny.model("encoder"));
        models.add(Tiny.model("regression"));
        models.add(Transformer.load(shallow));
    }

    /** Runs the rounds. */
    public static void main(String[] arguments) throws IOException {
        System.setProperty("lamella.home", Path.of(arguments[2], "home").toString());
        HostileInput hostile = new HostileInput(Long.parseLong(arguments[0]), Path.of(arguments[2]));
        int rounds = Integer.parseInt(arguments[1]);
        for (int i = 0; i < rounds; i++) {
            hostile.round = i;
            hostile.play();
        }
        hostile.interrupter.end();
        hostile.outcomes.forEach((outcome, count) -> System.out.println(count + " x " + outcome));
        System.out.println(DONE + " " + rounds);
    }

    private void play() {
        switch (random.nextInt(16)) {
            case 12, 13, 14, 15 -> useRun();
            case 0 -> attempt("predict", () -> any(models).predict(text()));
            case 1 -> attempt("predict a pair", () -> any(models).predict(text(), text()));
            case 2 ->
                attempt("tokens", () -> any(models)
                        .maxTokens(any(1, 2, 3, 64, 65))
                        .tokens(text())
                        .table());
            case 3, 4, 5 -> train();
            case 6 -> useRun();
            case 7 -> attempt("split", () -> split(task()));
            case 8 -> attempt("read", this::read);
            case 9 -> attempt("tensor", this::tensors);
            case 10 -> attempt("broken files", this::brokenFiles);
            default -> attempt("closed", this::closed);
        }
        if (random.nextInt(10) == 0) {
            System.gc();
        }
        if (runs.size() > 6) {
            runs.remove(0);
        }
    }

    private void train() {
        boolean stopped = random.nextInt(3) == 0;
        attempt("train", stopped, () -> {
            Transformer model = any(models);
            Split split = split(task());
            Lora recipe = recipe();
            if (model.depth() == 3 && random.nextInt(4) > 0) {
                recipe = recipe.layers(LayerSet.of(3, 1));
            }
            runs.add(recipe.train(model, split, training()));
        });
    }

    private void useRun() {
        if (runs.isEmpty()) {
            return;
        }
        Run run = any(runs);
        boolean stopped = random.nextInt(3) == 0;
        switch (random.nextInt(8)) {
            case 0 ->
                attempt("evaluate", stopped, () -> run.evaluate(split(task())).table());
            case 1 ->
                attempt("sweep", stopped, () -> Boundary.sweep(any(models), run.adapter(), split(task()))
                        .table());
            case 2 ->
                attempt("trace", stopped, () -> Boundary.trace(any(models), run.adapter(), split(task()))
                        .table());
            case 3 ->
                attempt("keep", () -> any(models)
                        .with(run.adapter().keeping(any(-1, 0, 1, 3, 4, 5)))
                        .predict(text()));
            case 4 ->
                attempt("keep layers", () -> run.adapter().keeping(layers()).table());
            case 5 ->
                attempt("save and load", stopped, () -> {
                    run.save(folder.resolve("run"));
                    runs.add(Run.load(folder.resolve("run"), any(models)));
                });
            case 6 ->
                attempt("compare", () -> run.evaluate(split(task()))
                        .against(run.evaluate(split(task())))
                        .table());
            default ->
                attempt("close an adapter", () -> {
                    run.adapter().close();
                    run.model().predict(text());
                });
        }
    }

    private void read() {
        Transformer model = any(models);
        Split split = split(task());
        List<Tensor> kept = new ArrayList<>();
        switch (random.nextInt(4)) {
            case 0 -> model.representations(split, any(Position.values())).table();
            case 1 ->
                Cka.scoreLayers(model, split, random.nextBoolean() ? Protocol.corrected() : Protocol.published())
                        .topShare(any(-1.0, 0.0, 0.3, 0.5, 1.0, 2.0, Double.NaN));
            case 2 -> {
                model.read(split, Position.CLS, (examples, states, scope) -> kept.addAll(states));
                any(kept).floats();
            }
            default ->
                model.read(split, Position.LAST, (examples, states, scope) -> {
                    scope.close();
                    states.get(0).floats();
                });
        }
    }

    private void tensors() {
        Script script = Script.compile("""
                def product(self, a: Tensor, b: Tensor) -> Tensor:
                  return torch.matmul(a, b)
                def pick(self, a: Tensor, b: Tensor) -> Tensor:
                  return torch.index_select(a, 0, b)
                """);
        try (Scope scope = Scope.open()) {
            long[] shape = {any(0L, 1L, 2L, 3L, -1L, Long.MAX_VALUE, 1L << 40), any(1L, 2L, 3L, 4L, 1L << 40)};
            Tensor a = random.nextBoolean()
                    ? scope.floats(new float[any(0, 1, 4, 6, 12)], shape)
                    : scope.zeros(any(DType.values()), random.nextInt(4) == 0 ? shape : new long[] {3, 2});
            Tensor b = random.nextBoolean()
                    ? scope.longs(new long[] {any(0L, 1L, -5L, 99L, Long.MIN_VALUE)}, 1)
                    : scope.floats(new float[4], 2, 2);
            if (random.nextInt(4) == 0) {
                any(List.of(a, b)).close();
            }
            Tensor c = script.call(any("product", "pick", "nothing"))
                    .with(a)
                    .with(b)
                    .one(scope);
            if (random.nextInt(3) == 0) {
                scope.close();
            }
            c.floats();
        }
    }

    private void brokenFiles() {
        String name = any("model", "adapter");
        try {
            Path broken = folder.resolve("broken-" + round);
            if (name.equals("model")) {
                Tiny.copy("model", broken);
                damage(broken.resolve(any("model.safetensors", "config.json", "tokenizer.json")));
                try (Transformer model = Transformer.load(broken)) {
                    model.predict(text());
                    model.representations(split(task()), Position.MEAN);
                }
            } else {
                Path whole = Tiny.adapter(any("query-value", "every-linear", "patterns", "no-head"));
                Files.createDirectories(broken);
                for (String file : new String[] {"adapter_config.json", "adapter_model.safetensors"}) {
                    Files.copy(whole.resolve(file), broken.resolve(file));
                }
                damage(broken.resolve(any("adapter_config.json", "adapter_model.safetensors")));
                any(models).with(Adapter.load(broken)).predict(text());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("[test] " + e, e);
        }
    }

    // a few bytes changed, most of them near the beginning, where headers are; or the end cut off
    private void damage(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        if (random.nextInt(4) == 0) {
            bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
        }
        int changes = bytes.length == 0 ? 0 : random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            int reach = random.nextBoolean() ? bytes.length : Math.min(bytes.length, 600);
            bytes[random.nextInt(reach)] =
                    (byte) (random.nextBoolean() ? random.nextInt(256) : '0' + random.nextInt(10));
        }
        Files.write(file, bytes);
    }

    private void closed() {
        Transformer model = Tiny.model(any("model", "encoder"));
        Transformer view = random.nextBoolean() ? model.maxTokens(8) : model.base();
        (random.nextBoolean() ? model : view).close();
        switch (random.nextInt(5)) {
            case 0 -> view.predict(text());
            case 1 -> view.representations(split(task()), Position.CLS);
            case 2 -> view.table();
            case 3 -> recipe().train(view, split(task()), training());
            default -> Evaluation.measure(view, split(task()));
        }
    }

    private Task task() {
        int n = any(1, 2, 5, 20, 40);
        boolean tame = random.nextInt(4) > 0;
        StringColumn text =
                StringColumn.create("text", IntStream.range(0, n).mapToObj(i -> tame ? "oil " + i : text()));
        StringColumn pair = StringColumn.create("pair", IntStream.range(0, n).mapToObj(i -> tame ? "ship" : text()));
        StringColumn label = StringColumn.create(
                "label",
                IntStream.range(0, n).mapToObj(i -> tame ? any(Tiny.LABELS) : any("a", "", "b", "\uD800", "acq")));
        DoubleColumn target = DoubleColumn.create(
                "target", IntStream.range(0, n).mapToDouble(i -> any(0.0, 1.0, -3.5, 1e-300, 1e38, 1e308, Double.NaN)));
        var source =
                Task.from(Table.create("hostile", text, pair, label, target)).text("text");
        if (random.nextInt(4) == 0) {
            source = source.pair("pair");
        }
        Task task = random.nextInt(5) == 0 ? source.target("target") : source.label("label");
        if (task.kind() == Task.Kind.CLASSIFICATION && tame && random.nextInt(6) > 0) {
            task = task.labels(Tiny.LABELS.toArray(String[]::new));
        }
        return random.nextInt(4) > 0
                ? task
                : task.validation(any(0.0, 0.5, 0.999, -1.0)).test(any(0.0, 0.2, 1.0));
    }

    private Split split(Task task) {
        Split split = random.nextInt(4) > 0 ? task.train() : any(List.of(task.validation(), task.test()));
        return switch (random.nextInt(16)) {
            case 0 -> split.head(any(-1, 0, 1, 3));
            case 1 -> split.sample(any(0, 1, 2, 1000), random.nextLong());
            case 2 -> split.only();
            case 3 -> split.only(0, 0, 0);
            case 4 -> split.only(any(-1, 0, 5));
            default -> split;
        };
    }

    private Lora recipe() {
        Lora recipe = random.nextInt(6) == 0 ? Lora.headOnly() : Lora.on(layers());
        if (random.nextInt(10) == 0) {
            return recipe.rank(any(0, 1, 3, 33, 5_000, Integer.MAX_VALUE))
                    .alpha(any(Double.NaN, -1.0, 1e-300, 1e300, 16.0))
                    .dropout(any(0.0, 0.5, 0.9999999, 1.0, Double.NaN));
        }
        return switch (random.nextInt(8)) {
            case 0 -> recipe.targets(any("query", "dense", "", "quer", "LayerNorm", "\uD800"));
            case 1 -> recipe.rankStabilised().rank(2);
            case 2 -> recipe.dropout(0.3);
            default -> recipe;
        };
    }

    private LayerSet layers() {
        return switch (random.nextInt(20)) {
            case 0 -> LayerSet.none(4);
            case 1 -> LayerSet.parse(any("", "0101", "010", "01x1", "1", "111111"));
            case 2 -> LayerSet.all(any(0, 3, 4, 5));
            case 3 -> LayerSet.of(4, any(-1, 0, 3, 4));
            case 4 -> LayerSet.all(4).random(any(-1, 0, 2, 4, 9), random.nextLong());
            default -> LayerSet.of(4, any(0, 1, 2, 3), 3);
        };
    }

    private Training training() {
        Training how = Training.standard()
                .epochs(any(1, 1, 2))
                .batchSize(any(1, 3, 8, 1000, Integer.MAX_VALUE))
                .accumulation(any(1, 1, 3, 1000))
                .learningRate(any(0.0, 1e-3, 1e-3, 1e-2, 1e-2, 1e3, 1e30, 1e300))
                .seed(random.nextLong());
        return switch (random.nextInt(14)) {
            case 0 -> how.warmup(any(0.0, 0.5, 1.0, 2.0, Double.NaN));
            case 1 -> how.weightDecay(any(0.0, 1e10, 1e300, Double.NaN));
            case 2 -> how.clip(any(0.0, 1e-40, 1.0, 1e300));
            case 3 -> how.maxTokens(any(0, 2, 3, 8, 1000));
            case 4 -> how.evaluate(split(task()), any(0, 1, 2));
            case 5 -> how.baseDropout(false);
            default -> how;
        };
    }

    private String text() {
        return any(TEXTS);
    }

    @SafeVarargs
    private <T> T any(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private <T> T any(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private void attempt(String what, Runnable nonsense) {
        attempt(what, false, nonsense);
    }

    @SuppressWarnings("CatchingUnchecked") // every kind of failure is judged here
    private void attempt(String what, boolean interrupted, Runnable nonsense) {
        String outcome;
        try {
            if (interrupted) {
                interrupter.soon();
            }
            nonsense.run();
            outcome = "worked";
        } catch (Throwable failure) {
            interrupter.never();
            Thread.interrupted();
            outcome = judge(what, failure);
        } finally {
            interrupter.never();
            Thread.interrupted();
        }
        outcomes.merge(what + ": " + outcome, 1, Integer::sum);
    }

    private String judge(String what, Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        StackTraceElement[] trace = failure.getStackTrace();
        boolean byUs = trace.length > 0 && trace[0].getClassName().startsWith("org.lamella.");
        boolean sentence =
                message.length() > 10 && message.contains(" ") && !message.matches("(?s).*(: null|got null).*");
        if (!OURS.contains(failure.getClass()) || !byUs || !sentence) {
            System.out.println(BAD + " round " + round + ", " + what + ": " + failure);
            failure.printStackTrace(System.out);
        }
        return failure.getClass().getSimpleName() + ": " + message.substring(0, Math.min(60, message.length()));
    }

    /** Interrupts a thread some time after it was asked to, until it is told not to any more. */
    private static final class Interrupter {
        private final Thread worker;
        private final SplittableRandom random;
        private final Thread timer = new Thread(this::run, "interrupter");
        private long due = Long.MAX_VALUE;
        private boolean ended;

        Interrupter(Thread worker, Seed seed) {
            this.worker = worker;
            random = seed.random();
            timer.setDaemon(true);
            timer.start();
        }

        synchronized void soon() {
            due = System.nanoTime() + random.nextInt(60_000_000);
            notifyAll();
        }

        synchronized void never() {
            due = Long.MAX_VALUE;
        }

        synchronized void end() {
            ended = true;
            notifyAll();
        }

        private synchronized void run() {
            try {
                while (!ended) {
                    if (due != Long.MAX_VALUE && System.nanoTime() >= due) {
                        due = Long.MAX_VALUE;
                        worker.interrupt();
                    }
                    wait(due == Long.MAX_VALUE ? 1000 : 1);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
