// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.List;

/**
 * The matrices between the state that the head reads and its answer, in order: the frozen ones first.
 *
 * @param frozen those that the checkpoint brings
 * @param trained those that a training makes
 * @param numbers how many numbers the trained part has, biases included
 */
public record HeadShape(List<LinearModule> frozen, List<LinearModule> trained, long numbers) {

    /** Copies both lists. */
    public HeadShape {
        frozen = List.copyOf(frozen);
        trained = List.copyOf(trained);
    }
}
