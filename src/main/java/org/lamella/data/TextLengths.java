// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import java.util.List;
import java.util.Optional;

/** Counts how long examples are for a model, so that a summary can say what the model will cut. */
public interface TextLengths {

    /** Returns what is counted, in the plural, for instance {@code tokens}: it names the columns of a summary. */
    String name();

    /** Returns the most that fits; {@link Integer#MAX_VALUE} when nothing is ever cut. */
    int limit();

    /** Returns the length of each example before anything is cut, special tokens included, in their order. */
    int[] tokens(List<Example> examples);

    /** Finds the lengths that go with a model; a service, so that this room need not know any model. */
    interface Provider {

        /** Returns the lengths that the named model counts, or nothing when it is not known or not fetched. */
        Optional<TextLengths> find(String modelName);
    }
}
