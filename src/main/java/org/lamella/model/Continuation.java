// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.List;
import java.util.Locale;
import org.lamella.base.Listing;
import tech.tablesaw.api.Table;

/**
 * What a model wrote after a prompt.
 *
 * @param prompt the text it goes on from
 * @param text what was written
 * @param tokens its tokens by number; the one that ended it is left out
 * @param end why it ended
 * @param seconds from the start of its batch to its end
 */
public record Continuation(String prompt, String text, List<Long> tokens, End end, double seconds) implements Listing {

    /** Why a model stopped writing. */
    public enum End {
        /** It wrote a token that says so. */
        END_TOKEN("end token"),
        /** It wrote one of the texts it was to stop at. */
        STOP("stop string"),
        /** It wrote as many tokens as it was asked for at most. */
        MAX_TOKENS("maxTokens"),
        /** Prompt and continuation are as long as the model takes texts. */
        CONTEXT_FULL("context full"),
        /** The person stopped it. */
        STOPPED("stopped");

        private final String words;

        End(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /** Copies the tokens. */
    public Continuation {
        tokens = List.copyOf(tokens);
    }

    /** Returns the tokens written a second, of this text alone. */
    public double tokensPerSecond() {
        return seconds > 0 ? tokens.size() / seconds : 0;
    }

    /** Returns one row: prompt, text, why it ended, tokens, seconds, tokens a second. */
    @Override
    public Table table() {
        return new Continuations(List.of(this), List.of(), seconds).table();
    }

    /** Returns the text, and what should be known of it. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s%n(%d tokens, %.1f/s, %s)", text, tokens.size(), tokensPerSecond(), end);
    }
}
