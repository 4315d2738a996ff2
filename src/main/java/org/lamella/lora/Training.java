// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.lamella.data.Home;
import org.lamella.data.Split;

/**
 * How a recipe is trained: an immutable value, changed by its withers.
 *
 * <p>The optimizer is AdamW (betas 0.9 and 0.999, epsilon 1e-8) as in {@code torch.optim.AdamW}; weight decay is applied
 * as Hugging Face's Trainer does, to every trained tensor but biases. A step's gradient is the mean over all examples of
 * its micro-batches, for texts over all scored tokens of their answers. Where no token of a step is scored, since every
 * prompt fills all tokens, there is no step: nothing is decayed, no moment of the optimizer and no schedule moves, and the
 * run has one step fewer.
 */
public final class Training {

    private int epochs = 3;
    private int batchSize = 32;
    private int accumulation = 1;
    private double learningRate = 5e-4;
    private Schedule schedule = Schedule.LINEAR;
    private double warmup = 0.06;
    private double weightDecay = 0.1;
    private double clip = 1;
    private double loraPlus = 1;
    private int maxTokens = Integer.MAX_VALUE;
    private long seed;
    private boolean baseDropout = true;
    private boolean gradientCheckpointing;
    private Optional<Split> evaluated = Optional.empty();
    private int evaluatedEvery;
    private Optional<Path> checkpoints = Optional.empty();
    private int checkpointsEvery = 1;
    private Optional<Path> snapshots = Optional.empty();
    private int snapshotsEvery = 1;

    private Training() {}

    private Training(Training other) {
        epochs = other.epochs;
        batchSize = other.batchSize;
        accumulation = other.accumulation;
        learningRate = other.learningRate;
        schedule = other.schedule;
        warmup = other.warmup;
        weightDecay = other.weightDecay;
        clip = other.clip;
        loraPlus = other.loraPlus;
        maxTokens = other.maxTokens;
        seed = other.seed;
        baseDropout = other.baseDropout;
        gradientCheckpointing = other.gradientCheckpointing;
        evaluated = other.evaluated;
        evaluatedEvery = other.evaluatedEvery;
        checkpoints = other.checkpoints;
        checkpointsEvery = other.checkpointsEvery;
        snapshots = other.snapshots;
        snapshotsEvery = other.snapshotsEvery;
    }

    /**
     * Returns the usual recipe of the first paper's encoders: 3 epochs, batches of 32, peak learning rate 5e-4, linear
     * schedule with warm-up over 6 % of the steps, weight decay 0.1, gradients clipped at norm 1, seed 0.
     */
    public static Training standard() {
        return new Training();
    }

    /** Returns this training with that many passes over the examples. */
    public Training epochs(int passes) {
        requireAtLeast("epochs", passes, 1);
        Training changed = new Training(this);
        changed.epochs = passes;
        return changed;
    }

    /** Returns this training with that many examples in a micro-batch. */
    public Training batchSize(int examples) {
        requireAtLeast("batchSize", examples, 1);
        Training changed = new Training(this);
        changed.batchSize = examples;
        return changed;
    }

    /** Returns this training with that many micro-batches for one optimizer step. */
    public Training accumulation(int batches) {
        requireAtLeast("accumulation", batches, 1);
        Training changed = new Training(this);
        changed.accumulation = batches;
        return changed;
    }

    /** Returns this training with that peak learning rate. */
    public Training learningRate(double peak) {
        requireFinite("learningRate", peak);
        Training changed = new Training(this);
        changed.learningRate = peak;
        return changed;
    }

    /** Returns this training with that course of the learning rate after the warm-up. */
    public Training schedule(Schedule course) {
        Training changed = new Training(this);
        changed.schedule = course;
        return changed;
    }

