// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** One text while it is written. */
final class Draft {

    private static final int LOOK_BACK = 8; // tokens

    private final Tokenizer tokenizer;
    private final String prompt;
    private final Tokens tokens;
    private final Generation generation;
    private final int most;
    private final SplittableRandom random;
    private final long[] last; // of the prompt, some tokens
    private final String before; // their text
    private final List<Long> written = new ArrayList<>();
    private Continuation.@Nullable End end;
    private double seconds;

    /**
     * Begins a text.
     *
     * @param context the tokens that the model takes, prompt included
     * @param number the prompt's place in its list
     */
    Draft(Tokenizer tokenizer, String prompt, Tokens tokens, Generation generation, int context, int number) {
        this.tokenizer = tokenizer;
        this.prompt = prompt;
        this.tokens = tokens;
        this.generation = generation;
        most = Math.min(generation.maxTokens(), context - tokens.length());
        random = generation
                .sampling()
                .map(sampling -> sampling.seed().child("continuation", number).random())
                .orElseGet(() -> new SplittableRandom(0));
        // some tokenizers write a space only before a word that follows another
        int seen = Math.min(LOOK_BACK, tokens.length());
        last = LongStream.range(tokens.length() - seen, tokens.length())
                .map(t -> tokens.id((int) t))
                .toArray();
        before = tokenizer.decode(last);
    }

    Tokens prompt() {
        return tokens;
    }

    /** Returns how many tokens prompt and continuation have. */
    int length() {
        return tokens.length() + written.size();
    }

    /** Returns how many tokens prompt and continuation may have. */
    int most() {
        return tokens.length() + most;
    }

    /** Returns the next number of this text's own chance. */
    double draw() {
        return random.nextDouble();
    }

    boolean ended() {
        return end != null;
    }

    /** Adds a token and ends the text where that is due. */
    void add(long token) {
        if (tokenizer.ends().contains(token)) {
            end = Continuation.End.END_TOKEN;
            return;
        }
        written.add(token);
        if (stopped()) {
            end = Continuation.End.STOP;
        } else if (written.size() >= most) {
            end = most < generation.maxTokens() ? Continuation.End.CONTEXT_FULL : Continuation.End.MAX_TOKENS;
        }
    }

    private boolean stopped() {
        return !generation.stop().isEmpty() && generation.stop().stream().anyMatch(decoded()::contains);
    }

    /** Returns what has been written, up to a text at which it was to stop. */
    String text() {
        String text = decoded();
        int stop = generation.stop().stream()
                .mapToInt(text::indexOf)
                .filter(place -> place >= 0)
                .min()
                .orElse(text.length());
        return text.substring(0, stop);
    }

    private String decoded() {
        if (written.isEmpty()) {
            return "";
        }
        long[] own = written.stream().mapToLong(Long::longValue).toArray();
        String all = tokenizer.decode(
                LongStream.concat(LongStream.of(last), LongStream.of(own)).toArray());
        return all.startsWith(before) ? all.substring(before.length()) : tokenizer.decode(own);
    }

    /** Notes when the text ended, counted from the start of its batch. */
    void endedAfter(double time) {
        seconds = time;
    }

    Continuation continuation() {
        return new Continuation(prompt, text(), written, end == null ? Continuation.End.STOPPED : end, seconds);
    }
}
