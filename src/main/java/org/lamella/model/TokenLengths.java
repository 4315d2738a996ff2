// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.lamella.data.Card;
import org.lamella.data.Example;
import org.lamella.data.TextLengths;

/** Counts the tokens that a model's own tokenizer makes of a text. */
final class TokenLengths implements TextLengths {

    private final Tokenizer tokenizer;
    private final int limit;

    TokenLengths(Tokenizer tokenizer, int limit) {
        this.tokenizer = tokenizer;
        this.limit = limit;
    }

    @Override
    public String name() {
        return "tokens";
    }

    @Override
    public int limit() {
        return limit;
    }

    @Override
    public int[] tokens(List<Example> examples) {
        return tokenizer.encode(examples, Integer.MAX_VALUE).stream()
                .mapToInt(Tokens::uncut)
                .toArray();
    }

    /** Finds the tokenizer of a model that has been fetched: the service that lets a task's summary count tokens. */
    public static final class OfFetchedModels implements TextLengths.Provider {

        /** Made by the service loader. */
        public OfFetchedModels() {}

        @Override
        public Optional<TextLengths> find(String modelName) {
            Card card = Card.model(modelName);
            if (!card.installed()) {
                return Optional.empty();
            }
            Path folder = card.folder();
            Architecture architecture = Architecture.of(Config.load(folder));
            if (architecture.sees().isPresent()) {
                return Optional.empty();
            }
            return Optional.of(new TokenLengths(Tokenizer.load(folder).within(architecture), architecture.limit()));
        }
    }
}
