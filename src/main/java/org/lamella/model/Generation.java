// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import com.google.gson.Gson;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.lamella.base.Seed;

/**
 * How a model writes: always the likeliest token, or a drawn one; how long, and where it stops.
 *
 * <p>{@code Generation.greedy().maxTokens(128)}, {@code Generation.sampling(1).temperature(0.7).topP(0.9).stop("\n\n")}.
 *
 * @param sampling how tokens are drawn; empty for the likeliest
 * @param maxTokens the most tokens that are written
 * @param stop texts each of which ends the writing; they are left out of it
 * @param batchSize how many prompts are continued together; what is written does not depend on it
 */
public record Generation(Optional<Sampling> sampling, int maxTokens, List<String> stop, int batchSize) {

    /**
     * How tokens are drawn. What is drawn for a prompt depends on the seed and the prompt's place in its list alone.
     *
     * @param seed where chance begins
     * @param temperature by which logits are divided, above 0: the lower, the likelier the likeliest; the lowest there are
     *     take it as {@link #greedy()} does
     * @param topP the probability that the likeliest tokens have together, of which one is drawn; 1 for all
     * @param topK how many of the likeliest tokens there are to draw from; 0 for all
     */
    public record Sampling(Seed seed, double temperature, double topP, int topK) {

        /** Checks the numbers. */
        public Sampling {
            if (!(temperature > 0 && temperature < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("temperature must be above 0; got " + temperature
                        + (temperature == 0 ? ": Generation.greedy() takes the likeliest" : ""));
            }
            if (!(topP > 0 && topP <= 1)) {
                throw new IllegalArgumentException("topP must be above 0 and at most 1; got " + topP);
            }
            if (topK < 0) {
                throw new IllegalArgumentException("topK must be at least 1, or 0 for all tokens; got " + topK);
            }
        }
    }

    /** Copies the texts and checks the numbers. */
    public Generation {
        stop = List.copyOf(stop);
        if (maxTokens < 1) {
            throw new IllegalArgumentException("maxTokens must be at least 1; got " + maxTokens);
        }
        if (batchSize < 1) {
            throw new IllegalArgumentException("batchSize must be at least 1; got " + batchSize);
        }
        if (stop.contains("")) {
            throw new IllegalArgumentException("stop must name texts of at least one character; got "
                    + stop.stream().map(text -> "\"" + text + "\"").toList());
        }
    }

    /** Returns: the likeliest token each time, at most 256 of them, 16 prompts together. */
    public static Generation greedy() {
        return new Generation(Optional.empty(), 256, List.of(), 16);
    }

    /** Returns: tokens drawn as the model has their probabilities, else as {@link #greedy()}. */
    public static Generation sampling(long seed) {
        return greedy().with(new Sampling(new Seed(seed), 1, 1, 0));
    }

    /** Returns this with logits divided by a temperature, above 0; only of {@link #sampling(long)}. */
    public Generation temperature(double temperature) {
        Sampling now = drawing("temperature");
        return with(new Sampling(now.seed(), temperature, now.topP(), now.topK()));
    }

    /** Returns this with draws from the likeliest tokens that have this probability together; only of {@link #sampling(long)}. */
    public Generation topP(double probability) {
        Sampling now = drawing("topP");
        return with(new Sampling(now.seed(), now.temperature(), probability, now.topK()));
    }

    /** Returns this with draws from so many of the likeliest tokens; only of {@link #sampling(long)}. */
    public Generation topK(int tokens) {
        Sampling now = drawing("topK");
        return with(new Sampling(now.seed(), now.temperature(), now.topP(), tokens));
    }

    /** Returns this writing at most so many tokens. */
    public Generation maxTokens(int tokens) {
        return new Generation(sampling, tokens, stop, batchSize);
    }

    /** Returns this ending where one of these texts has been written, in place of those before; it is left out. */
    public Generation stop(String... texts) {
        return new Generation(sampling, maxTokens, Arrays.asList(texts), batchSize);
    }

    /** Returns this continuing so many prompts together. */
    public Generation batchSize(int prompts) {
        return new Generation(sampling, maxTokens, stop, prompts);
    }

    /** Returns the expression that makes it, for instance {@code Generation.greedy().maxTokens(128)}. */
    @Override
    public String toString() {
        Generation plain = greedy();
        StringBuilder text = new StringBuilder(sampling.map(drawing -> "Generation.sampling("
                        + drawing.seed().value() + ")"
                        + (drawing.temperature() == 1 ? "" : ".temperature(" + drawing.temperature() + ")")
                        + (drawing.topP() == 1 ? "" : ".topP(" + drawing.topP() + ")")
                        + (drawing.topK() == 0 ? "" : ".topK(" + drawing.topK() + ")"))
                .orElse("Generation.greedy()"));
        if (maxTokens != plain.maxTokens) {
            text.append(".maxTokens(").append(maxTokens).append(")");
        }
        if (!stop.isEmpty()) {
            String list = new Gson().toJson(stop);
            text.append(".stop(").append(list, 1, list.length() - 1).append(")");
        }
        if (batchSize != plain.batchSize) {
            text.append(".batchSize(").append(batchSize).append(")");
        }
        return text.toString();
    }

    private Generation with(Sampling drawing) {
        return new Generation(Optional.of(drawing), maxTokens, stop, batchSize);
    }

    private Sampling drawing(String what) {
        return sampling.orElseThrow(() -> new IllegalStateException(
                what + " must be asked of Generation.sampling(seed); got Generation.greedy(), which draws nothing"));
    }
}
