// SPDX-License-Identifier: Apache-2.0
package org.lamella.study;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.lamella.base.LayerSet;
import org.lamella.base.Listing;
import org.lamella.base.Names;
import org.lamella.data.PromptFormat;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.lora.Lora;
import org.lamella.lora.Schedule;
import org.lamella.lora.Training;
import org.lamella.score.Protocol;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * How the paper tunes a decoder on instructions: layers, recipe, training, prompts, and how its layers were scored. An
 * immutable value; nothing is loaded. All twelve of the authors' scripts (three models, mathematics or code, LoRA or
 * PiSSA) have the same numbers but for the layers.
 *
 * <p>What differs here is said in {@link #table()}: a step's gradient is the mean over all tokens that are learnt in it,
 * where theirs is the mean of its sixteen examples' means; weights and adapters are in single precision until
 * {@code model.dtype(DType.BF16)} says otherwise.
 */
public final class InstructionProtocol implements Listing {

    private static final List<String> MODELS = List.of("llama-2-7b", "mistral-7b", "gemma-7b");
    private static final List<String> DATA = List.of("metamath", "python");
    private static final int SCORED = 128;
    private static final int MOST_OF_METAMATH = 100_000;

    private final String model;
    private final String data;
    private final Lora recipe;
    private final Training training;
    private final boolean principal;

    private InstructionProtocol(String model, String data, Lora recipe, Training training, boolean principal) {
        this.model = model;
        this.data = data;
        this.recipe = recipe;
        this.training = training;
        this.principal = principal;
    }

    static InstructionProtocol of(String model, String data) {
        require("model", model, MODELS);
        require("data", data, DATA);
        Lora recipe = Lora.on(PublishedMask.of(model, data).layers())
                .rank(128)
                .alpha(128)
                .targets("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");
        Training training = Training.standard()
                .epochs(1)
                .batchSize(1)
                .accumulation(16)
                .learningRate(2e-5)
                .schedule(Schedule.COSINE)
                .warmup(0.03)
                .weightDecay(0)
                .maxTokens(512);
        return new InstructionProtocol(model, data, recipe, training, false);
    }

    private static void require(String what, String value, List<String> known) {
        if (!known.contains(value)) {
            throw new IllegalArgumentException(what + " must be one of " + String.join(", ", known) + "; got \"" + value
                    + "\"" + Names.didYouMean(value, known));
        }
    }

    /** Returns this protocol with pairs that start from the principal part of the weights, by an exact decomposition. */
    public InstructionProtocol pissa() {
        return new InstructionProtocol(model, data, recipe.pissa(), training, true);
    }

    /** Returns this protocol on other layers, of this model's depth or, for another model, of its own. */
    public InstructionProtocol layers(LayerSet elsewhere) {
        return new InstructionProtocol(model, data, recipe.layers(elsewhere), training, principal);
    }

    /** Returns this protocol with another recipe, for instance {@code recipe().rank(8).alpha(8)}. */
    public InstructionProtocol recipe(Lora other) {
        return new InstructionProtocol(model, data, other, training, principal);
    }

    /** Returns this protocol with another training. */
    public InstructionProtocol training(Training other) {
        return new InstructionProtocol(model, data, recipe, other, principal);
    }

    /** Returns the published model. */
    public String model() {
        return model;
    }

    /** Returns the layers that have pairs. */
    public LayerSet layers() {
        return recipe.layers();
    }

    /** Returns the recipe of the pairs. */
    public Lora recipe() {
        return recipe;
    }

    /** Returns the training. */
    public Training training() {
        return training;
    }

    /** Returns how the authors scored layers: published CKA at the last token before the one that ends an answer. */
    public Protocol scoring() {
        return Protocol.published();
    }

    /** Returns what stands around instruction and output while a model learns. */
    public PromptFormat format() {
        return PromptFormat.alpaca();
    }

    /** Returns the examples that are learnt: of metamath the first 100,000, of python all. */
    public Split learnt(Task task) {
        Split train = formatted(task).train();
        return data.equals("metamath") ? train.head(Math.min(MOST_OF_METAMATH, train.size())) : train;
    }

    /** Returns the examples that layers were scored on: the first 128, in their order. */
    public Split scored(Task task) {
        Split train = formatted(task).train();
        return train.head(Math.min(SCORED, train.size()));
    }

    private Task formatted(Task task) {
        return task.format(format());
    }

    /** Returns how many numbers the pairs of the published model have. */
    public long trainableParameters() {
        return Paper.parameters(model, layers().size(), recipe.rank());
    }

    /** Returns the paper's numbers for this model and these layers, in hundredths, by the name of the test. */
    public Map<String, Double> published() {
        String method = (principal ? "PiSSA" : "LoRA") + ", CKA";
        Map<String, Double> values = new LinkedHashMap<>();
        PublishedDecoder.all().stream()
                .filter(row -> row.table() == 2
                        && row.model().equals(model)
                        && row.method().equals(method))
                .forEach(row -> IntStream.range(0, row.values().size())
                        .forEach(i -> values.put(
                                PublishedDecoder.TASKS.get(i), row.values().get(i))));
        return values;
    }

    /** Returns one row a fact. */
    @Override
    public Table table() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("model", model);
        facts.put("data", data.equals("metamath") ? "metamath, the first 100,000" : "python, all");
        facts.put("layers", layers().toString());
        facts.put("recipe", recipe.toString());
        facts.put("training", training.toString());
        facts.put("prompt", format().toString());
        facts.put("scoring", "on the first " + SCORED + " examples, prompt and answer");
        facts.put("trainable parameters", String.valueOf(trainableParameters()));
        facts.put("differs", "a step weighs every learnt token alike; theirs weighs every example alike");
        facts.put("precision", "single; theirs bfloat16 weights: model.dtype(DType.BF16)");
        return Table.create(
                toString(),
                StringColumn.create("fact", facts.keySet().stream()),
                StringColumn.create("value", facts.values().stream()));
    }

    /** Returns the code that makes this protocol as published. */
    @Override
    public String toString() {
        return "Paper.instructions(\"" + model + "\", \"" + data + "\")" + (principal ? ".pissa()" : "");
    }
}
