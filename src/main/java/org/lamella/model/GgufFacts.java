// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.lamella.base.FormatException;
import org.lamella.base.Names;
import org.lamella.tensor.Gguf;

/**
 * A GGUF file's metadata, asked strictly: what must be there and is not is an error that names it. Keys of the
 * architecture are asked for without its name.
 */
final class GgufFacts {

    /** The architectures that are read, as llama.cpp calls them; Mistral's models are llama there. */
    static final List<String> ARCHITECTURES = List.of("gemma", "gemma2", "llama", "qwen2");

    private final String file;
    private final Gguf gguf;
    private final String architecture;

    private GgufFacts(String file, Gguf gguf, String architecture) {
        this.file = file;
        this.gguf = gguf;
        this.architecture = architecture;
    }

    static GgufFacts of(String file, Gguf gguf) {
        String architecture = gguf.text("general.architecture")
                .orElseThrow(() -> new FormatException(file, "general.architecture must be there; it is not"));
        if (!ARCHITECTURES.contains(architecture)) {
            throw new FormatException(
                    file,
                    "general.architecture must be one of " + ARCHITECTURES + "; got \"" + Names.shortened(architecture)
                            + "\"" + Names.didYouMean(architecture, ARCHITECTURES));
        }
        long parts = gguf.whole("split.count").orElse(1);
        if (parts > 1) {
            throw new FormatException(
                    file,
                    "split.count must be 1; got " + parts
                            + ": llama.cpp's llama-gguf-split --merge makes one file of the parts");
        }
        return new GgufFacts(file, gguf, architecture);
    }

    Gguf gguf() {
        return gguf;
    }

    String architecture() {
        return architecture;
    }

    /** Returns a positive whole number that must be there. */
    int count(String key) {
        return count(key, whole(key).orElseThrow(() -> missing(key)));
    }

    /** Returns a positive number that must be there. */
    double positive(String key) {
        return positive(key, number(key).orElseThrow(() -> missing(key)));
    }

    private FormatException missing(String key) {
        return problem(key(key) + " must be there; it is not");
    }

    /** Returns a positive whole number. */
    int count(String key, long otherwise) {
        long value = whole(key).orElse(otherwise);
        if (value < 1 || value > Integer.MAX_VALUE) {
            throw problem(key(key) + " must be 1 to " + Integer.MAX_VALUE + "; got " + value);
        }
        return (int) value;
    }

    OptionalLong whole(String key) {
        return gguf.whole(key(key));
    }

    OptionalDouble number(String key) {
        OptionalDouble value = gguf.number(key(key));
        value.ifPresent(given -> {
            if (!Double.isFinite(given)) {
                throw problem(key(key) + " must be finite; got " + given);
            }
        });
        return value;
    }

    /** Returns a positive number. */
    double positive(String key, double otherwise) {
        double value = number(key).orElse(otherwise);
        if (!(value > 0)) {
            throw problem(key(key) + " must be positive; got " + value);
        }
        return value;
    }

    /** Returns how a key of the architecture is written. */
    String key(String key) {
        return architecture + "." + key;
    }

    FormatException problem(String problem) {
        return new FormatException(file, problem);
    }
}
