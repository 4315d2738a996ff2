// SPDX-License-Identifier: Apache-2.0
package org.lamella.study;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lamella.base.LayerSet;
import org.lamella.base.Listing;
import org.lamella.data.Example;
import org.lamella.data.PromptFormat;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.eval.Marks;
import org.lamella.eval.MathAnswer;
import org.lamella.lora.Lora;
import org.lamella.lora.Schedule;
import org.lamella.lora.Training;
import org.lamella.model.Continuations;
import org.lamella.model.Generation;
import org.lamella.score.Protocol;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * How the paper tunes the language layers of LLaVA-1.5-7B on ScienceQA: layers, recipe, training, prompts, how its layers were
 * scored, and how its letters are marked. An immutable value; nothing is loaded. Tower and projector stay frozen.
 *
 * <p>Layers were scored at the token of the true letter, of which there are at most five, so that the input of layer 0 has
 * but a few distinct rows; scores say so. The number that the paper prints for its choice is lost in the copy that was
 * read: {@link #PUBLISHED_ALL} is that of all layers, of which it says that the choice's is slightly below.
 */
public final class PictureProtocol implements Listing {

    /** The accuracy in hundredths that the paper prints for pairs on all layers. */
    public static final double PUBLISHED_ALL = 79.49;

    private static final String MODEL = "llava-1.5-7b";
    private static final String DATA = "scienceqa";
    private static final int SCORED = 128;

    private final Lora recipe;
    private final Training training;

    private PictureProtocol(Lora recipe, Training training) {
        this.recipe = recipe;
        this.training = training;
    }

    static PictureProtocol published() {
        Lora recipe = Lora.on(PublishedMask.of(MODEL, DATA).layers())
                .rank(128)
                .alpha(128)
                .targets("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");
        Training training = Training.standard()
                .epochs(1)
                .batchSize(1)
                .accumulation(16)
                .learningRate(2e-5)
                .schedule(Schedule.COSINE)
                .warmup(0)
                .weightDecay(0);
        return new PictureProtocol(recipe, training);
    }

    /** Returns this protocol on other layers, of this model's depth or, for another model, of its own. */
    public PictureProtocol layers(LayerSet elsewhere) {
        return new PictureProtocol(recipe.layers(elsewhere), training);
    }

    /** Returns this protocol with another recipe. */
    public PictureProtocol recipe(Lora other) {
        return new PictureProtocol(other, training);
    }

    /** Returns this protocol with another training. */
    public PictureProtocol training(Training other) {
        return new PictureProtocol(recipe, other);
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

    /**
     * Returns what stands around question and letter: LLaVA-1.5's turn of a person, and the letter after a blank, whose tokens
     * are those that the authors append.
     */
    public PromptFormat format() {
        return PromptFormat.of("USER: {prompt} ASSISTANT: {answer}");
    }

    /** Returns the examples that are learnt: those with a picture. */
    public Split learnt(Task task) {
        return pictured(task.format(format()).train());
    }

    /** Returns the examples that layers were scored on: the first 128 with a picture, in their order, with their letters. */
    public Split scored(Task task) {
        Split train = learnt(task);
        return train.head(Math.min(SCORED, train.size()));
    }

    /** Returns the examples that are measured: those of the test part with a picture. */
    public Split measured(Task task) {
        return pictured(task.format(format()).test());
    }

    private static Split pictured(Split split) {
        return split.where(example -> !example.pictures().isEmpty());
    }

    /** Returns how letters are written when they are measured: the likeliest tokens, 16 at most. */
    public Generation generation() {
        return Generation.greedy().maxTokens(16);
    }

    /** Returns which of the answers to a split's questions are right, as lmms-eval marks them. */
    public Marks marks(Continuations written, Split split) {
        List<String> letters = split.examples().stream()
                .map(Example::answer)
                .map(answer -> answer.orElseThrow(
                        () -> new IllegalArgumentException("split must have a letter for each question; got " + split)))
                .toList();
        return MathAnswer.LETTER.mark(written, letters);
    }

    /** Returns how many numbers the pairs of the published model have. */
    public long trainableParameters() {
        return Paper.parameters(MODEL, layers().size(), recipe.rank());
    }

    /** Returns one row a fact. */
    @Override
    public Table table() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("model", MODEL + ", tower and projector frozen");
        facts.put("data", "ScienceQA, questions with a picture");
        facts.put("layers", layers().toString());
        facts.put("recipe", recipe.toString());
        facts.put("training", training.toString());
        facts.put("prompt", format().toString());
        facts.put("scoring", "on the first " + SCORED + " examples, at the token of the true letter");
        facts.put(
                "measured",
                "test questions with a picture, the letter written greedily; whether the paper took them all,"
                        + " with or without a picture, it does not say");
        facts.put("trainable parameters", String.valueOf(trainableParameters()));
        facts.put("published", "all layers " + PUBLISHED_ALL + "; the chosen half slightly below, its number is lost");
        facts.put("precision", "single; theirs bfloat16 weights: model.dtype(DType.BF16)");
        return Table.create(
                toString(),
                StringColumn.create("fact", facts.keySet().stream()),
                StringColumn.create("value", facts.values().stream()));
    }

    /** Returns the code that makes this protocol as published. */
    @Override
    public String toString() {
        return "Paper.scienceQa()";
    }
}