    /**
     * Returns this training with a warm-up.
     *
     * @param share of the steps in which the learning rate rises from zero, 0 to 1; rounded up to whole steps
     */
    public Training warmup(double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("warmup must be a share of the steps, 0 to 1; got " + share);
        }
        Training changed = new Training(this);
        changed.warmup = share;
        return changed;
    }

    /** Returns this training with that weight decay on everything but biases. */
    public Training weightDecay(double decay) {
        requireFinite("weightDecay", decay);
        Training changed = new Training(this);
        changed.weightDecay = decay;
        return changed;
    }

    /** Returns this training with all gradients together scaled to at most that L2 norm; 0 does not clip. */
    public Training clip(double norm) {
        requireFinite("clip", norm);
        Training changed = new Training(this);
        changed.clip = norm;
        return changed;
    }

    /**
     * Returns this training as LoRA+: the up projections B learn faster than the down projections A (Hayou et al. 2024,
     * arXiv 2402.12354). Vectors (biases of the head, magnitudes of DoRA) learn as fast as B, as in PEFT.
     *
     * @param ratio what the learning rate is multiplied by, more than 0; the authors take 16, 1 is plain LoRA
     */
    public Training loraPlus(double ratio) {
        if (!(ratio > 0 && ratio < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("ratio must be a number above 0; got " + ratio);
        }
        Training changed = new Training(this);
        changed.loraPlus = ratio;
        return changed;
    }

    /** Returns this training with texts cut at that many tokens, special ones included; evaluation cuts there too. */
    public Training maxTokens(int tokens) {
        requireAtLeast("maxTokens", tokens, 2);
        Training changed = new Training(this);
        changed.maxTokens = tokens;
        return changed;
    }

    /** Returns this training with that seed for initial values, order of examples and dropout. */
    public Training seed(long number) {
        Training changed = new Training(this);
        changed.seed = number;
        return changed;
    }

    /** Returns this training with the base model's own dropout on (as Hugging Face and PEFT train) or off. */
    public Training baseDropout(boolean on) {
        Training changed = new Training(this);
        changed.baseDropout = on;
        return changed;
    }

    /**
     * Returns this training with gradient checkpointing (Chen et al. 2016, arXiv 1604.06174): of each layer only what comes
     * in is kept, and the layer is computed a second time on the way back. The gradients are the same, bit for bit; memory
     * is that of one layer in place of all, and a step takes about a third longer. Dropout, where it is on, draws other
     * numbers than without.
     */
    public Training gradientCheckpointing(boolean on) {
        Training changed = new Training(this);
        changed.gradientCheckpointing = on;
        return changed;
    }

    /** Returns this training with a measurement on a split after every so many optimizer steps, and at the end. */
    public Training evaluate(Split split, int everySteps) {
        requireAtLeast("everySteps", everySteps, 1);
        Training changed = new Training(this);
        changed.evaluated = Optional.of(split);
        changed.evaluatedEvery = everySteps;
        return changed;
    }

    /**
     * Returns this training with a checkpoint in a folder after every so many optimizer steps, when it is stopped, and at
     * the end. The same training started again goes on from there, in this JVM or another, and ends with the same numbers,
     * bit for bit, as one that was never interrupted. Costs writing the trained numbers and their moments, three times
     * the adapter's size, each time.
     */
    public Training checkpoints(Path folder, int everySteps) {
        requireAtLeast("everySteps", everySteps, 1);
        Training changed = new Training(this);
        changed.checkpoints = Optional.of(folder);
        changed.checkpointsEvery = everySteps;
        return changed;
    }

    /**
     * Returns this training that also saves the adapter as it then is, after every so many optimizer steps and at the end,
     * each as a stock PEFT folder {@code step-N} for {@link Adapter#load}: to see how it came to be. Nothing is trained from
     * them; {@link #checkpoints} is for going on.
     *
     * @param folder is made where it is not there; a {@code step-N} in it that is an adapter is replaced
     */
    public Training snapshots(Path folder, int everySteps) {
        requireAtLeast("everySteps", everySteps, 1);
        Training changed = new Training(this);
        changed.snapshots = Optional.of(folder);
        changed.snapshotsEvery = everySteps;
        return changed;
    }

    Optional<Path> snapshots() {
        return snapshots;
    }

    int snapshotsEvery() {
        return snapshotsEvery;
    }

    Optional<Path> checkpoints() {
        return checkpoints;
    }

    int checkpointsEvery() {
        return checkpointsEvery;
    }

    int epochs() {
        return epochs;
    }

    int batchSize() {
        return batchSize;
    }

    int accumulation() {
        return accumulation;
    }

    double weightDecay() {
        return weightDecay;
    }

    double clip() {
        return clip;
    }

    double loraPlus() {
        return loraPlus;
    }

    int maxTokens() {
        return maxTokens;
    }

    long seed() {
        return seed;
    }

    boolean baseDropout() {
        return baseDropout;
    }

    boolean gradientCheckpointing() {
        return gradientCheckpointing;
    }

    Optional<Split> evaluated() {
        return evaluated;
    }

    int evaluatedEvery() {
        return evaluatedEvery;
    }

    int warmupSteps(int steps) {
        return (int) Math.ceil(steps * warmup);
    }

    /** Returns the learning rate of an optimizer step, counted from 0, in a run of that many steps. */
    public double learningRate(int step, int steps) {
        return learningRate * schedule.factor(step, warmupSteps(steps), steps);
    }

    Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("epochs", String.valueOf(epochs));
        settings.put("batch size", String.valueOf(batchSize));
        settings.put("accumulation", String.valueOf(accumulation));
        settings.put("learning rate", String.valueOf(learningRate));
        settings.put("schedule", schedule.name().toLowerCase(Locale.ROOT));
        settings.put("warm-up", String.valueOf(warmup));
        settings.put("weight decay", String.valueOf(weightDecay));
        settings.put("clip", String.valueOf(clip));
        if (loraPlus != 1) {
            settings.put("LoRA+ ratio", String.valueOf(loraPlus));
        }
        settings.put("max tokens", maxTokens == Integer.MAX_VALUE ? "model's limit" : String.valueOf(maxTokens));
        settings.put("base dropout", baseDropout ? "on" : "off");
        if (gradientCheckpointing) {
            settings.put("gradient checkpointing", "on");
        }
        settings.put("seed", String.valueOf(seed));
        return settings;
    }

    /** Returns the expression that makes this value, without where it is kept on the way. */
    String steps() {
        return new Training(this).without().recipe();
    }

    private Training without() {
        checkpoints = Optional.empty();
        snapshots = Optional.empty();
        return this;
    }

    /** Returns the expression that makes this value. */
    String recipe() {
        StringBuilder text = new StringBuilder("Training.standard()");
        text.append(".epochs(")
                .append(epochs)
                .append(").batchSize(")
                .append(batchSize)
                .append(')');
        if (accumulation != 1) {
            text.append(".accumulation(").append(accumulation).append(')');
        }
        text.append(".learningRate(").append(learningRate).append(')');
        if (schedule != Schedule.LINEAR) {
            text.append(".schedule(Schedule.").append(schedule).append(')');
        }
        text.append(".warmup(")
                .append(warmup)
                .append(").weightDecay(")
                .append(weightDecay)
                .append(')');
        if (clip != 1) {
            text.append(".clip(").append(clip).append(')');
        }
        if (loraPlus != 1) {
            text.append(".loraPlus(").append(loraPlus).append(')');
        }
        if (maxTokens != Integer.MAX_VALUE) {
            text.append(".maxTokens(").append(maxTokens).append(')');
        }
        if (!baseDropout) {
            text.append(".baseDropout(false)");
        }
        if (gradientCheckpointing) {
            text.append(".gradientCheckpointing(true)");
        }
        evaluated.ifPresent(split -> text.append(".evaluate(")
                .append(split.recipe())
                .append(", ")
                .append(evaluatedEvery)
                .append(')'));
        checkpoints.ifPresent(folder -> text.append(".checkpoints").append(place(folder, checkpointsEvery)));
        snapshots.ifPresent(folder -> text.append(".snapshots").append(place(folder, snapshotsEvery)));
        return text.append(".seed(").append(seed).append(')').toString();
    }

    private static String place(Path folder, int every) {
        return "(" + Home.code(folder) + ", " + every + ")";
    }

    private static void requireAtLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " must be at least " + least + "; got " + value);
        }
    }

    private static void requireFinite(String name, double value) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + " must be a number of at least 0; got " + value);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Training t && recipe().equals(t.recipe());
    }

    @Override
    public int hashCode() {
        return recipe().hashCode();
    }

    @Override
    public String toString() {
        return recipe();
    }
}
